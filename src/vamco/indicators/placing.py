"""From the units that rows name to the units of one map: the map of the period's last day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from vamco.geography.recoding import Additivity, OnUnknownWeight, RecodedValue, recode
from vamco.geography.unit import Level
from vamco.indicators.tally import ZERO, Given, Tally
from vamco.indicators.territory import Territory
from vamco.packs.indicator import Aggregation
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

_DAY: Final = timedelta(days=1)
_COMBINED: Final = {Aggregation.MAXIMUM: Additivity.MAXIMUM, Aggregation.MINIMUM: Additivity.MINIMUM}


def additivity(aggregation: Aggregation) -> Additivity:
    """How numbers of that aggregation make the number of a whole."""
    return _COMBINED.get(aggregation, Additivity.SUM)


def at_level(
    territory: Territory,
    given: Given,
    period: Period,
    level: Level,
    how: Additivity = Additivity.SUM,
    *,
    zero: bool = True,
) -> dict[str, Tally]:
    """The units of the level on the map of the period's last day; with `zero`, no rows are nothing counted.

    A unit without a number is left out, or has None where its number is unknown.
    """
    if level is Level.PROVINCE:
        return _at_provinces(territory, given, period, how, zero=zero)
    here = territory.on(period.end_on, level)
    found = {unit: tally for unit, tally in given.items() if unit in here}
    strays = {u: given[u] for u in given.keys() - here if u and territory.level(u) is level}
    for day in _earlier_maps(territory, strays, period, level):
        for unit, more in _carried(territory, strays, day, period.end_on, level, how, zero=zero):
            found[unit] = _together(found[unit], more, how) if unit in found else more
    if zero and how is Additivity.SUM:
        return dict.fromkeys(territory.own(period.end_on, level), ZERO) | found
    return found


def _earlier_maps(
    territory: Territory, strays: Mapping[str, Tally], period: Period, level: Level
) -> list[date]:
    """A day of each other map that rows of the period stand on, or should."""
    days = {change - _DAY for change in territory.changes(period.start_on, period.end_on, level)}
    for unit in map(territory.register.get, strays):
        if not any(unit.is_valid_on(day) for day in days):
            is_over = unit.valid_to_on is not None and unit.valid_to_on <= period.end_on
            days.add(unit.valid_to_on - _DAY if is_over and unit.valid_to_on else unit.valid_from_on)
    return sorted(days, reverse=True)


def _carried(
    territory: Territory,
    strays: Mapping[str, Tally],
    day: date,
    to_on: date,
    level: Level,
    how: Additivity,
    *,
    zero: bool,
) -> Iterator[tuple[str, Tally]]:
    """What units of the day's map, which are not on the target map, give to those that are."""
    register = territory.register
    ends = {unit: tally for unit, tally in strays.items() if _leaves_on(territory, unit, day)}
    values = {unit: number(tally.value) for unit, tally in ends.items()}
    if how is Additivity.SUM:
        for unit in territory.own(day, level):
            if unit not in ends and (zero or territory.is_on(unit, to_on)):
                values[unit] = 0
    if not any(unit in ends or not territory.is_on(unit, to_on) for unit in values):
        return
    recoding = recode(register, values, day, to_on, how, on_unknown_weight=OnUnknownWeight.BOUNDS)
    n_rows: defaultdict[str, int] = defaultdict(int)
    n_excluded: defaultdict[str, int] = defaultdict(int)
    for unit, tally in ends.items():
        for kin in register.kin_on(register.get(unit), to_on):
            n_rows[kin.unit_id] += tally.n_rows
            n_excluded[kin.unit_id] += tally.n_excluded
    for unit, arrived in recoding.values.items():
        if unit in n_rows or arrived.value is not None:
            is_whole = how is not Additivity.SUM and zero
            yield unit, _arrived(arrived, n_rows[unit], n_excluded[unit], is_whole=is_whole)


