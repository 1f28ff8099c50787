"""What must be true of a register as a whole; each check says which row breaks it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, pairwise
from typing import Any, Generic, TypeVar

from vamco.geography.names import kind_of
from vamco.geography.succession import Succession, WeightBasis
from vamco.geography.unit import LEVELS_DOWN, AdministrativeUnit, Kind, Level
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.messages import Language, say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A row with the place it was read from."""

    value: T
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its message key and the row that has it."""

    key: str
    file: str
    line: int
    about: str

    def say(self, language: Language) -> str:
        """The fault in words."""
        return say(self.key, language, about=self.about)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.say('vi')}"

    def as_dict(self) -> dict[str, Any]:
        """The fault as JSON can carry it."""
        return {"id": self.key, "file": self.file, "line": self.line, "about": self.about}


Units = Sequence[Placed[AdministrativeUnit]]
Edges = Sequence[Placed[Succession]]


def findings(units: Units, successions: Edges) -> list[Finding]:
    """Every fault of the register, in the order of its rows."""
    by_id = {row.value.unit_id: row for row in units}
    edges = [edge for edge in successions if not _dangling(edge, by_id)]
    faults = chain(
        _empty_lives(units),
        _overlaps(units),
        _misnamed(units),
        _orphans(units),
        _dangling_edges(successions, by_id),
        _wrong_dates(edges, by_id),
        _wrong_levels(edges, by_id),
        _wrong_extents(edges),
        _wrong_weights(edges),
    )
    return sorted(faults, key=lambda fault: (fault.file, fault.line))


def require_consistent(units: Units, successions: Edges) -> None:
    """Raises `Refused` with file and line of each fault."""
    faults = findings(units, successions)
    if faults:
        raise Refused(
            "geography.inconsistent_register", faults=[f.as_dict() for f in faults], first=str(faults[0])
        )


def _empty_lives(units: Units) -> Iterator[Finding]:
    for row in units:
        unit = row.value
        if unit.valid_to_on is not None and unit.valid_to_on <= unit.valid_from_on:
            yield _at("geography.check_empty_life", row, unit.unit_id)


def _overlaps(units: Units) -> Iterator[Finding]:
    lives: defaultdict[str, list[Placed[AdministrativeUnit]]] = defaultdict(list)
    for row in units:
        lives[row.value.code].append(row)
    for rows in lives.values():
        for earlier, later in pairwise(sorted(rows, key=lambda row: row.value.valid_from_on)):
            if earlier.value.is_valid_on(later.value.valid_from_on):
                yield _at("geography.check_overlap", later, later.value.unit_id)


def _misnamed(units: Units) -> Iterator[Finding]:
    """A unit below the country has a name whose type word is that of its kind."""
    for row in units:
        unit = row.value
        if unit.level is not Level.COUNTRY and kind_of(unit.name, unit.level) is not unit.kind:
            yield _at("geography.check_kind", row, f"{unit.unit_id} {unit.name} ≠ {unit.kind}")


def _orphans(units: Units) -> Iterator[Finding]:
    lives: defaultdict[str, list[AdministrativeUnit]] = defaultdict(list)
    for row in units:
        lives[row.value.code].append(row.value)
    for row in units:
        unit = row.value
        if unit.parent_code and not _is_covered(unit, lives[unit.parent_code]):
            yield _at("geography.check_orphan", row, f"{unit.unit_id} ⊄ {unit.parent_code}")


def _is_covered(unit: AdministrativeUnit, parents: Sequence[AdministrativeUnit]) -> bool:
    """Whether units above it carry the parent's code through all its life."""
    reached = unit.valid_from_on
    for parent in sorted(parents, key=lambda parent: parent.valid_from_on):
        if LEVELS_DOWN.index(parent.level) < LEVELS_DOWN.index(unit.level) and parent.is_valid_on(reached):
            if parent.valid_to_on is None:
                return True
            reached = parent.valid_to_on
        if unit.valid_to_on is not None and unit.valid_to_on <= reached:
            return True
    return False


