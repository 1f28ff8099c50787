"""Cells of one day's map carried to another day's, numerator and denominator each for itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from vamco.geography.recoding import Additivity as Carriage
from vamco.geography.recoding import OnUnknownWeight, RecodedValue, Reference, recode
from vamco.geography.recoding.pieces import Movement, movement
from vamco.geography.register import Register
from vamco.geography.unit import Level
from vamco.indicators.cell import MISSING, UNKNOWN, Amount, Cell, not_applicable, worst
from vamco.indicators.figure import Reason
from vamco.indicators.foundations import foundations
from vamco.indicators.stored import Cells
from vamco.packs.indicator import Additivity
from vamco.vocabulary.observation import ObservationStatus

_HOW: Final = {
    Additivity.ADDITIVE: Carriage.SUM,
    Additivity.RATIO: Carriage.SUM,  # of each part; the ratio is rebuilt
    Additivity.MAXIMUM: Carriage.MAXIMUM,
    Additivity.MINIMUM: Carriage.MINIMUM,
}


@dataclass(frozen=True, slots=True)
class Passage:
    """From the map of one day to that of another, earlier or later, at one level.

    `reference` says by which amounts merged units are divided when going back.
    """

    register: Register
    level: Level
    from_on: date
    to_on: date
    reference: Reference | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether no unit of the level changed between the two days."""
        return _is_unchanged(self.register, self.level, *sorted((self.from_on, self.to_on)))

    def targets(self) -> list[str]:
        """The units at the end of the passage."""
        return [unit.unit_id for unit in self.register.units_on(self.to_on, self.level)]

    def movement(self) -> Movement:
        """The pieces that go over."""
        return movement(self.register, self.from_on, self.to_on, self.level, self.reference)

    def sources(self, targets: Collection[str]) -> set[str]:
        """The units at the start of the passage that go into those targets."""
        if self.is_unchanged:
            return set(targets)
        by_target = self.movement().by_target
        return {piece.source for target in targets for piece in by_target.get(target, ())}

    def recode(
        self, amounts: Mapping[str, Amount], carriage: Carriage, targets: Collection[str]
    ) -> Mapping[str, RecodedValue]:
        """The amounts of the targets, with bounds where a weight is unknown."""
        if not amounts:
            return {}
        return recode(
            self.register,
            {unit: amount.value for unit, amount in amounts.items()},
            self.from_on,
            self.to_on,
            carriage,
            on_unknown_weight=OnUnknownWeight.BOUNDS,
            reference=self.reference,
            only=targets,
        ).values


def carry(
    passage: Passage,
    cells: Cells,
    additivity: Additivity,
    *,
    is_ratio: bool,
    only: Collection[str] | None = None,
) -> Cells:
    """A cell for every unit at the end of the passage, or for `only` some of them.

    Whole moves are exact; parts of divided units are estimated by weight, or bounded where the
    weight is unknown. A unit whose parts are not all known is partial, never lower in silence.
    """
    targets = passage.targets() if only is None else only
    if passage.is_unchanged:
        return {target: cells.get(target, MISSING) for target in targets}
    if only is not None:
        cells = {unit: cells[unit] for unit in sorted(passage.sources(only)) if unit in cells}
    carriage = _Carriage(passage, cells, additivity, targets, is_ratio=is_ratio)
    return {target: carriage.arrived(target) for target in targets}


@lru_cache(maxsize=4096)
def _is_unchanged(register: Register, level: Level, first: date, last: date) -> bool:
    return not any(first < day <= last for day in register.change_dates(level))


class _Carriage:
    """The cells under passage."""

    def __init__(
        self,
        passage: Passage,
        cells: Cells,
        additivity: Additivity,
        targets: Collection[str],
        *,
        is_ratio: bool,
    ) -> None:
        self.passage, self.cells, self.additivity = passage, cells, additivity
        self.moves = passage.movement()
        # A rate holds over one territory: where either part is unknown, neither is carried.
        self.known = {
            unit: cell
            for unit, cell in cells.items()
            if unit not in self.moves.lost and _is_whole(cell, is_ratio=is_ratio)
        }
        how = _HOW.get(additivity, Carriage.NONE)
        self.numerators = passage.recode({u: c.numerator for u, c in self.known.items()}, how, targets)
        below = {u: c.denominator for u, c in self.known.items()} if is_ratio else {}
        self.denominators = passage.recode(below, how, targets)

    def arrived(self, target: str) -> Cell:
        """The cell of a unit at the end of the passage."""
        sources = self._sources(target)
        held = [self.cells.get(source, MISSING) for source in sources]
        if not sources:
            return Cell(ObservationStatus.MISSING, reason=Reason("indicators.reason_no_predecessor"))
        if all(cell.status is ObservationStatus.NOT_APPLICABLE for cell in held):
            return held[0]
        rests_on = foundations(held, [1.0] * len(held))
        rests_on["missing_units"] += tuple(filter(self._is_missing, sources))
        if not any(source in self.known for source in sources):
            return Cell(ObservationStatus.MISSING, **rests_on)
        return self._valued(target, rests_on)

    def _sources(self, target: str) -> list[str]:
        return [piece.source for piece in self.moves.by_target.get(target, ())]

    def _is_missing(self, unit: str) -> bool:
        held = self.cells.get(unit, MISSING)
        return unit not in self.known and held.status is not ObservationStatus.NOT_APPLICABLE

    def _valued(self, target: str, rests_on: dict[str, Any]) -> Cell:
        above, below = self.numerators[target], self.denominators.get(target)
        parts = [above, below] if below else [above]
        rests_on["bases"] = tuple(sorted({basis for part in parts for basis in part.bases}))
        shares = [float(part.estimated_share) for part in parts]
        rests_on["estimated_share"] = max(rests_on["estimated_share"], *shares)
        rests_on |= {"numerator": _amount(above), "denominator": _amount(below)}
        if any(part.value is None for part in parts):
            return self._unplaced(target, rests_on)
        return Cell(self._status(target, parts, rests_on), **rests_on)

    def _unplaced(self, target: str, rests_on: dict[str, Any]) -> Cell:
        """The cell where the shares of divided units are unknown, or the figures cannot be combined."""
        if self.additivity not in _HOW:
            names = [self.passage.register.get(source).name for source in self._sources(target)]
            return not_applicable("indicators.reason_not_combinable_over_units", units=names)
        divided = [piece.source for piece in self.moves.by_target[target] if not piece.is_all_of_source]
        names = [self.passage.register.get(unit).name for unit in divided]
        reason = Reason("indicators.reason_unknown_weights", {"units": names})
        return Cell(ObservationStatus.MISSING, reason=reason, **rests_on)

    def _status(
        self, target: str, parts: Sequence[RecodedValue], rests_on: dict[str, Any]
    ) -> ObservationStatus:
        present = [self.known[source] for source in self._sources(target) if source in self.known]
        seen = [cell.status for cell in present if cell.has_value]
        if rests_on["missing_units"] or target in self.moves.incomplete:
            seen.append(ObservationStatus.PARTIAL)
        if any(part.is_estimated for part in parts):
            seen.append(ObservationStatus.ESTIMATED)
        return worst(seen)


def _is_whole(cell: Cell, *, is_ratio: bool) -> bool:
    return cell.numerator.value is not None and not (is_ratio and cell.denominator.value is None)


def _amount(part: RecodedValue | None) -> Amount:
    return UNKNOWN if part is None else Amount(part.value, part.low, part.high)
