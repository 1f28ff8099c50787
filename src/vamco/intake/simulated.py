"""Which data is made up: whatever was delivered as simulated."""

from collections.abc import Iterable

from vamco.intake.models import ACCEPTED_STATES, Delivery


def holds_simulated(contract_ids: Iterable[str]) -> bool:
    """Whether one of those datasets now holds rows that were made up."""
    live = Delivery.objects.filter(
        contract_id__in=contract_ids, state__in=ACCEPTED_STATES, superseded_by=None
    )
    return live.filter(is_simulated=True).exists()
