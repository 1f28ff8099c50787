"""The indicators of this installation, loaded once in a process."""

from functools import cache
from pathlib import Path

from django.conf import settings

from vamco.packs.indicator import Indicator
from vamco.packs.loading import load_packs
from vamco.packs.pack import Packs


def packs() -> Packs:
    """All packs of the setting VAMCO_PACKS_DIR."""
    return _loaded(Path(settings.PACKS_DIR))


def indicator_of(indicator_id: str) -> Indicator:
    """The indicator `<pack>.<name>`. Raises `NotFound`, which lists those of the pack."""
    return packs().indicator(indicator_id)


@cache
def _loaded(folder: Path) -> Packs:
    return load_packs(folder)
