"""The rules that packs are checked by. A rule is a function: its docstring is the rule, its name the id.

A rule yields each breach as the way to the value at fault and the details for the words, which stand in the
messages under `lint_<function name>`.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vamco.packs.contract import Column, Contract
from vamco.packs.document import Document, Step, Way
from vamco.packs.finding import Finding
from vamco.packs.pack import Pack

Breach = tuple[Way, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ContractInFile:
    """A contract with the file it stands in."""

    contract: Contract
    document: Document

    def way(self, column: Column, *rest: Step) -> Way:
        """The way to a column, or to something in it."""
        return ("schema", 0, "properties", self.contract.columns.index(column), *rest)

    def way_to_rule(self, place: int) -> Way:
        """The way to the entry of `quality` at that place."""
        return ("schema", 0, "quality", place)

    def way_to_custom(self, name: str, *before: Step) -> Way:
        """The way to a custom property of the contract, or of the node at the end of `before`."""
        node = self.document.value
        for step in before:
            node = node[step]
        names = [entry["property"] for entry in node.get("customProperties", ())]
        return (*before, "customProperties", names.index(name), "value") if name in names else before


@dataclass(frozen=True, slots=True)
class PackInFiles:
    """A pack with the files it stands in, and the agencies of the province where they are known."""

    pack: Pack
    described: Document
    contracts: tuple[ContractInFile, ...]
    agencies: Collection[str] | None = None

    @property
    def folder(self) -> Path:
        """The folder of the pack."""
        return self.pack.folder


@dataclass(frozen=True, slots=True)
class LintRule:
    """A rule by its id, and what it says."""

    id: str
    says: str


ContractRule = Callable[[ContractInFile], Iterator[Breach]]
PackRule = Callable[[PackInFiles], Iterator[Breach]]
FileRule = Callable[[PackInFiles], Iterator[tuple[Path, int, dict[str, Any]]]]

_CONTRACT_RULES: Final[list[ContractRule]] = []
_PACK_RULES: Final[list[PackRule]] = []
_FILE_RULES: Final[list[FileRule]] = []


def contract_rule(rule: ContractRule) -> ContractRule:
    """Enter a rule that looks at one contract."""
    _CONTRACT_RULES.append(rule)
    return rule


def pack_rule(rule: PackRule) -> PackRule:
    """Enter a rule that looks at `pack.yaml` and the pack as a whole."""
    _PACK_RULES.append(rule)
    return rule


def file_rule(rule: FileRule) -> FileRule:
    """Enter a rule that looks at other files of the pack; it yields the file and line itself."""
    _FILE_RULES.append(rule)
    return rule


def all_rules() -> list[LintRule]:
    """Every rule entered, by id."""
    functions: list[Callable[..., Any]] = [*_CONTRACT_RULES, *_PACK_RULES, *_FILE_RULES]
    return sorted((LintRule(_id(f), (f.__doc__ or "").strip()) for f in functions), key=lambda r: r.id)


def breaches(pack: PackInFiles) -> Iterator[Finding]:
    """What every rule objects to in the pack."""
    for contract_check in _CONTRACT_RULES:
        for placed in pack.contracts:
            for way, details in contract_check(placed):
                yield _finding(contract_check, placed.document.path, placed.document.line(*way), details)
    for pack_check in _PACK_RULES:
        for way, details in pack_check(pack):
            yield _finding(pack_check, pack.described.path, pack.described.line(*way), details)
    for file_check in _FILE_RULES:
        for path, line, details in file_check(pack):
            yield _finding(file_check, path, line, details)


def _finding(rule: Callable[..., Any], path: Path, line: int, details: dict[str, Any]) -> Finding:
    return Finding(path, line, _id(rule), f"packs.lint_{rule.__name__}", details)


def _id(rule: Callable[..., Any]) -> str:
    return rule.__name__.replace("_", "-")