def _dangling_edges(edges: Edges, by_id: dict[str, Placed[AdministrativeUnit]]) -> Iterator[Finding]:
    for row in edges:
        missing = _dangling(row, by_id)
        if missing:
            yield _at("geography.check_dangling", row, ", ".join(missing))


def _dangling(row: Placed[Succession], by_id: dict[str, Placed[AdministrativeUnit]]) -> list[str]:
    return [key for key in (row.value.old_unit_id, row.value.new_unit_id) if key not in by_id]


def _wrong_dates(edges: Edges, by_id: dict[str, Placed[AdministrativeUnit]]) -> Iterator[Finding]:
    for row in edges:
        edge = row.value
        closes = by_id[edge.old_unit_id].value.valid_to_on
        opens = by_id[edge.new_unit_id].value.valid_from_on
        if not closes == opens == edge.effective_on:
            yield _at("geography.check_wrong_date", row, _name(edge))


def _wrong_levels(edges: Edges, by_id: dict[str, Placed[AdministrativeUnit]]) -> Iterator[Finding]:
    """Only an island district, which has no communes, becomes a special zone of commune level."""
    for row in edges:
        edge = row.value
        old, new = by_id[edge.old_unit_id].value, by_id[edge.new_unit_id].value
        if old.level is not new.level and (old.level, new.kind) != (Level.DISTRICT, Kind.SPECIAL_ZONE):
            yield _at("geography.check_wrong_level", row, _name(edge))


def _wrong_extents(edges: Edges) -> Iterator[Finding]:
    """A whole edge is the only one of its old unit; parts come at least in pairs; none twice."""
    for rows in _from_same_unit(edges):
        pairs = [row.value.new_unit_id for row in rows]
        if len(set(pairs)) != len(pairs):
            yield _at("geography.check_twice", rows[-1], _name(rows[-1].value))
        elif len(rows) > 1:
            yield from (_at("geography.check_not_whole", r, _name(r.value)) for r in rows if r.value.is_whole)
        elif not rows[0].value.is_whole:
            yield _at("geography.check_lone_part", rows[0], _name(rows[0].value))


def _wrong_weights(edges: Edges) -> Iterator[Finding]:
    """All parts of a unit are weighed, on one basis, and add up to exactly one; or none is. No whole is."""
    for rows in _from_same_unit(edges):
        parts = [row.value for row in rows if not row.value.is_whole]
        if not _weighed_alike(parts) or any(map(_is_whole_and_weighed, rows)):
            yield _at("geography.check_weights", rows[0], rows[0].value.old_unit_id)


def _is_whole_and_weighed(row: Placed[Succession]) -> bool:
    edge = row.value
    return edge.is_whole and (edge.weight is not None or edge.basis is not WeightBasis.UNKNOWN)


def _weighed_alike(parts: list[Succession]) -> bool:
    bases = {part.basis for part in parts}
    weights = [part.weight for part in parts if part.weight is not None]
    if not weights:
        return bases <= {WeightBasis.UNKNOWN}
    complete = len(weights) == len(parts) and len(bases) == 1 and WeightBasis.UNKNOWN not in bases
    return complete and min(weights) > 0 and sum(weights) == Decimal(1)


def _from_same_unit(edges: Edges) -> Iterator[list[Placed[Succession]]]:
    groups: defaultdict[tuple[str, date], list[Placed[Succession]]] = defaultdict(list)
    for row in edges:
        groups[row.value.old_unit_id, row.value.effective_on].append(row)
    yield from groups.values()


def _name(edge: Succession) -> str:
    return f"{edge.old_unit_id} → {edge.new_unit_id}"


def _at(key: str, row: Placed[Any], about: str) -> Finding:
    return Finding(key, row.file, row.line, about)
