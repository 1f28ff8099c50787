"""Checking a pack: first the form of its files, then, where that is right, every rule."""

from collections.abc import Collection, Iterator
from pathlib import Path

from vamco.packs.contract_file import contract_from
from vamco.packs.document import read_document
from vamco.packs.finding import Finding
from vamco.packs.lint import contract_rules, maturity_rules, pack_rules  # noqa: F401  entering their rules
from vamco.packs.lint.rulebook import ContractInFile, PackInFiles, breaches
from vamco.packs.loading import CONTRACT_FILES, PACK_FILE, pack_from
from vamco.packs.shape import misshapen_contract, misshapen_pack
from vamco.vocabulary.errors import Refused


def check_pack(folder: Path, agencies: Collection[str] | None = None) -> list[Finding]:
    """What is wrong in the pack, in order of file and line; `agencies` are those of the province, if known."""
    try:
        return sorted(_findings(folder, agencies))
    except Refused as error:
        file, line = Path(error.details["file"]), int(error.details["line"])
        return [Finding(file, line, "is-yaml", error.key, error.details)]


def _findings(folder: Path, agencies: Collection[str] | None) -> Iterator[Finding]:
    described = read_document(folder / PACK_FILE)
    documents = [read_document(path) for path in sorted(folder.glob(CONTRACT_FILES))]
    misshapen = [*misshapen_pack(described), *(f for d in documents for f in misshapen_contract(d))]
    if misshapen:
        yield from misshapen
        return
    placed = tuple(ContractInFile(contract_from(document), document) for document in documents)
    yield from breaches(PackInFiles(pack_from(described, documents), described, placed, agencies))
