"""Values of one day's map carried over to another day's map, with what rests on an estimate."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from vamco.geography.recoding.allocation import allocate, digits_needed, from_quanta, quanta
from vamco.geography.recoding.pieces import Movement, Piece, Reference, movement
from vamco.geography.recoding.recoded import RecodedValue, Recoding
from vamco.geography.register import Register
from vamco.geography.unit import Level
from vamco.vocabulary.errors import Misused, Refused
from vamco.vocabulary.observation import ObservationStatus

Values = Mapping[str, int | Decimal | None]


class Additivity(StrEnum):
    """How values of places make the value of a larger place; `NONE` cannot be combined at all."""

    SUM = "sum"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    NONE = "none"


class OnUnknownWeight(StrEnum):
    """What to do where a unit was divided and nobody knows the shares."""

    REFUSE = "refuse"
    BOUNDS = "bounds"


def recode(
    register: Register,
    values: Values,
    from_on: date,
    to_on: date,
    additivity: Additivity = Additivity.SUM,
    *,
    on_unknown_weight: OnUnknownWeight = OnUnknownWeight.REFUSE,
    integers: bool = False,
    reference: Reference | None = None,
    only: Collection[str] | None = None,
) -> Recoding:
    """Values by `unit_id` of one day's map on another day's map, earlier or later.

    Whole moves are exact; divided units are allocated by weight (by largest remainder among whole
    numbers if `integers`), so that totals are conserved exactly. A unit of the map that `values`
    lacks is missing, not zero. With `only`, those units of the other map are answered and no others.
    Raises `Refused` naming the units that cannot be carried over.
    """
    level = _level(register, values, from_on)
    moves = movement(register, from_on, to_on, level, reference)
    carriage = _Carriage(moves, values, additivity, integers=integers)
    _refuse("geography.no_successor", register, moves.lost & carriage.known.keys(), to_on)
    if on_unknown_weight is OnUnknownWeight.REFUSE:
        _refuse(_WHY_STUCK[additivity], register, carriage.stuck(), to_on)
    targets = (unit.unit_id for unit in register.units_on(to_on, level)) if only is None else only
    return Recoding({target: carriage.arrived(target) for target in targets}, carriage.pieces())


_WHY_STUCK = {
    Additivity.SUM: "geography.unknown_weight",
    Additivity.MAXIMUM: "geography.not_divisible",
    Additivity.MINIMUM: "geography.not_divisible",
    Additivity.NONE: "geography.not_combinable",
}


class _Carriage:
    """The amounts under way, counted in quanta of 10^-digits."""

    def __init__(self, moves: Movement, values: Values, additivity: Additivity, *, integers: bool) -> None:
        present = {unit: value for unit, value in values.items() if value is not None}
        self.moves = moves
        self.additivity = additivity
        self.digits = 0 if integers else digits_needed(present.values())
        self.known = {unit: _quanta(unit, value, self.digits) for unit, value in present.items()}
        self.are_counts = additivity is Additivity.SUM and min(self.known.values(), default=0) >= 0
        self.amounts = self._allocated() if additivity is Additivity.SUM else {}

    def is_certain(self, piece: Piece) -> bool:
        """Whether the piece has all of its source's value, or its share of a count of nothing."""
        if self.additivity is Additivity.NONE:
            return piece.is_all_of_source and piece.is_all_of_target
        return piece.is_all_of_source or (self.are_counts and self.known[piece.source] == 0)

    def stuck(self) -> set[str]:
        """Sources whose value cannot be placed on the target map."""
        return {
            piece.source
            for piece in self.moves.pieces
            if piece.source in self.known
            and (piece.source, piece.target) not in self.amounts
            and not self.is_certain(piece)
        }

    def pieces(self) -> dict[tuple[str, str], Decimal]:
        """The amount of each piece, of sums only."""
        return {pair: self._number(amount) for pair, amount in self.amounts.items()}

    def arrived(self, target: str) -> RecodedValue:
        """The value of a target unit."""
        pieces = self.moves.by_target.get(target, [])
        present = [piece for piece in pieces if piece.source in self.known]
        missing = tuple(piece.source for piece in pieces if piece.source not in self.known)
        value = self._value(present)
        is_partial = bool(missing) or target in self.moves.incomplete
        low, high = (None, None) if is_partial else self._bounds(present)
        is_estimated = value is not None and not all(map(self.is_certain, present))
        return RecodedValue(
            target,
            self._maybe(value),
            _status(value, is_partial=is_partial, is_estimated=is_estimated),
            self._maybe(low),
            self._maybe(high),
            is_estimated,
            self._estimated_share(present) if is_estimated else Decimal(0),
            tuple(sorted({basis for p in present if not self.is_certain(p) for basis in p.bases})),
            missing,
        )

    def _allocated(self) -> dict[tuple[str, str], int]:
        amounts: dict[tuple[str, str], int] = {}
        for source, value in self.known.items():
            pieces = self.moves.by_source.get(source, [])
            shares = [piece.share for piece in pieces if piece.share is not None]
            if len(shares) < len(pieces) and all(map(self.is_certain, pieces)):
                shares = [Fraction(1, len(pieces))] * len(pieces)
            if len(shares) == len(pieces):
                parts = allocate(value, shares)
                amounts |= {(source, p.target): part for p, part in zip(pieces, parts, strict=True)}
        return amounts

    def _value(self, present: list[Piece]) -> int | None:
        if not present:
            return None
        if self.additivity is Additivity.SUM:
            placed = [self.amounts.get((piece.source, piece.target)) for piece in present]
            return None if None in placed else sum(amount for amount in placed if amount is not None)
        values = [self.known[piece.source] for piece in present if self.is_certain(piece)]
        if len(values) < len(present):
            return None
        return _EXTREME[self.additivity](values)

    def _bounds(self, present: list[Piece]) -> tuple[int | None, int | None]:
        certain = [self.known[piece.source] for piece in present if self.is_certain(piece)]
        unsure = [self.known[piece.source] for piece in present if not self.is_certain(piece)]
        match self.additivity:
            case Additivity.SUM if present:
                lowest, highest = (sum(pick(0, value) for value in unsure) for pick in (min, max))
                return sum(certain) + lowest, sum(certain) + highest
            case Additivity.MAXIMUM:
                return max(certain, default=None), max(certain + unsure, default=None)
            case Additivity.MINIMUM:
                return min(certain + unsure, default=None), min(certain, default=None)
            case Additivity.NONE if certain:
                return certain[0], certain[0]
        return None, None

    def _estimated_share(self, present: list[Piece]) -> Decimal:
        sizes = {p: abs(self.amounts[p.source, p.target]) for p in present}
        resting = sum(size for piece, size in sizes.items() if not self.is_certain(piece))
        return _six_digits(Fraction(resting, sum(sizes.values()) or 1))

    def _number(self, amount: int) -> Decimal:
        return from_quanta(amount, self.digits)

    def _maybe(self, amount: int | None) -> Decimal | None:
        return None if amount is None else self._number(amount)


