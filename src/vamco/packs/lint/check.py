"""Checking a pack: first the form of its files, then, where that is right, every rule."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from vamco.packs.finding import Finding
from vamco.packs.lint import (  # noqa: F401  entering their rules
    alert_rules,
    contract_rules,
    indicator_rules,
    maturity_rules,
    pack_rules,
    procedure_rules,
)
from vamco.packs.lint.rulebook import PackInFiles, breaches
from vamco.packs.loading import load_pack, pack_folders, pack_from, read_files
from vamco.packs.pack import Pack, Packs
from vamco.vocabulary.errors import Refused


def check_pack(folder: Path, agencies: Collection[str] | None = None) -> list[Finding]:
    """What is wrong in the pack, in order of file and line; `agencies` are those of the province, if known."""
    try:
        return sorted(_findings(folder, agencies))
    except Refused as error:
        file, line = Path(error.details["file"]), int(error.details["line"])
        return [Finding(file, line, "is-yaml", error.key, error.details)]


def _findings(folder: Path, agencies: Collection[str] | None) -> Iterator[Finding]:
    files = read_files(folder)
    misshapen = list(files.misshapen())
    if misshapen:
        yield from misshapen
        return
    pack = pack_from(files)
    yield from breaches(PackInFiles(pack, files, Packs((pack, *_neighbours(folder))), agencies))


def _neighbours(folder: Path) -> Iterator[Pack]:
    """The packs beside this one that can be loaded; what is wrong in them is said of them."""
    for other in pack_folders(folder.parent):
        if other.name != folder.name:
            with suppress(Refused):
                yield load_pack(other)
