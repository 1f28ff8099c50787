"""Stocks: the latest figure at or before a period's end, on the period's map."""

from collections.abc import Iterator, Mapping
from datetime import date

from vamco.geography.recoding import OnUnknownWeight, recode
from vamco.geography.unit import Level
from vamco.indicators.placing import number
from vamco.indicators.tally import ZERO, Given, Tally
from vamco.indicators.territory import Territory
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

ByTime = Mapping[date, Given]
"""The day that the stock is of (1 January stands for a year) → unit → tally."""


class Stocks:
    """The stocks of one measure; what is worked out for a map is kept."""

    def __init__(self, territory: Territory, by_time: ByTime, at_most_years_old: int) -> None:
        self.territory = territory
        self.by_time = by_time
        self.at_most_years_old = at_most_years_old
        self._kept: dict[tuple[date, Level, tuple[date, ...]], dict[str, Tally]] = {}

    def at(self, period: Period, level: Level) -> dict[str, Tally]:
        """Each unit's latest stock not older than allowed; a whole one goes before a later partial one."""
        years = self.at_most_years_old
        since = date(period.end_on.year - years, 1, 1) if years else period.start_on
        times = tuple(sorted((t for t in self.by_time if since <= t <= period.end_on), reverse=True))
        key = (self.territory.map_of(period.end_on), level, times)
        if key not in self._kept:
            self._kept[key] = self._latest(times, period.end_on, level)
        return self._kept[key]

    def _latest(self, times: tuple[date, ...], on: date, level: Level) -> dict[str, Tally]:
        found: dict[str, Tally] = {}
        for time in times:
            for placed in _candidates(self.territory, self.by_time[time], on, level):
                for unit, stock in placed.items():
                    if unit not in found or (found[unit].is_partial and not stock.is_partial):
                        found[unit] = stock
        return found


def _candidates(territory: Territory, given: Given, on: date, level: Level) -> Iterator[dict[str, Tally]]:
    """The stocks of one time on the day's map: as given, then carried over from other maps, best first."""
    maps = list(_by_map(territory, given, on))
    for day, tallies, of in maps:
        if of is level:
            yield _carried(territory, tallies, day, on)
    if level is Level.PROVINCE:
        for day, tallies, of in maps:
            if of is not level:
                yield _summed(territory, tallies, day, on, of)


def _by_map(territory: Territory, given: Given, on: date) -> Iterator[tuple[date, dict[str, Tally], Level]]:
    """The units that stand together on one map, with a day of it; the map of `on` first."""
    for level in (Level.PROVINCE, Level.COMMUNE):
        rest = {u: c for u, c in given.items() if u and territory.level(u) is level and c.value is not None}
        day = on
        while rest:
            here = {unit: tally for unit, tally in rest.items() if territory.is_on(unit, day)}
            if here:
                yield day, here, level
            rest = {unit: tally for unit, tally in rest.items() if unit not in here}
            day = max((territory.register.get(unit).valid_from_on for unit in rest), default=on)


def _carried(territory: Territory, tallies: Mapping[str, Tally], day: date, on: date) -> dict[str, Tally]:
    if day == on:
        return dict(tallies)
    values = {unit: number(tally.value) for unit, tally in tallies.items()}
    recoding = recode(territory.register, values, day, on, on_unknown_weight=OnUnknownWeight.BOUNDS)
    return {
        unit: Tally(
            float(arrived.value),
            is_partial=arrived.status is ObservationStatus.PARTIAL,
            estimated_share=float(arrived.estimated_share),
        )
        for unit, arrived in recoding.values.items()
        if arrived.value is not None
    }


def _summed(
    territory: Territory, tallies: Mapping[str, Tally], day: date, on: date, level: Level
) -> dict[str, Tally]:
    """Provinces as sums of their units; partial where a unit of the map has no stock."""
    lacking = {territory.home(unit, on) for unit in territory.own(day, level) if unit not in tallies}
    found: dict[str, Tally] = {}
    for unit, tally in tallies.items():
        home = territory.home(unit, on)
        if home is not None:
            so_far = found.get(home, ZERO)
            value = (so_far.value or 0.0) + (tally.value or 0.0)
            found[home] = Tally(value, so_far.n_rows + tally.n_rows, 0, home in lacking)
    return found
