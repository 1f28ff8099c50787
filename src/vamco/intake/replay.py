"""Corrected rejects that come back become a further part of the same delivery."""

from typing import IO

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.intake.contracts import contract_of
from vamco.intake.deciding import open_rejects
from vamco.intake.models import ACCEPTED_STATES, OPEN_STATES, Delivery, Part, State
from vamco.intake.raw_store import keep
from vamco.intake.receiving import add_part, clean_name, scope_of
from vamco.intake.whole import latest_readable
from vamco.vocabulary.errors import Refused


def replay(actor: Actor, delivery: Delivery, stream: IO[bytes], filename: str) -> Part:
    """Keep the corrected rows as the delivery's next part, which then waits to be checked.

    The same bytes twice are one part. Raises `Refused` when the delivery is being checked, was
    restated, was refused as a whole, or has no refused rows, and `Forbidden`.
    """
    contract = contract_of(delivery.contract_id)
    actor.require("delivery.replay", scope_of(contract))
    _require_open(delivery)
    kept = keep(stream)
    known = delivery.parts.filter(sha256=kept.sha256).first()
    if known is not None:
        return known
    with action(actor, "delivery.replay", f"delivery:{delivery.pk}", scope_of(contract)) as details:
        locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
        _require_open(locked)
        part = add_part(locked, locked.parts.count() + 1, kept, clean_name(filename), actor)
        locked.state, locked.attempts = State.RECEIVED, 0
        locked.save(update_fields=["state", "attempts"])
        details |= {"part": part.number, "sha256": kept.sha256, "n_bytes": kept.n_bytes}
    return part


def _require_open(delivery: Delivery) -> None:
    if delivery.state in OPEN_STATES:
        raise Refused("intake.still_checking", delivery=delivery.pk)
    if delivery.state == State.WITHDRAWN:
        raise Refused("intake.was_withdrawn", delivery=delivery.pk, withdrawn=delivery.pk)
    later = delivery.superseded_by.first()
    if later is not None:
        raise Refused("intake.restated_meanwhile", delivery=delivery.pk, later=later.pk)
    latest = latest_readable(delivery)
    if latest is not None and latest.part.number == 1 and latest.report["is_refused_whole"]:
        raise Refused("intake.refused_whole", delivery=delivery.pk)
    if delivery.state not in (*ACCEPTED_STATES, State.REJECTED) or open_rejects(delivery) is None:
        raise Refused("intake.nothing_to_correct", delivery=delivery.pk)
