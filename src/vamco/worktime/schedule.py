"""When the offices are open: the calendar says which days, the working hours say when on them."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from importlib.metadata import version
from itertools import accumulate
from typing import Final
from zoneinfo import ZoneInfo

from vamco.vocabulary.errors import Misused
from vamco.worktime.calendar import Basis, WorkCalendar
from vamco.worktime.hours import WorkingHours
from vamco.worktime.shifts import Shifts, write_shifts

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Year:
    """Working time and working days of a year, each summed up to the beginning of every day and to the end."""

    time: Sequence[int]  # microseconds
    days: Sequence[int]


@dataclass(frozen=True)
class Schedule:
    """The working time of the province's offices. Years are summed up once, when first asked for."""

    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    hours: WorkingHours = field(default_factory=WorkingHours.usual)

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of everything that says when the offices are open."""
        signed = sorted(
            (str(day.on), day.is_working, write_shifts(day.shifts)) for day in self.calendar.signed.values()
        )
        week = [write_shifts(shifts) for shifts in (*self.hours.week, self.hours.made_up_day)]
        return hashlib.sha256(json.dumps([signed, week, version("holidays")]).encode()).hexdigest()

    def shifts_on(self, on: date) -> Shifts:
        """When the offices work on that day; nothing on a day off. Raises `Misused` outside 1901–2100."""
        verdict = self.calendar.explain(on)
        if verdict.row and verdict.row.is_working and verdict.row.shifts:
            return verdict.row.shifts
        if verdict.basis is Basis.WEEK:
            return self.hours.on_weekday(on)
        return self.hours.when_worked(on) if verdict.is_working else ()

    def is_working_day(self, on: date) -> bool:
        """Whether the offices work at all on that day."""
        year = self._year(on.year)
        n = on.timetuple().tm_yday
        return year.days[n] > year.days[n - 1]

    def next_working_day(self, on: date) -> date:
        """The day itself when worked, else the first worked day after it (Civil Code 2015, art. 148.5)."""
        return on if self.is_working_day(on) else self.add_days(on, 1)

    def closing(self, on: date) -> datetime:
        """When the offices close on that day; the end of the day when they are not open."""
        shifts = self.shifts_on(on)
        return datetime.combine(on, shifts[-1].closes if shifts else time.max, ZONE)

    def add_days(self, on: date, n: int) -> date:
        """The n-th working day after `on`; the day itself for zero. Raises `Misused` below zero."""
        if n < 0:
            raise Misused("worktime.negative_days", n=n)
        if n == 0:
            return on
        wanted = n + self._year(on.year).days[on.timetuple().tm_yday]
        year, wanted = self._year_holding(on.year, wanted, "days")
        return _day(year, bisect_left(self._year(year).days, wanted))

    def days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` comes first."""
        if end < start:
            return -self.days_between(end, start)
        n = sum(self._year(year).days[-1] for year in range(start.year, end.year))
        return (
            n
            + self._year(end.year).days[end.timetuple().tm_yday]
            - self._year(start.year).days[start.timetuple().tm_yday]
        )

    def add_time(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment at which that much working time has passed since `start`; `start` for none."""
        start = at_home(start)
        if not amount:
            return start
        wanted = self._worked_this_year(start) + amount // _MICROSECOND
        year, wanted = self._year_holding(start.year, wanted, "time")
        before = self._year(year).time
        n = bisect_left(before, wanted)
        return self._moment(_day(year, n), wanted - before[n - 1])

    def time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` comes first."""
        start, end = at_home(start), at_home(end)
        if end < start:
            return -self.time_between(end, start)
        total = sum(self._year(year).time[-1] for year in range(start.year, end.year))
        return (total + self._worked_this_year(end) - self._worked_this_year(start)) * _MICROSECOND

    def _year_holding(self, year: int, wanted: int, what: str) -> tuple[int, int]:
        """The year in which a sum that is counted from the beginning of `year` is reached, and what is left for it."""
        while (total := getattr(self._year(year), what)[-1]) < wanted:
            year, wanted = year + 1, wanted - total
        return year, wanted

    def _worked_this_year(self, moment: datetime) -> int:
        today = sum(
            max(_since_midnight(min(shift.closes, moment.time())) - _since_midnight(shift.opens), 0)
            for shift in self.shifts_on(moment.date())
        )
        return self._year(moment.year).time[moment.timetuple().tm_yday - 1] + today

    def _moment(self, on: date, worked: int) -> datetime:
        """When that day's work has come to `worked` microseconds."""
        for shift in self.shifts_on(on):
            length = _since_midnight(shift.closes) - _since_midnight(shift.opens)
            if worked <= length:
                return datetime.combine(on, shift.opens, ZONE) + worked * _MICROSECOND
            worked -= length
        raise AssertionError(on)

    @cached_property
    def _years(self) -> dict[int, _Year]:
        return {}

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            self._years[year] = self._summed(year)
        return self._years[year]

    def _summed(self, year: int) -> _Year:
        n_days = date(year, 12, 31).timetuple().tm_yday
        shifts = [self.shifts_on(_day(year, n)) for n in range(1, n_days + 1)]
        lengths = [
            sum(_since_midnight(s.closes) - _since_midnight(s.opens) for s in of_day) for of_day in shifts
        ]
        return _Year(tuple(accumulate(lengths, initial=0)), tuple(accumulate(map(bool, shifts), initial=0)))


def at_home(moment: datetime) -> datetime:
    """The moment on the province's clock. Raises `Misused` when its time zone is not known."""
    if moment.tzinfo is None:
        raise Misused("worktime.naive_moment", moment=moment)
    return moment.astimezone(ZONE)


def _day(year: int, n: int) -> date:
    return date(year, 1, 1) + timedelta(n - 1)


def _since_midnight(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond
