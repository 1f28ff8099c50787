"""A year of the working calendar, month by month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, repeat
from typing import Final

from vamco.deadlines.calendar import filed_days, schedule_now
from vamco.deadlines.models import OPEN_STATES, Clock, Decided, SignedDay
from vamco.deadlines.year import NotableDay, notable_days
from vamco.worktime.calendar import Basis
from vamco.worktime.calendar_day import CalendarDay
from vamco.worktime.shifts import write_shifts

_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One square: whether it is worked, and what of it is not as the ordinary week has it."""

    on: date
    is_working: bool
    notable: NotableDay | None

    @property
    def look(self) -> str:
        """The classes that draw it: off or worked, and on whose word."""
        basis = self.notable.verdict.basis if self.notable else Basis.WEEK
        return f"{'worked' if self.is_working else 'off'} {basis}"


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks from Monday, with None for the days of other months, and what is notable in it."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    notable: tuple[NotableDay, ...]
    n_working: int


@dataclass(frozen=True, slots=True)
class Year:
    """The twelve months, and what rests on them."""

    number: int
    months: tuple[Month, ...]
    n_signed: int
    n_open: int  # deadlines

    @property
    def n_working(self) -> int:
        """How many days are worked."""
        return sum(month.n_working for month in self.months)


def year_of(number: int) -> Year:
    """The year as it stands. Raises `Misused` outside 1901–2100."""
    notable = {each.verdict.on: each for each in notable_days(number)}
    schedule = schedule_now()
    days = [Day(on, schedule.is_working_day(on), notable.get(on)) for on in _days(number)]
    months = tuple(_month(list(of_month)) for _, of_month in groupby(days, key=lambda day: day.on.month))
    return Year(
        number,
        months,
        n_signed=sum(each.verdict.basis is Basis.SIGNED for each in notable.values()),
        n_open=Clock.objects.filter(state__in=OPEN_STATES).count(),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was signed here, or that the province's file brings along (then nobody signed it here)."""

    day: SignedDay | CalendarDay
    stands: bool

    @property
    def hours(self) -> str:
        """The day's own hours, empty when it has none."""
        return self.day.hours if isinstance(self.day, SignedDay) else write_shifts(self.day.shifts)

    @property
    def may_be_taken_back(self) -> bool:
        """Whether it decides its day now."""
        return self.stands and self.day.kind != Decided.TAKEN_BACK


def rows_of(year: int) -> list[Row]:
    """Every row for a day of that year, what was signed last first, then the file's."""
    signed = list(SignedDay.objects.filter(on__year=year).order_by("-id"))
    last: dict[date, int] = {row.on: row.pk for row in reversed(signed)}
    filed = [day for day in filed_days() if day.on.year == year]
    return [Row(row, last[row.on] == row.pk) for row in signed] + [
        Row(day, day.on not in last) for day in filed
    ]


def _days(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(n) for n in range((date(year, 12, 31) - first).days + 1))


def _month(days: list[Day]) -> Month:
    return Month(
        first=days[0].on,
        weeks=tuple(_weeks(days)),
        notable=tuple(day.notable for day in days if day.notable),
        n_working=sum(day.is_working for day in days),
    )


def _weeks(days: Sequence[Day]) -> Iterator[tuple[Day | None, ...]]:
    before = days[0].on.weekday()
    after = -(before + len(days)) % _WEEK
    squares = [*repeat(None, before), *days, *repeat(None, after)]
    return (tuple(squares[n : n + _WEEK]) for n in range(0, len(squares), _WEEK))
