"""Which pieces a value of one map falls into on another, forward or backward in time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

from vamco.geography.recoding.atoms import Atom, crosswalk
from vamco.geography.register import Register
from vamco.geography.succession import WeightBasis
from vamco.geography.unit import Level


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a source unit that lies in a target unit; `share` is None when unknown."""

    source: str
    target: str
    share: Fraction | None
    bases: frozenset[WeightBasis]
    is_all_of_source: bool
    is_all_of_target: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """Known amounts per unit of the older map, to divide merged units by when going back."""

    amounts: Mapping[str, int | Decimal]
    basis: WeightBasis


@dataclass(frozen=True)
class Movement:
    """All pieces between two maps.

    Parts of the `lost` sources go nowhere; parts of the `incomplete` targets come from nowhere.
    """

    pieces: tuple[Piece, ...]
    lost: frozenset[str]
    incomplete: frozenset[str]

    @cached_property
    def by_source(self) -> Mapping[str, list[Piece]]:
        """Pieces of each source unit."""
        groups: defaultdict[str, list[Piece]] = defaultdict(list)
        for piece in self.pieces:
            groups[piece.source].append(piece)
        return groups

    @cached_property
    def by_target(self) -> Mapping[str, list[Piece]]:
        """Pieces of each target unit."""
        groups: defaultdict[str, list[Piece]] = defaultdict(list)
        for piece in self.pieces:
            groups[piece.target].append(piece)
        return groups


def movement(
    register: Register, from_on: date, to_on: date, level: Level, reference: Reference | None = None
) -> Movement:
    """The pieces from the map of `from_on` to that of `to_on`, either of which may be the earlier."""
    return (
        _movement(register, from_on, to_on, level)
        if reference is None
        else _moved(register, from_on, to_on, level, reference)
    )


@lru_cache(maxsize=64)
def _movement(register: Register, from_on: date, to_on: date, level: Level) -> Movement:
    """Kept, since a series asks for the same two maps again and again."""
    return _moved(register, from_on, to_on, level, None)


def _moved(
    register: Register, from_on: date, to_on: date, level: Level, reference: Reference | None
) -> Movement:
    table = crosswalk(register, min(from_on, to_on), max(from_on, to_on), level)
    if from_on <= to_on:
        return Movement(tuple(map(_forward, table.atoms)), table.lost, table.unexplained)
    pieces = tuple(piece for atoms in table.by_new.values() for piece in _backward(atoms, reference))
    return Movement(pieces, table.unexplained, table.lost)


def _forward(atom: Atom) -> Piece:
    return Piece(
        atom.old_unit_id, atom.new_unit_id, atom.share, atom.bases, atom.is_all_of_old, atom.is_all_of_new
    )


def _backward(atoms: tuple[Atom, ...], reference: Reference | None) -> list[Piece]:
    """The pieces of one new unit: one piece is all of it, several need the reference's amounts."""
    pieces = [
        Piece(a.new_unit_id, a.old_unit_id, None, a.bases, a.is_all_of_new, a.is_all_of_old) for a in atoms
    ]
    if pieces[0].is_all_of_source:
        return [replace(pieces[0], share=Fraction(1), bases=frozenset())]
    weights = [_weight(atom, reference) for atom in atoms]
    known = [weight for weight in weights if weight is not None]
    total = sum(known, Fraction(0))
    if reference is None or len(known) < len(atoms) or total == 0:
        return pieces
    return [
        replace(piece, share=weight / total, bases=piece.bases | {reference.basis})
        for piece, weight in zip(pieces, known, strict=True)
    ]


def _weight(atom: Atom, reference: Reference | None) -> Fraction | None:
    amount = reference.amounts.get(atom.old_unit_id) if reference else None
    return None if amount is None or atom.share is None else Fraction(amount) * atom.share
