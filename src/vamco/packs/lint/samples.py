"""The sample deliveries of a pack: small CSV files that say in their first line that they are made up."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vamco.packs.contract import Contract
from vamco.packs.lint.rulebook import PackInFiles
from vamco.vocabulary.text import fold

LABEL: Final = "mô phỏng"
DIRTY: Final = ".dirty"


def sample_files(pack: PackInFiles, contract: Contract) -> Iterator[Path]:
    """The samples of a contract: `samples/<dataset>.csv` and `samples/<dataset>.<what>.csv`."""
    dataset = contract.id.removeprefix(f"{contract.pack}.")
    for path in sorted((pack.folder / "samples").glob("*.csv")):
        if path.name.partition(".")[0] == dataset:
            yield path


def is_labelled(path: Path) -> bool:
    """Whether the first line says that the file is made up."""
    return fold(LABEL) in fold(path.read_text("utf-8-sig", errors="replace").partition("\n")[0])


def header_of(path: Path) -> tuple[str, ...]:
    """The header: the first line after the label."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        return tuple(next(rows, ()))
