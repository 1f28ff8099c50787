"""The same period of past years: by counting periods, by date, or by distance from Tết, which moves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import holidays
import numpy as np

from vamco.alerts.detectors.bounds import Flags, Ints

_NEW_YEAR = "Tết Nguyên Đán"
_NEAR_TET = timedelta(weeks=4)
_DECEMBER = 12
_WEEK = 7.0


def by_count(n_times: int, years: int, period: int = 52) -> Ints:
    """Indices [n_times, years] of the same period 1, 2 … years before; negative where history ends."""
    return np.arange(n_times)[:, None] - period * np.arange(1, years + 1)


def by_date(starts: Sequence[date], years: int) -> Ints:
    """As `by_count`, by the period that starts nearest to the same date: a year of 53 weeks shifts nothing."""
    days = _ordinals(starts)
    wanted = [[years_before(start, back).toordinal() for back in range(1, years + 1)] for start in starts]
    return _nearest(days, np.array(wanted, dtype=np.int64))


def by_tet(starts: Sequence[date], years: int, new_years: Mapping[int, date] | None = None) -> Ints:
    """As `by_date`, but within four weeks of Tết by the distance from it: Tết weeks meet Tết weeks.

    Periods longer than a week keep their date: a month is compared with the same month.
    """
    if _step(_ordinals(starts)) > _WEEK:
        return by_date(starts, years)
    tet = new_years or new_year_days(range(starts[0].year - years, starts[-1].year + 2))
    wanted = [[_tet_before(start, back, tet).toordinal() for back in range(1, years + 1)] for start in starts]
    return _nearest(_ordinals(starts), np.array(wanted, dtype=np.int64))


def tet_periods(
    starts: Sequence[date], *, before: int = 7, after: int = 14, new_years: Mapping[int, date] | None = None
) -> Flags:
    """Which periods [n_times] touch the days from `before` to `after` the lunar new year."""
    tet = new_years or new_year_days(range(starts[0].year, starts[-1].year + 2))
    days = _ordinals(starts)
    ends = np.append(days[1:], days[-1] + round(_step(days))) - 1
    found = np.zeros(len(starts), dtype=np.bool_)
    for day in tet.values():
        found |= (days <= day.toordinal() + after) & (ends >= day.toordinal() - before)
    return found


def new_year_days(years: Iterable[int]) -> dict[int, date]:
    """The first day of the lunar year by calendar year, from the tables of the library `holidays` (UTC+7)."""
    wanted = list(years)
    found = holidays.country_holidays("VN", years=wanted, language="vi")
    return {day.year: day for day, name in found.items() if name == _NEW_YEAR and day.year in wanted}


def years_before(day: date, back: int) -> date:
    """The same date `back` years before; 29 February becomes 1 March, as in R."""
    try:
        return day.replace(year=day.year - back)
    except ValueError:
        return date(day.year - back, 3, 1)


def _tet_before(start: date, back: int, tet: Mapping[int, date]) -> date:
    year = start.year + (start.month == _DECEMBER)
    distance = start - tet[year]
    return years_before(start, back) if abs(distance) > _NEAR_TET else tet[year - back] + distance


def _ordinals(starts: Sequence[date]) -> Ints:
    return np.array([start.toordinal() for start in starts], dtype=np.int64)


def _step(days: Ints) -> float:
    """The usual length of a period in days; 1 where there is only one period."""
    return float((days[-1] - days[0]) / (len(days) - 1)) if len(days) > 1 else 1.0


def _nearest(days: Ints, wanted: Ints) -> Ints:
    """Index of the period whose start is nearest; before the first one, counted back at the usual step."""
    right = np.minimum(np.searchsorted(days, wanted), len(days) - 1)
    left = np.maximum(right - 1, 0)
    nearest = np.where(wanted - days[left] <= days[right] - wanted, left, right)
    back = np.rint((wanted - days[0]) / _step(days)).astype(np.int64)
    return np.where(wanted < days[0], np.minimum(back, nearest), nearest)
