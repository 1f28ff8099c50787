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
from vamco.packs.indicator import Indicator
from vamco.packs.loading import PackFiles
from vamco.packs.pack import Pack, Packs

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
    """A pack with the files it stands in, the packs beside it, and the agencies where they are known."""

    pack: Pack
    files: PackFiles
    beside: Packs  # this pack and its neighbours: an indicator may read what they deliver
    agencies: Collection[str] | None = None

    @property
    def described(self) -> Document:
        """The file `pack.yaml`."""
        return self.files.described

    @property
    def contracts(self) -> tuple[ContractInFile, ...]:
        """The contracts with their files."""
        return tuple(map(ContractInFile, self.pack.contracts, self.files.contracts))

    @property
    def indicators(self) -> tuple[tuple[Indicator, Document], ...]:
        """The indicators with their files."""
        by_path = {document.path: document for document in self.files.indicators}
        return tuple((indicator, by_path[indicator.source]) for indicator in self.pack.indicators)

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
IndicatorRule = Callable[[Indicator, PackInFiles], Iterator[Breach]]

_CONTRACT_RULES: Final[list[ContractRule]] = []
_PACK_RULES: Final[list[PackRule]] = []
_FILE_RULES: Final[list[FileRule]] = []
_INDICATOR_RULES: Final[list[IndicatorRule]] = []


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


def indicator_rule(rule: IndicatorRule) -> IndicatorRule:
    """Enter a rule that looks at one indicator and all that it reads."""
    _INDICATOR_RULES.append(rule)
    return rule


def all_rules() -> list[LintRule]:
    """Every rule entered, by id."""
    functions: list[Callable[..., Any]] = [*_CONTRACT_RULES, *_PACK_RULES, *_FILE_RULES, *_INDICATOR_RULES]
    return sorted((LintRule(_id(f), (f.__doc__ or "").strip()) for f in functions), key=lambda r: r.id)


def breaches(pack: PackInFiles) -> Iterator[Finding]:
    """What every rule objects to in the pack."""
    for rule, document, way, details in (*_of_contracts(pack), *_of_indicators(pack), *_of_pack(pack)):
        yield _finding(rule, document.path, document.line(*way), details)
    for file_check in _FILE_RULES:
        for path, line, details in file_check(pack):
            yield _finding(file_check, path, line, details)


Found = Iterator[tuple[Callable[..., Any], Document, Way, dict[str, Any]]]


def _of_contracts(pack: PackInFiles) -> Found:
    for rule in _CONTRACT_RULES:
        for placed in pack.contracts:
            yield from ((rule, placed.document, *breach) for breach in rule(placed))


def _of_indicators(pack: PackInFiles) -> Found:
    for rule in _INDICATOR_RULES:
        for indicator, document in pack.indicators:
            yield from ((rule, document, *breach) for breach in rule(indicator, pack))


def _of_pack(pack: PackInFiles) -> Found:
    for rule in _PACK_RULES:
        yield from ((rule, pack.described, *breach) for breach in rule(pack))


def _finding(rule: Callable[..., Any], path: Path, line: int, details: dict[str, Any]) -> Finding:
    return Finding(path, line, _id(rule), f"packs.lint_{rule.__name__}", details)


def _id(rule: Callable[..., Any]) -> str:
    return rule.__name__.replace("_", "-")
