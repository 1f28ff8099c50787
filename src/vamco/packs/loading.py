"""Finding packs in a folder and loading them."""

from datetime import date
from pathlib import Path
from typing import Any, Final

from vamco.packs.contract import LegalBasis
from vamco.packs.contract_file import contract_from
from vamco.packs.document import Document, read_document
from vamco.packs.pack import Maturity, Pack, Packs, Status
from vamco.packs.shape import misshapen_contract, misshapen_pack
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.text import Text

PACK_FILE: Final = "pack.yaml"
CONTRACT_FILES: Final = "contracts/*.odcs.yaml"


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
    described = read_document(folder / PACK_FILE)
    contracts = [read_document(path) for path in sorted(folder.glob(CONTRACT_FILES))]
    for finding in misshapen_pack(described):
        raise finding.as_error()
    for document in contracts:
        for finding in misshapen_contract(document):
            raise finding.as_error()
    return pack_from(described, contracts)


def pack_from(described: Document, contracts: list[Document]) -> Pack:
    """The pack that files of the right shape hold."""
    node = described.value
    return Pack(
        slug=node["slug"],
        title=Text(**node["title"]),
        agency=node["agency"],
        version=node["version"],
        legal_basis=tuple(map(_legal_basis, node["legal_basis"])),
        maturity=tuple(_maturity(rule, stated) for rule, stated in node["maturity"].items()),
        contracts=tuple(map(contract_from, contracts)),
        folder=described.path.parent,
        summary=Text(**node["summary"]) if "summary" in node else None,
    )


def _legal_basis(node: dict[str, Any]) -> LegalBasis:
    return LegalBasis(
        document=node["document"],
        valid_from_on=date.fromisoformat(node["valid_from"]),
        valid_to_on=date.fromisoformat(node["valid_to"]) if "valid_to" in node else None,
        verified=node.get("verified", False),
    )


def _maturity(rule: str, stated: str | dict[str, Any]) -> Maturity:
    if isinstance(stated, str):
        return Maturity(rule, Status(stated))
    return Maturity(rule, Status.EXEMPT, Text(**stated["exempt_because"]))
