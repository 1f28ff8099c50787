"""Working days: the library `holidays` proposes, the signed rows of the province decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import holidays

from vamco.vocabulary.errors import Misused
from vamco.worktime.calendar_day import CalendarDay, load_calendar_days

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_FIRST_YEAR: Final = 1901  # the library's table of the lunar year, reckoned for UTC+7
_LAST_YEAR: Final = 2100


class Basis(StrEnum):
    """Who says whether a day is worked, from the strongest to the weakest."""

    SIGNED = "signed"
    PROPOSED = "proposed"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """Whether a day is worked and why; `row` is the signed row that decides, if one does."""

    on: date
    is_working: bool
    basis: Basis
    title: str = ""
    row: CalendarDay | None = None


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of an office that works Monday to Friday. A signed row wins over the library."""

    signed: Mapping[date, CalendarDay] = field(default_factory=dict)

    @classmethod
    def of(cls, days: Iterable[CalendarDay]) -> "WorkCalendar":
        """The calendar that these signed rows decide."""
        return cls(MappingProxyType({day.on: day for day in days}))

    @classmethod
    def load(cls, path: Path) -> "WorkCalendar":
        """The calendar of a `calendar.csv`. Raises as `load_calendar_days`."""
        return cls.of(load_calendar_days(path))

    def as_known_on(self, day: date) -> "WorkCalendar":
        """The calendar with the decisions announced by that day: what a deadline rested on then."""
        return WorkCalendar.of(row for row in self.signed.values() if row.announced_on <= day)

    def explain(self, on: date) -> DayVerdict:
        """Whether the day is worked, and on whose word. Raises `Misused` outside 1901–2100."""
        if row := self.signed.get(on):
            return DayVerdict(on, row.is_working, Basis.SIGNED, row.title, row)
        proposal = _proposal(on.year)
        if on in proposal.days_off:
            return DayVerdict(on, is_working=False, basis=Basis.PROPOSED, title=proposal.days_off[on])
        if on in proposal.workdays:
            return DayVerdict(on, is_working=True, basis=Basis.PROPOSED)
        return DayVerdict(on, is_working=on.weekday() < _SATURDAY, basis=Basis.WEEK)

    def is_working_day(self, on: date) -> bool:
        """Whether the office works on that day."""
        return self.explain(on).is_working

    def next_working_day(self, on: date) -> date:
        """The day itself when worked, else the first worked day after it (Civil Code 2015, art. 148.5)."""
        while not self.is_working_day(on):
            on += _DAY
        return on

    def add_working_days(self, on: date, n: int) -> date:
        """The n-th working day after `on`; the day itself for zero. Raises `Misused` below zero."""
        if n < 0:
            raise Misused("worktime.negative_days", n=n)
        for _ in range(n):
            on = self.next_working_day(on + _DAY)
        return on

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` comes first."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + n * _DAY) for n in range(1, (end - start).days + 1))


@dataclass(frozen=True, slots=True)
class _Proposal:
    days_off: Mapping[date, str]
    workdays: frozenset[date]


def check_year(year: int) -> None:
    """Raises `Misused` for a year whose lunar days nobody has reckoned."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Misused("worktime.year_out_of_range", year=year, first=_FIRST_YEAR, last=_LAST_YEAR)


@cache
def _proposal(year: int) -> _Proposal:
    check_year(year)
    found = holidays.country_holidays("VN", years=year, language="vi")
    return _Proposal(dict(found), frozenset(found.weekend_workdays))
