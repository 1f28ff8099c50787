"""Figures of wholes from those of their parts: provinces from communes, quarters and years from months."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from vamco.geography.register import Register
from vamco.geography.unit import Level
from vamco.indicators.cell import MISSING, Amount, Cell, not_applicable
from vamco.indicators.combining import Join, combined, is_there
from vamco.indicators.figure import Reason
from vamco.indicators.stored import Cells, is_ratio
from vamco.packs.indicator import Additivity, Aggregation, Definition, Indicator, Measure
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period


def _sum(numbers: Sequence[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def _last(numbers: Sequence[Decimal]) -> Decimal:
    return numbers[-1]


_OVER_UNITS: Final[Mapping[Additivity, Join]] = {
    Additivity.ADDITIVE: _sum,
    Additivity.RATIO: _sum,
    Additivity.MAXIMUM: max,
    Additivity.MINIMUM: min,
}
_OVER_TIME: Final[Mapping[Additivity, Join]] = {
    Additivity.ADDITIVE: _sum,
    Additivity.LAST: _last,
    Additivity.MAXIMUM: max,
    Additivity.MINIMUM: min,
}
_PARTS_OF_RATIO: Final[Mapping[Aggregation, Join]] = {
    Aggregation.COUNT: _sum,
    Aggregation.SUM: _sum,
    Aggregation.AVERAGE: _sum,
    Aggregation.LAST: _last,  # people are not added up over the months
    Aggregation.MAXIMUM: max,
    Aggregation.MINIMUM: min,
}


def makes_wholes(indicator: Indicator) -> bool:
    """Whether figures of communes can be put together to those of units above them."""
    return indicator.over_units in _OVER_UNITS


def over_units(
    register: Register,
    indicator: Indicator,
    definition: Definition,
    cells: Cells,
    from_on: date,
    to_on: date,
    level: Level,
) -> Cells:
    """Cells of communes (map of `from_on`) as cells of the units above them on the map of `to_on`.

    A commune whose territory lies in two of them goes to neither: only bounds are then known.
    """
    targets = {unit.unit_id: unit for unit in register.units_on(to_on, level)}
    join = _OVER_UNITS.get(indicator.over_units)
    if join is None:
        return dict.fromkeys(targets, not_applicable("indicators.reason_only_from_rows"))
    ratio = is_ratio(indicator, definition)
    members = _members(register, from_on, to_on, level)
    return {
        target: _whole_of(cells, members[target], join, is_ratio=ratio)
        for target in targets
        if target in members
    }


def _whole_of(cells: Cells, members: Mapping[str, bool], join: Join, *, is_ratio: bool) -> Cell:
    """The cell of the members, each with whether all of it lies in the whole."""
    held = [
        _as_member(cells.get(unit, MISSING), is_all_in=is_all_in, is_sum=join is _sum)
        for unit, is_all_in in members.items()
    ]
    missing = tuple(
        unit
        for unit, cell in zip(members, held, strict=True)
        if not is_there(cell, is_ratio=is_ratio) and cell.status is not ObservationStatus.NOT_APPLICABLE
    )
    return combined(held, [1.0] * len(held), join, _sum if is_ratio else None, missing_units=missing)


def _as_member(cell: Cell, *, is_all_in: bool, is_sum: bool) -> Cell:
    if is_all_in or cell.numerator.value is None:
        return cell
    return replace(
        cell,
        numerator=_anything_up_to(cell.numerator) if is_sum else Amount(),
        denominator=_anything_up_to(cell.denominator),
        reason=Reason("indicators.reason_straddles"),
    )


def _anything_up_to(amount: Amount) -> Amount:
    if amount.value is None:
        return amount
    return Amount(None, min(amount.value, Decimal(0)), max(amount.value, Decimal(0)))


@lru_cache(maxsize=256)
def _members(
    register: Register, from_on: date, to_on: date, level: Level
) -> Mapping[str, Mapping[str, bool]]:
    """The communes that lie in each unit above, with whether they do so entirely."""
    found: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for commune in register.units_on(from_on, Level.COMMUNE):
        above = {
            unit.unit_id
            for kin in register.kin_on(commune, to_on)
            for unit in register.ancestors(kin, to_on)
            if unit.level is level
        }
        for unit_id in above:
            found[unit_id][commune.unit_id] = len(above) == 1
    return found


def over_time(indicator: Indicator, definition: Definition, parts: Sequence[tuple[Period, Cell]]) -> Cell:
    """The cell of a period from those of its parts, in order; parts without one make it partial."""
    if len(parts) == 1:
        return parts[0][1]
    versions = {cell.version for _, cell in parts if cell.version is not None}
    if len(versions) > 1:
        return not_applicable("indicators.reason_several_definitions", versions=sorted(versions))
    joins = _joins(indicator, definition)
    if joins is None:
        return not_applicable("indicators.reason_not_combinable_over_time")
    ratio = is_ratio(indicator, definition)
    missing = tuple(
        period
        for period, cell in parts
        if not is_there(cell, is_ratio=ratio) and cell.status is not ObservationStatus.NOT_APPLICABLE
    )
    weights = [float((period.end_on - period.start_on).days + 1) for period, _ in parts]
    return combined([cell for _, cell in parts], weights, *joins, missing_periods=missing)


def _joins(indicator: Indicator, definition: Definition) -> tuple[Join, Join | None] | None:
    """How numerators and denominators follow each other; None where only the rows can tell."""
    if indicator.over_time is Additivity.RATIO and is_ratio(indicator, definition):
        above, below = _join_of(definition.numerator), _join_of(definition.denominator)
        return (above, below) if above and below else None
    join = _OVER_TIME.get(indicator.over_time)
    if join is None:
        return None
    if not is_ratio(indicator, definition):
        return join, None
    return (join, join) if indicator.over_time is Additivity.LAST else None


def _join_of(measure: Measure | None) -> Join | None:
    """Of a part of a ratio; an average's own count and a reviewed query's outputs are added up."""
    return _sum if measure is None else _PARTS_OF_RATIO.get(measure.aggregation)