def _leaves_on(territory: Territory, unit_id: str, day: date) -> bool:
    """Whether the day is the last of the unit's life that matters, so that it is carried over once."""
    unit = territory.register.get(unit_id)
    return unit.is_valid_on(day) and (unit.valid_to_on == day + _DAY or unit.valid_from_on == day)


def _arrived(arrived: RecodedValue, n_rows: int, n_excluded: int, *, is_whole: bool) -> Tally:
    is_partial = arrived.status is ObservationStatus.PARTIAL and not is_whole
    value = None if arrived.value is None else float(arrived.value)
    return Tally(value, n_rows, n_excluded, is_partial, float(arrived.estimated_share))


def _together(one: Tally, other: Tally, how: Additivity) -> Tally:
    value = combined([one.value, other.value], how)
    if how is Additivity.SUM and (one.value is None or other.value is None):
        value = None
    size = abs(one.value or 0) + abs(other.value or 0)
    resting = one.estimated_share * abs(one.value or 0) + other.estimated_share * abs(other.value or 0)
    return Tally(
        value,
        one.n_rows + other.n_rows,
        one.n_excluded + other.n_excluded,
        one.is_partial or other.is_partial,
        round(resting / size, 6) if size else 0.0,
    )


def _at_provinces(
    territory: Territory, given: Given, period: Period, how: Additivity, *, zero: bool
) -> dict[str, Tally]:
    """Every row is counted in the province that its unit lies in; rows without a unit in the only one."""
    own = territory.own(period.end_on, Level.PROVINCE)
    tallies: defaultdict[str, list[Tally]] = defaultdict(list)
    n_homeless = 0
    homes = territory.homes(period.end_on, Level.PROVINCE)
    only = own[0] if len(own) == 1 else None
    for unit, tally in given.items():
        home = homes.get(unit) if unit else only
        if home is None:
            n_homeless += tally.n_rows + tally.n_excluded
        else:
            tallies[home].append(tally)
    lacking = set() if zero else _lacking(territory, given, period)
    found = {unit: _sum_of(of, how, is_partial=unit in lacking) for unit, of in tallies.items()}
    for unit in own:
        if unit not in found and zero and how is Additivity.SUM:
            found[unit] = ZERO
        if unit in found and n_homeless:
            found[unit] = found[unit]._replace(n_excluded=found[unit].n_excluded + n_homeless)
    return found


def whole_province(territory: Territory, given: Given, period: Period, level: Level) -> dict[str, Tally]:
    """Rows that name no unit speak of the one province there is; before it was one, of the one it became."""
    if level is not Level.PROVINCE or None not in given:
        return {}
    own = territory.own(period.end_on, Level.PROVINCE)
    if len(own) != 1:
        own = territory.own(date.max, Level.PROVINCE)
    return {own[0]: given[None]}


def _sum_of(tallies: list[Tally], how: Additivity, *, is_partial: bool) -> Tally:
    values, n_rows, n_excluded, *_ = zip(*tallies, strict=True)
    return Tally(combined(values, how), sum(n_rows), sum(n_excluded), is_partial)


def _lacking(territory: Territory, given: Given, period: Period) -> set[str | None]:
    """Provinces of which some unit that should have rows has none."""
    levels = {territory.level(unit) for unit in given if unit}
    level = Level.COMMUNE if Level.COMMUNE in levels else Level.PROVINCE
    changes = territory.changes(period.start_on, period.end_on, level)
    homes = territory.homes(period.end_on, Level.PROVINCE)
    return {
        homes.get(unit)
        for day in (period.end_on, *(change - _DAY for change in changes))
        for unit in territory.own(day, level)
        if unit not in given
    }


def combined(values: Sequence[float | None], how: Additivity) -> float | None:
    """The number of a whole from those of its parts that have one; None when none has."""
    present = [value for value in values if value is not None]
    if not present:
        return None
    return {Additivity.MAXIMUM: max, Additivity.MINIMUM: min}.get(how, sum)(present)


def number(value: float | None) -> int | Decimal | None:
    """The value as recoding counts it."""
    if value is None:
        return None
    return int(value) if value == int(value) else Decimal(repr(value))
