"""The contracts of this installation, loaded once in a process."""

from functools import cache
from pathlib import Path

from django.conf import settings

from vamco.packs.contract import Contract
from vamco.packs.loading import load_packs
from vamco.packs.pack import Packs


def packs() -> Packs:
    """All packs of the setting VAMCO_PACKS_DIR."""
    return _loaded(Path(settings.PACKS_DIR))


def contract_of(contract_id: str) -> Contract:
    """The contract `<pack>.<dataset>`. Raises `NotFound`."""
    return packs().contract(contract_id)


@cache
def _loaded(folder: Path) -> Packs:
    return load_packs(folder)
