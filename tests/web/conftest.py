"""What the pages need of the outside: compiled translations, and maps that do not take a second each."""

from collections.abc import Iterator

import pytest

from vamco.geography.schematic.layout import Schematic, Tile
from vamco.web.bundle import compile_translations
from vamco.web.units import drawing
from vamco.web.wall import snapshot

N_QUICK = 100  # tiles that are laid out in a fifth of a second


@pytest.fixture(autouse=True, scope="session")
def translations() -> None:
    compile_translations()


@pytest.fixture(autouse=True, scope="session")
def quick_maps() -> Iterator[None]:
    """The maps of 280 old communes are laid out in one row: their layout is tested with geography."""
    lay_out = drawing.lay_out

    def quick(places):
        if len(places) <= N_QUICK:
            return lay_out(places)
        return Schematic(tuple(Tile(key, (0, n), n, 0.0) for n, key in enumerate(sorted(places))), 1.0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "lay_out", quick)
        yield


@pytest.fixture(autouse=True, scope="session")
def still_walls() -> Iterator[None]:
    """Nothing reads figures behind the scenes of a test, where there is no database; tests of that say so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "_LOOKS_EVERY", float("inf"))
        yield
