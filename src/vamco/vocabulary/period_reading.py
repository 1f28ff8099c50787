"""Reading a period as people and files write it: one table of forms."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from vamco.vocabulary.period_type import PeriodType, bounds
from vamco.vocabulary.season import SEASONS
from vamco.vocabulary.text import fold

Reading = tuple[date, date, PeriodType, str]  # first day, last day, type, season
_Build = Callable[..., Reading]


def read(text: str) -> Reading:
    """What the text says. Raises `ValueError` when it is no period."""
    folded = fold(text)
    for form, build in _FORMS:
        if found := form.fullmatch(folded):
            return build(*found.groups())
    raise ValueError(text)


def crop(code: str, year: int, start_on: date | None = None, end_on: date | None = None) -> Reading:
    """A crop season harvested in `year`, with its usual dates where none are given."""
    usual = SEASONS[code].bounds(year)
    return start_on or usual[0], end_on or usual[1], PeriodType.CROP_SEASON, f"{year:04}-{code}"


def _around(type: PeriodType, day: date) -> Reading:  # noqa: A002
    return *bounds(type, day), type, ""


def _calendar(type: PeriodType) -> _Build:  # noqa: A002
    return lambda year, month="1", day="1": _around(type, date(int(year), int(month), int(day)))


def _backwards(build: _Build) -> _Build:
    return lambda *numbers: build(*reversed(numbers))


def _week(year: str, week: str) -> Reading:
    return _around(PeriodType.WEEK, date.fromisocalendar(int(year), int(week), 1))


def _quarter(year: str, quarter: str) -> Reading:
    number = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(quarter) or int(quarter)
    return _around(PeriodType.QUARTER, date(int(year), 3 * number, 1))


def _half(year: str, half: str) -> Reading:
    number = {"dau": 1, "cuoi": 2}.get(half) or int(half)
    return _around(PeriodType.HALF_YEAR, date(int(year), 6 * number, 1))


def _school_year(year: str, next_year: str) -> Reading:
    if int(next_year) != int(year) + 1:
        raise ValueError(next_year)
    return _around(PeriodType.SCHOOL_YEAR, date(int(year), 9, 1))


def _crop(year: str, code: str, start: str | None = None, end: str | None = None) -> Reading:
    days = [date.fromisoformat(day) if day else None for day in (start, end)]
    return crop(code.upper(), int(year), *days)


def _named_crop(name: str, sown: str | None, year: str) -> Reading:
    code = next(code for code, season in SEASONS.items() if fold(season.name.vi) == name)
    if sown and (code != "DX" or int(year) != int(sown) + 1):
        raise ValueError(sown)
    return crop(code, int(year))


def _range(start: str, end: str) -> Reading:
    return date.fromisoformat(start), date.fromisoformat(end), PeriodType.RANGE, ""


def _written_range(*numbers: str) -> Reading:
    d, m, y, d2, m2, y2 = map(int, numbers)
    return date(y, m, d), date(y2, m2, d2), PeriodType.RANGE, ""


_ISO = r"(\d{4}-\d\d-\d\d)"
_YEAR = r"(?:/|-| nam |, nam )?\s*(\d{4})"
_DMY = r"(\d{1,2})/(\d{1,2})/(\d{4})"
_FORMS: Final[tuple[tuple[re.Pattern[str], _Build], ...]] = tuple(
    (re.compile(form, re.ASCII), build)
    for form, build in (
        (r"(\d{4})-(\d\d)-(\d\d)", _calendar(PeriodType.DAY)),
        (r"(\d{4})-w(\d\d)", _week),
        (r"(\d{4})-(\d\d)", _calendar(PeriodType.MONTH)),
        (r"(\d{4})-q([1-4])", _quarter),
        (r"(\d{4})-h([12])", _half),
        (r"(?:nam )?(\d{4})", _calendar(PeriodType.YEAR)),
        (r"sy(\d{4})-(\d{4})", _school_year),
        (rf"(\d{{4}})-(dx|ht|td|m)(?::{_ISO}\.\.{_ISO})?", _crop),
        (rf"{_ISO}\.\.{_ISO}", _range),
        (rf"(?:ngay )?{_DMY}", _backwards(_calendar(PeriodType.DAY))),
        (rf"tuan (\d{{1,2}}){_YEAR}", _backwards(_week)),
        (rf"(?:thang )?(\d{{1,2}}){_YEAR}", _backwards(_calendar(PeriodType.MONTH))),
        (rf"quy ([1-4]|i|ii|iii|iv){_YEAR}", _backwards(_quarter)),
        (rf"(?:6|sau) thang (dau|cuoi){_YEAR}", _backwards(_half)),
        (r"nam hoc (\d{4}) ?[-–/] ?(\d{4})", _school_year),
        (r"(?:vu )?(dong xuan|he thu|thu dong|mua) (?:nam )?(?:(\d{4}) ?[-–/] ?)?(\d{4})", _named_crop),
        (rf"(?:tu )?(?:ngay )?{_DMY} ?(?:-|–|den|den ngay) ?{_DMY}", _written_range),
    )
)
