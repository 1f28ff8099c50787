"""What loading a new catalogue would do to the register; nothing is changed by planning."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from vamco.geography.catalogues.reading import CatalogueEdge, CatalogueUnit
from vamco.geography.names import words
from vamco.geography.register import Register
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.messages import Language, say


class ChangeKind(StrEnum):
    """What happens to a unit."""

    KEEP = "keep"
    RENAME = "rename"
    RETYPE = "retype"
    MOVE = "move"
    OPEN = "open"
    CLOSE = "close"
    SPLIT = "split"
    MERGE = "merge"
    REUSE_CODE = "reuse_code"


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one unit, told from the code's point of view."""

    kind: ChangeKind
    code: str
    old_name: str = ""
    new_name: str = ""
    others: tuple[str, ...] = ()

    def say(self, language: Language) -> str:
        """The change in words."""
        details = {"code": self.code, "old": self.old_name, "new": self.new_name, "others": self.others}
        return say(f"geography.change_{self.kind.value}", language, **details)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that must be looked at: `is_fault` when the plan cannot be applied with it."""

    key: str
    about: str
    is_fault: bool

    def say(self, language: Language) -> str:
        """The doubt in words."""
        return say(self.key, language, about=self.about)


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes on a day, the units and edges they rest on, and the doubts about them."""

    register: Register
    effective_on: date
    level: Level
    before: dict[str, AdministrativeUnit]
    after: dict[str, CatalogueUnit]
    edges: tuple[CatalogueEdge, ...]
    changes: tuple[Change, ...]
    doubts: tuple[Doubt, ...]

    @property
    def faults(self) -> list[Doubt]:
        """Doubts that forbid applying the plan."""
        return [doubt for doubt in self.doubts if doubt.is_fault]

    @property
    def kept_codes(self) -> set[str]:
        """Codes of units that live on unchanged."""
        return {change.code for change in self.changes if change.kind is ChangeKind.KEEP}

    def counts(self) -> dict[str, int]:
        """How many changes of each kind."""
        return {kind.value: sum(c.kind is kind for c in self.changes) for kind in ChangeKind}

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON can carry it."""
        return {
            "effective_on": self.effective_on.isoformat(),
            "level": self.level.value,
            "register": self.register.version,
            "counts": self.counts(),
            "n_edges": len(self.edges),
            "changes": [
                {
                    "kind": c.kind.value,
                    "code": c.code,
                    "old_name": c.old_name,
                    "new_name": c.new_name,
                    "others": list(c.others),
                }
                for c in self.changes
                if c.kind is not ChangeKind.KEEP
            ],
            "doubts": [{"id": d.key, "about": d.about, "is_fault": d.is_fault} for d in self.doubts],
        }


def plan_catalogue(
    register: Register,
    units: Iterable[CatalogueUnit],
    effective_on: date,
    level: Level = Level.COMMUNE,
    *,
    edges: Sequence[CatalogueEdge] | None = None,
    other_edges: Sequence[CatalogueEdge] | None = None,
    suspicious: Iterable[tuple[str, str]] = (),
) -> Plan:
    """What becomes of the register when the catalogue is in force on the day.

    `edges` say what became of what; without them a unit of the same code and name lives on, and
    nothing is known of splits and merges. `other_edges` is a second source to disagree with;
    `suspicious` are pairs (old code, new code) that somebody has called doubtful.
    """
    before = _before(register, edges or (), effective_on - timedelta(days=1), level)
    after = {unit.code: unit for unit in units}
    usable = [edge for edge in edges or () if edge.old_code in before and edge.new_code in after]
    flows = _Flows(usable if edges is not None else _presumed(before, after))
    changes = [change for code in after for change in _changes_of_new(code, before, after, flows)]
    changes += [change for code in before for change in _changes_of_old(code, before, after, flows)]
    doubts = [
        *_broken(edges or (), before, after),
        *_loose_ends(before, after, flows, known=edges is not None),
    ]
    if other_edges is not None:
        doubts += _disagreements(edges or (), other_edges)
    doubts += _suspected(edges or (), set(suspicious))
    return Plan(
        register, effective_on, level, before, after, tuple(flows.edges), tuple(changes), tuple(doubts)
    )


def _before(
    register: Register, edges: Sequence[CatalogueEdge], on: date, level: Level
) -> dict[str, AdministrativeUnit]:
    """The units of the level, and island districts without communes that edges speak of."""
    before = {unit.code: unit for unit in register.units_on(on, level)}
    named = (register.find(edge.old_code, on) for edge in edges if edge.old_code not in before)
    return before | {unit.code: unit for unit in named if unit is not None}


class _Flows:
    """Edges by either end."""

    def __init__(self, edges: Sequence[CatalogueEdge]) -> None:
        self.edges = edges
        self.into: defaultdict[str, list[CatalogueEdge]] = defaultdict(list)
        self.out_of: defaultdict[str, list[CatalogueEdge]] = defaultdict(list)
        for edge in edges:
            self.into[edge.new_code].append(edge)
            self.out_of[edge.old_code].append(edge)

    def sole_predecessor(self, new_code: str) -> str | None:
        """The old unit whose territory is exactly that of the new one, if there is one."""
        match self.into[new_code]:
            case [edge] if edge.is_whole and len(self.out_of[edge.old_code]) == 1:
                return edge.old_code
        return None


def _presumed(before: dict[str, AdministrativeUnit], after: dict[str, CatalogueUnit]) -> list[CatalogueEdge]:
    return [CatalogueEdge(code, code, is_whole=True) for code in after if code in before]


def _changes_of_new(
    code: str, before: dict[str, AdministrativeUnit], after: dict[str, CatalogueUnit], flows: _Flows
) -> list[Change]:
    unit = after[code]
    origin = flows.sole_predecessor(code)
    if origin is not None:
        return _changes_of_heir(before[origin], unit)
    names = tuple(before[edge.old_code].name for edge in flows.into[code])
    changes = [Change(ChangeKind.OPEN, code, new_name=unit.name)]
    if len(names) > 1:
        changes.append(Change(ChangeKind.MERGE, code, new_name=unit.name, others=names))
    if code in before:
        changes.append(Change(ChangeKind.REUSE_CODE, code, before[code].name, unit.name))
    return changes


def _changes_of_heir(old: AdministrativeUnit, new: CatalogueUnit) -> list[Change]:
    """What differs where the territory is the same."""
    differing = {
        ChangeKind.RENAME: words(old.name) != words(new.name) and old.kind is new.kind,
        ChangeKind.RETYPE: old.kind is not new.kind,
        ChangeKind.MOVE: new.parent_code is not None and old.parent_code != new.parent_code,
        ChangeKind.OPEN: old.code != new.code,
    }
    kinds = [kind for kind, differs in differing.items() if differs] or [ChangeKind.KEEP]
    return [Change(kind, new.code, old.name, new.name) for kind in kinds]


def _changes_of_old(
    code: str, before: dict[str, AdministrativeUnit], after: dict[str, CatalogueUnit], flows: _Flows
) -> list[Change]:
    unit = before[code]
    heirs = [edge.new_code for edge in flows.out_of[code]]
    if len(heirs) == 1 and heirs[0] == code and flows.sole_predecessor(code) == code:
        return []
    changes = [Change(ChangeKind.CLOSE, code, old_name=unit.name)]
    if len(heirs) > 1:
        names = tuple(after[heir].name for heir in heirs)
        changes.append(Change(ChangeKind.SPLIT, code, old_name=unit.name, others=names))
    return changes


def _broken(
    edges: Sequence[CatalogueEdge], before: dict[str, AdministrativeUnit], after: dict[str, CatalogueUnit]
) -> list[Doubt]:
    doubts = []
    for edge in edges:
        if edge.old_code not in before:
            doubts.append(Doubt("geography.doubt_unknown_old", _pair(edge), is_fault=True))
        if edge.new_code not in after:
            doubts.append(Doubt("geography.doubt_unknown_new", _pair(edge), is_fault=True))
    return doubts


def _loose_ends(
    before: dict[str, AdministrativeUnit], after: dict[str, CatalogueUnit], flows: _Flows, *, known: bool
) -> list[Doubt]:
    """Units without a past or a future, and parts that do not make a whole."""
    doubts = [
        Doubt("geography.doubt_no_origin", f"{code} {after[code].name}", is_fault=False)
        for code in after
        if before and not flows.into[code]
    ]
    for code, unit in before.items():
        out = flows.out_of[code]
        if not out:
            doubts.append(Doubt("geography.doubt_no_heir", f"{code} {unit.name}", is_fault=False))
        elif known and len(out) == 1 and not out[0].is_whole:
            doubts.append(Doubt("geography.doubt_lone_part", _pair(out[0]), is_fault=True))
        elif len(out) > 1 and any(edge.is_whole for edge in out):
            doubts.append(Doubt("geography.doubt_not_whole", f"{code} {unit.name}", is_fault=True))
    return doubts


def _disagreements(edges: Sequence[CatalogueEdge], others: Sequence[CatalogueEdge]) -> list[Doubt]:
    here = {(edge.old_code, edge.new_code): edge for edge in edges}
    there = {(edge.old_code, edge.new_code): edge for edge in others}
    return [
        *(
            Doubt("geography.doubt_only_here", _pair(here[key]), is_fault=False)
            for key in here.keys() - there.keys()
        ),
        *(
            Doubt("geography.doubt_only_there", _pair(there[key]), is_fault=False)
            for key in there.keys() - here.keys()
        ),
        *(
            Doubt("geography.doubt_other_extent", _pair(here[key]), is_fault=False)
            for key in here.keys() & there.keys()
            if here[key].is_whole != there[key].is_whole
        ),
    ]


def _suspected(edges: Sequence[CatalogueEdge], suspicious: set[tuple[str, str]]) -> list[Doubt]:
    return [
        Doubt("geography.doubt_suspicious", _pair(edge), is_fault=False)
        for edge in edges
        if (edge.old_code, edge.new_code) in suspicious
    ]


def _pair(edge: CatalogueEdge) -> str:
    return f"{edge.old_code} → {edge.new_code}"
