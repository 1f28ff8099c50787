"""The packs that come with the program, loaded once for a whole run: most of a second is the standard's form."""

from functools import cache
from pathlib import Path

from vamco.packs.loading import load_packs
from vamco.packs.pack import Packs

FOLDER = Path(__file__).parents[2] / "packs"


@cache
def shipped_packs() -> Packs:
    return load_packs(FOLDER)
