"""A delivery that should not have been accepted is taken out of its dataset; what was known before stays readable."""

from typing import Final

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.intake.contracts import contract_of
from vamco.intake.models import OPEN_STATES, Delivery, State
from vamco.intake.receiving import scope_of
from vamco.vocabulary.errors import Misused, Refused
from vamco.vocabulary.text import nfc
from vamco.warehouse import ledger
from vamco.warehouse.models import LedgerEntry

_LONGEST_REASON: Final = 500


def withdraw(actor: Actor, delivery: Delivery, why: str) -> Delivery:
    """Take the delivery's rows out of the dataset from now on; its period then counts as not received.

    Raises `Misused` without a reason of at most 500 characters, `Refused` when the delivery is being
    checked or nothing of it is in use, and `Forbidden`.
    """
    scope = scope_of(contract_of(delivery.contract_id))
    with action(actor, "delivery.withdraw", f"delivery:{delivery.pk}", scope) as details:
        reason = _reason(why)
        locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
        entries = _live_entries(locked)
        locked.state, locked.withdrawn_at, locked.withdrawn_why = State.WITHDRAWN, timezone.now(), reason
        locked.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])
        details |= {"why": reason, "n_rows": sum(entry.n_rows for entry in entries)}
        ledger.supersede(locked.contract_id, [entry.seq for entry in entries], why="withdrawn")
    return locked


def _reason(why: str) -> str:
    reason = " ".join(nfc(why).split())
    if not 0 < len(reason) <= _LONGEST_REASON:
        raise Misused("intake.withdrawn_why", limit=_LONGEST_REASON)
    return reason


def _live_entries(delivery: Delivery) -> list[LedgerEntry]:
    if delivery.state in OPEN_STATES:
        raise Refused("intake.still_checking", delivery=delivery.pk)
    held = LedgerEntry.objects.filter(dataset_id=delivery.contract_id, delivery_id=delivery.pk)
    live = list(held.filter(superseded_seq__isnull=True))
    if not live:
        raise Refused("intake.nothing_in_use", delivery=delivery.pk)
    return live
