"""Finding packs in a folder and loading them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vamco.packs.alert_file import alert_rule_from
from vamco.packs.contract_file import contract_from
from vamco.packs.document import Document, read_document
from vamco.packs.finding import Finding
from vamco.packs.indicator_file import indicator_from, legal_basis_from, page_from
from vamco.packs.pack import Maturity, Pack, Packs, Status
from vamco.packs.procedure import procedure_from
from vamco.packs.shape import (
    misshapen_alert,
    misshapen_alert_test,
    misshapen_contract,
    misshapen_indicator,
    misshapen_pack,
    misshapen_page,
    misshapen_procedure,
)
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.text import Text

PACK_FILE: Final = "pack.yaml"
CONTRACT_FILES: Final = "contracts/*.odcs.yaml"
INDICATOR_FILES: Final = "indicators/*.yaml"
ALERT_FILES: Final = "alerts/*.yaml"
ALERT_TEST_FILES: Final = "tests/alerts/*.yaml"
PROCEDURE_FILES: Final = "procedures/*.yaml"
PAGE_FILE: Final = "page.yaml"


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The files of one pack, read and not yet understood."""

    described: Document
    contracts: tuple[Document, ...]
    indicators: tuple[Document, ...]
    alert_rules: tuple[Document, ...]
    alert_tests: tuple[Document, ...]
    procedures: tuple[Document, ...]
    page: Document | None

    def misshapen(self) -> Iterator[Finding]:
        """What is wrong with the form of the files."""
        yield from misshapen_pack(self.described)
        for document in self.contracts:
            yield from misshapen_contract(document)
        for document in self.indicators:
            yield from misshapen_indicator(document)
        for document in self.alert_rules:
            yield from misshapen_alert(document)
        for document in self.alert_tests:
            yield from misshapen_alert_test(document)
        for document in self.procedures:
            yield from misshapen_procedure(document)
        if self.page:
            yield from misshapen_page(self.page)


def pack_folders(folder: Path) -> list[Path]:
    """The packs of a folder: its subfolders that hold a `pack.yaml`, by name."""
    return sorted(path.parent for path in folder.glob(f"*/{PACK_FILE}"))


def load_packs(folder: Path) -> Packs:
    """Every pack of the folder. Raises `Refused` naming file and line of what is wrong."""
    if not folder.is_dir():
        raise NotFound("packs.folder_not_found", folder=str(folder))
    return Packs(tuple(map(load_pack, pack_folders(folder))))


def load_pack(folder: Path) -> Pack:
    """The pack of one folder. Raises `Refused` naming file and line of what is wrong."""
    files = read_files(folder)
    for finding in files.misshapen():
        raise finding.as_error()
    return pack_from(files)


def read_files(folder: Path) -> PackFiles:
    """The files of the pack in that folder. Raises `Refused` where one is not YAML."""
    page = folder / PAGE_FILE
    return PackFiles(
        read_document(folder / PACK_FILE),
        tuple(map(read_document, sorted(folder.glob(CONTRACT_FILES)))),
        tuple(map(read_document, sorted(folder.glob(INDICATOR_FILES)))),
        tuple(map(read_document, sorted(folder.glob(ALERT_FILES)))),
        tuple(map(read_document, sorted(folder.glob(ALERT_TEST_FILES)))),
        tuple(map(read_document, sorted(folder.glob(PROCEDURE_FILES)))),
        read_document(page) if page.is_file() else None,
    )


def pack_from(files: PackFiles) -> Pack:
    """The pack that files of the right shape hold."""
    node = files.described.value
    indicators = (indicator_from(document, node["slug"]) for document in files.indicators)
    return Pack(
        slug=node["slug"],
        title=Text(**node["title"]),
        agency=node["agency"],
        version=node["version"],
        legal_basis=tuple(map(legal_basis_from, node["legal_basis"])),
        maturity=tuple(_maturity(rule, stated) for rule, stated in node["maturity"].items()),
        contracts=tuple(map(contract_from, files.contracts)),
        folder=files.described.path.parent,
        summary=Text(**node["summary"]) if "summary" in node else None,
        indicators=tuple(sorted(indicators, key=lambda one: (one.rank, one.id))),
        alert_rules=tuple(alert_rule_from(document, node["slug"]) for document in files.alert_rules),
        procedures=tuple(procedure_from(document, node["slug"]) for document in files.procedures),
        page=page_from(files.page) if files.page else None,
    )


def _maturity(rule: str, stated: str | dict[str, Any]) -> Maturity:
    if isinstance(stated, str):
        return Maturity(rule, Status(stated))
    return Maturity(rule, Status.EXEMPT, Text(**stated["exempt_because"]))
