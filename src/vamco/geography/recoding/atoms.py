"""Atoms: the pieces of territory that belong to one unit on an old map and one on a new map."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from vamco.geography.register import Register
from vamco.geography.succession import Succession, WeightBasis
from vamco.geography.unit import Level


@dataclass(frozen=True, slots=True)
class Atom:
    """What an old and a new unit have in common.

    `share` is the part (0–1) of the old unit's value that lies here: 1 when all of the old unit
    does, None when a weight is unknown. `is_all_of_new` says that the new unit is nothing else.
    """

    old_unit_id: str
    new_unit_id: str
    share: Fraction | None
    bases: frozenset[WeightBasis]
    is_all_of_old: bool
    is_all_of_new: bool


@dataclass(frozen=True)
class Crosswalk:
    """All atoms between two maps of one level, the earlier and the later.

    `lost` are old units of which some part has no successor; `unexplained` are new units of
    which some part has no predecessor.
    """

    from_on: date
    to_on: date
    level: Level
    atoms: tuple[Atom, ...]
    lost: frozenset[str]
    unexplained: frozenset[str]

    @cached_property
    def by_old(self) -> Mapping[str, tuple[Atom, ...]]:
        """Atoms of each old unit."""
        return _grouped((atom.old_unit_id, atom) for atom in self.atoms)

    @cached_property
    def by_new(self) -> Mapping[str, tuple[Atom, ...]]:
        """Atoms of each new unit."""
        return _grouped((atom.new_unit_id, atom) for atom in self.atoms)


@lru_cache(maxsize=64)
def crosswalk(register: Register, from_on: date, to_on: date, level: Level) -> Crosswalk:
    """The atoms between the maps of two days, through every change between; `from_on` ≤ `to_on`."""
    olds = [unit.unit_id for unit in register.units_on(from_on, level)]
    news = [unit.unit_id for unit in register.units_on(to_on, level)]
    ends = {old: _ends(register, old, to_on) for old in olds}
    origins = {new: _origins(register, new, from_on) for new in news}
    atoms = tuple(
        atom for old in olds for atom in _atoms(old, ends[old], {n for n in news if origins[n] == {old}})
    )
    return Crosswalk(
        from_on,
        to_on,
        level,
        atoms,
        lost=frozenset(old for old in olds if any(end.unit_id is None for end in ends[old])),
        unexplained=frozenset(new for new in news if None in origins[new]),
    )


@dataclass(frozen=True, slots=True)
class _End:
    """Where one path from an old unit ends; nowhere when the unit has no successor."""

    unit_id: str | None
    share: Fraction | None
    bases: frozenset[WeightBasis]


def _ends(register: Register, unit_id: str, on: date) -> list[_End]:
    """The end of every path of successions from the unit to the map of the day."""
    if register.get(unit_id).is_valid_on(on):
        return [_End(unit_id, Fraction(1), frozenset())]
    edges = register.successors(unit_id)
    if not edges:
        return [_End(None, Fraction(1), frozenset())]
    return [_through(edge, end) for edge in edges for end in _ends(register, edge.new_unit_id, on)]


def _through(edge: Succession, end: _End) -> _End:
    if edge.is_whole:
        return end
    share = None if edge.weight is None or end.share is None else Fraction(edge.weight) * end.share
    return _End(end.unit_id, share, end.bases | {edge.basis})


def _origins(register: Register, unit_id: str, on: date) -> set[str | None]:
    """The units of the day's map that the unit comes from; None stands for an origin unknown."""
    if register.get(unit_id).is_valid_on(on):
        return {unit_id}
    edges = register.predecessors(unit_id)
    if not edges:
        return {None}
    return set[str | None]().union(*(_origins(register, edge.old_unit_id, on) for edge in edges))


def _atoms(old: str, ends: list[_End], from_old_alone: set[str]) -> Iterator[Atom]:
    """One atom for each new unit: parts that meet again there are one piece, exact if it is all."""
    targets = list(dict.fromkeys(end.unit_id for end in ends))
    for new in targets:
        if new is None:
            continue
        here = [end for end in ends if end.unit_id == new]
        is_all = len(targets) == 1
        yield Atom(
            old,
            new,
            Fraction(1) if is_all else _sum(here),
            frozenset() if is_all else frozenset().union(*(end.bases for end in here)),
            is_all,
            new in from_old_alone,
        )


def _sum(ends: list[_End]) -> Fraction | None:
    known = [end.share for end in ends if end.share is not None]
    return sum(known, Fraction(0)) if len(known) == len(ends) else None


def _grouped(pairs: Iterator[tuple[str, Atom]]) -> dict[str, tuple[Atom, ...]]:
    groups: defaultdict[str, list[Atom]] = defaultdict(list)
    for key, atom in pairs:
        groups[key].append(atom)
    return {key: tuple(atoms) for key, atoms in groups.items()}
