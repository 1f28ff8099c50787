"""Restatement: a later delivery for the same contract and period takes the place of the earlier one."""

from collections.abc import Iterator

from vamco.intake.checking.fault import Fault
from vamco.intake.models import Delivery
from vamco.packs.contract import Strictness
from vamco.warehouse.models import LedgerEntry


def restated_by(delivery: Delivery) -> list[LedgerEntry]:
    """The live ledger entries that the delivery takes the place of; those of its own parts stay."""
    live = LedgerEntry.objects.filter(
        dataset_id=delivery.contract_id, period=delivery.period, superseded_seq__isnull=True
    )
    return list(live.exclude(delivery_id=delivery.pk).order_by("seq"))


def shrinking(delivery: Delivery, n_accepted: int) -> Iterator[Fault]:
    """What to warn of when so many accepted rows take the place of more than twice as many."""
    entries = restated_by(delivery)
    n_before = sum(entry.n_rows for entry in entries)
    if 2 * n_accepted < n_before:
        yield Fault(
            "restatement_shrinks" if n_accepted else "restatement_empties",
            "constraint-error",
            strictness=Strictness.WARNING,
            dimension=None,
            details={
                "n_before": n_before,
                "n_now": n_accepted,
                "deliveries": sorted({entry.delivery_id for entry in entries}),
            },
        )
