"""Which data is made up: whatever came in with the bytes of a pack's sample."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

from vamco.intake.models import ACCEPTED_STATES, Delivery


def is_simulated(delivery: Delivery) -> bool:
    """Whether the delivery began with the bytes of a sample."""
    return delivery.sha256 in _samples(Path(settings.PACKS_DIR))


def holds_simulated(contract_ids: Iterable[str]) -> bool:
    """Whether one of those datasets now holds rows of a sample."""
    live = Delivery.objects.filter(
        contract_id__in=contract_ids, state__in=ACCEPTED_STATES, superseded_by=None
    )
    return live.filter(sha256__in=_samples(Path(settings.PACKS_DIR))).exists()


@cache
def _samples(packs_folder: Path) -> frozenset[str]:
    """SHA-256 of every sample of the packs."""
    files = (path for path in packs_folder.glob("*/samples/*") if path.is_file())
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
