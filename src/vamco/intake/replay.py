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

    The same bytes twice are one part; where that could not be read it will be checked once more. Raises `Refused` when the delivery is being checked, was
    restated, was refused as a whole, or has no refused rows, when the bytes are those of its first file or
    of an unread part that others followed, and `Forbidden`.
    """
    contract = contract_of(delivery.contract_id)
    actor.require("delivery.replay", scope_of(contract))
    _require_open(delivery)
    kept = keep(stream)
    known = delivery.parts.filter(sha256=kept.sha256).first()
    if known is not None:
        return _again(actor, known)
    with action(actor, "delivery.replay", f"delivery:{delivery.pk}", scope_of(contract)) as details:
        locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
        _require_open(locked)
        part = add_part(locked, locked.parts.count() + 1, kept, clean_name(filename), actor)
        _wait(locked)
        details |= {"part": part.number, "sha256": kept.sha256, "n_bytes": kept.n_bytes}
    return part


def _again(actor: Actor, known: Part) -> Part:
    """A part that was sent before: nothing to do where it was read, else another try or the reason why not."""
    delivery = known.delivery
    if known.number == 1:
        raise Refused("intake.first_file_again", delivery=delivery.pk)
    if known.receipts.latest("id").outcome != State.UNREADABLE:
        return known
    scope = scope_of(contract_of(delivery.contract_id))
    with action(actor, "delivery.replay", f"delivery:{delivery.pk}", scope) as details:
        locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
        _require_open(locked)
        if locked.parts.count() > known.number:
            raise Refused("intake.unread_part_again", delivery=delivery.pk, part=known.number)
        _wait(locked)
        details |= {"part": known.number, "again": True}
    return known


def _wait(delivery: Delivery) -> None:
    """Let the latest part wait for its check."""
    delivery.state, delivery.attempts = State.RECEIVED, 0
    delivery.save(update_fields=["state", "attempts"])


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