_LEAST: Final = Decimal("0.000001")
_EXTREME: Mapping[Additivity, Callable[[Iterable[int]], int]] = {
    Additivity.MAXIMUM: max,
    Additivity.MINIMUM: min,
    Additivity.NONE: max,
}


def _level(register: Register, values: Values, on: date) -> Level:
    """The one level of the units, all of which must be on the day's map."""
    units = [register.get(unit_id) for unit_id in values]
    off_map = [unit.unit_id for unit in units if not unit.is_valid_on(on)]
    if off_map:
        raise Refused("geography.not_on_map", on=on.isoformat(), units=off_map)
    levels = {unit.level for unit in units}
    if len(levels) != 1:
        raise Misused("geography.one_level_only", levels=sorted(levels))
    return levels.pop()


def _quanta(unit: str, value: int | Decimal, digits: int) -> int:
    try:
        return quanta(value, digits)
    except ValueError:
        raise Misused("geography.not_a_whole_number", unit_id=unit, value=str(value)) from None


def _refuse(key: str, register: Register, stuck: Iterable[str], to_on: date) -> None:
    units = [register.get(unit_id) for unit_id in sorted(stuck)]
    if units:
        names = [f"{unit.name} ({unit.unit_id})" for unit in units]
        raise Refused(key, units=[unit.unit_id for unit in units], shown=names, to_on=to_on.isoformat())


def _status(value: int | None, *, is_partial: bool, is_estimated: bool) -> ObservationStatus:
    if value is None:
        return ObservationStatus.MISSING
    if is_partial:
        return ObservationStatus.PARTIAL
    return ObservationStatus.ESTIMATED if is_estimated else ObservationStatus.NORMAL


def _six_digits(share: Fraction) -> Decimal:
    """Never rounded to nothing: what rests on weights stays marked."""
    rounded = (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_LEAST)
    return max(rounded, _LEAST) if share else rounded
