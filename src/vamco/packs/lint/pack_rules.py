"""Rules on a pack's files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from vamco.packs.contract import Contract, Drift
from vamco.packs.document import Way
from vamco.packs.heading import match_headings
from vamco.packs.lint.rulebook import Breach, PackInFiles, file_rule, pack_rule
from vamco.packs.lint.samples import LABEL, header_of, is_labelled, sample_files
from vamco.vocabulary.text import fold

Place = tuple[Path, int, dict[str, Any]]

KNOWN_FILES: Final = {
    *("pack.yaml", "README.md", "contracts", "indicators", "alerts", "procedures"),
    *("page.yaml", "locale", "samples", "tests"),
}


@pack_rule
def slug_is_the_folder(pack: PackInFiles) -> Iterator[Breach]:
    """The slug of a pack is the name of its folder."""
    if pack.pack.slug != pack.folder.name:
        yield ("slug",), {"wanted": pack.folder.name}


@file_rule
def files_have_fixed_names(pack: PackInFiles) -> Iterator[Place]:
    """A pack holds only files and folders whose names have a meaning."""
    for path in sorted(pack.folder.iterdir()):
        if path.name not in KNOWN_FILES and not path.name.startswith((".", "__")):
            yield path, 1, {"name": path.name, "names": sorted(KNOWN_FILES)}
    for path in sorted((pack.folder / "contracts").glob("*")):
        if not path.name.endswith(".odcs.yaml"):
            yield path, 1, {"name": path.name, "names": ["*.odcs.yaml"]}


@file_rule
def samples_say_they_are_made_up(pack: PackInFiles) -> Iterator[Place]:
    """A sample says in its first line, and the samples' README says too, that the figures are made up."""
    folder = pack.folder / "samples"
    if not folder.is_dir():
        return
    readme = folder / "README.md"
    if not readme.is_file() or fold(LABEL) not in fold(readme.read_text("utf-8")):
        yield readme, 1, {"label": LABEL}
    for path in sorted(folder.glob("*.csv")):
        if not is_labelled(path):
            yield path, 1, {"label": LABEL}


@file_rule
def samples_belong_to_a_contract(pack: PackInFiles) -> Iterator[Place]:
    """A sample is a CSV file named after the dataset it is a delivery of."""
    owned = {path for placed in pack.contracts for path in sample_files(pack, placed.contract)}
    for path in sorted((pack.folder / "samples").glob("*")):
        if path not in owned and path.name != "README.md":
            yield path, 1, {"name": path.name}


@file_rule
def samples_have_the_right_header(pack: PackInFiles) -> Iterator[Place]:
    """The header of a sample has every required column once, and nothing that the contract refuses."""
    for placed in pack.contracts:
        for path in sample_files(pack, placed.contract):
            for header in _wrong_headers(placed.contract, header_of(path)):
                yield path, 2, {"header": header}


def _wrong_headers(contract: Contract, header: tuple[str, ...]) -> Iterator[str]:
    matching = match_headings(contract, header)
    yield from matching.disputed
    for column in contract.columns:
        if column.required and column.name not in {*matching.place_of, *matching.disputed}:
            yield column.title.vi
    if contract.drift is not Drift.DISCARD_VALUE and contract.drift is not Drift.EVOLVE:
        yield from (header[place] for place in matching.unknown)


@file_rule
def agencies_are_registered(pack: PackInFiles) -> Iterator[Place]:
    """The agencies that a pack names are in the province's register of agencies."""
    if pack.agencies is None:
        return
    if pack.pack.agency not in pack.agencies:
        yield pack.described.path, pack.described.line("agency"), {"agency": pack.pack.agency}
    for placed in pack.contracts:
        if placed.contract.agency not in pack.agencies:
            line = placed.document.line(*placed.way_to_custom("agency"))
            yield placed.document.path, line, {"agency": placed.contract.agency}
    for indicator, document in pack.indicators:
        if indicator.agency not in pack.agencies:
            yield document.path, document.line("agency"), {"agency": indicator.agency}


@file_rule
def page_shows_own_indicators(pack: PackInFiles) -> Iterator[Place]:
    """The page of a service shows indicators of its own pack."""
    page = pack.files.page
    if page is None:
        return
    own = {indicator.id for indicator in pack.pack.indicators}
    for way, name in _named_on(page.value):
        if name not in own:
            yield page.path, page.line(*way), {"name": name, "names": sorted(own)}


def _named_on(page: dict[str, Any]) -> Iterator[tuple[Way, str]]:
    yield from ((("lead", place), name) for place, name in enumerate(page["lead"]))
    if page["map"]:
        yield ("map",), page["map"]
    for number, section in enumerate(page["sections"]):
        for place, name in enumerate(section["indicators"]):
            yield ("sections", number, "indicators", place), name
