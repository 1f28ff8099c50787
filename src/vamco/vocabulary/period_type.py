"""The types of period, and the days at which the calendar cuts them."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_DAY: Final = timedelta(days=1)


class PeriodType(StrEnum):
    """What kind of period it is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    CROP_SEASON = "crop_season"
    RANGE = "range"


_MONTHS_AND_FIRST: Final = {
    PeriodType.MONTH: (1, 1),
    PeriodType.QUARTER: (3, 1),
    PeriodType.HALF_YEAR: (6, 1),
    PeriodType.YEAR: (12, 1),
    PeriodType.SCHOOL_YEAR: (12, 9),
}


def first_of(month_index: int) -> date:
    """The first day of a month counted from year 0: `year * 12 + month - 1`."""
    return date(month_index // 12, month_index % 12 + 1, 1)


def bounds(type: PeriodType, day: date) -> tuple[date, date]:  # noqa: A002
    """First and last day of the calendar period of that type around the day."""
    if type is PeriodType.DAY:
        return day, day
    if type is PeriodType.WEEK:
        monday = day - day.weekday() * _DAY
        return monday, monday + 6 * _DAY
    n_months, first_month = _MONTHS_AND_FIRST[type]
    month_index = day.year * 12 + day.month - 1
    first = month_index - (month_index - first_month + 1) % n_months
    return first_of(first), first_of(first + n_months) - _DAY
