"""Restatement: a later delivery for the same contract and period takes the place of the earlier one."""

from vamco.intake.models import Delivery
from vamco.warehouse.models import LedgerEntry


def restated_by(delivery: Delivery) -> list[LedgerEntry]:
    """The live ledger entries that the delivery takes the place of; those of its own parts stay."""
    live = LedgerEntry.objects.filter(
        dataset_id=delivery.contract_id, period=delivery.period, superseded_seq__isnull=True
    )
    return list(live.exclude(delivery_id=delivery.pk).order_by("seq"))
