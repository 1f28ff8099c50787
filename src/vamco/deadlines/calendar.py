"""The working time that holds now: the province's files, and over them what was signed here."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from vamco.deadlines.models import Decided, SignedDay
from vamco.worktime.calendar import WorkCalendar
from vamco.worktime.calendar_day import CalendarDay, DayKind, load_calendar_days
from vamco.worktime.hours import WorkingHours
from vamco.worktime.schedule import Schedule
from vamco.worktime.shifts import read_shifts


def calendar_now() -> WorkCalendar:
    """The calendar with every row that stands."""
    return _calendar(standing_days())


def calendar_known_on(day: date) -> WorkCalendar:
    """The calendar with what had been announced by that day: what a deadline rested on then."""
    return _calendar(standing_days(known_on=day))


def schedule_now() -> Schedule:
    """The working time of the province's offices."""
    return schedule_with(standing_days())


def schedule_with(days: Iterable[CalendarDay]) -> Schedule:
    """The working time if those rows stood. Raises as `WorkingHours.load`."""
    return _schedule(tuple(days), hours_now())


def standing_days(known_on: date = date.max) -> tuple[CalendarDay, ...]:
    """The rows that stand, one a day and by date, of those announced by `known_on`."""
    standing = {day.on: day for day in filed_days() if day.announced_on <= known_on}
    for row in SignedDay.objects.filter(announced_on__lte=known_on).order_by("id"):
        standing.pop(row.on, None)
        if row.kind != Decided.TAKEN_BACK:
            standing[row.on] = as_day(row)
    return tuple(standing[on] for on in sorted(standing))


def filed_days() -> tuple[CalendarDay, ...]:
    """The rows that the province's `calendar.csv` brings along. Raises as `load_calendar_days`."""
    path = _folder() / "calendar.csv"
    return _filed_days(path, _changed_at(path))


def hours_now() -> WorkingHours:
    """The office hours of the province's `working_hours.yaml`. Raises as `WorkingHours.load`."""
    path = _folder() / "working_hours.yaml"
    return _filed_hours(path, _changed_at(path))


def as_day(row: SignedDay) -> CalendarDay:
    """The row as the calendar reads it."""
    return CalendarDay(
        row.on,
        DayKind(row.kind),
        row.title,
        row.decision,
        row.announced_on,
        row.source,
        row.verified,
        read_shifts(row.hours),
    )


def _folder() -> Path:
    return Path(settings.PROVINCES_DIR) / settings.PROVINCE


def _changed_at(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


# what is summed up for a year is kept as long as the rows under it stay the same
@lru_cache(maxsize=8)
def _calendar(days: tuple[CalendarDay, ...]) -> WorkCalendar:
    return WorkCalendar.of(days)


@lru_cache(maxsize=8)
def _schedule(days: tuple[CalendarDay, ...], hours: WorkingHours) -> Schedule:
    return Schedule(_calendar(days), hours)


@lru_cache(maxsize=4)
def _filed_days(path: Path, _changed_at: int) -> tuple[CalendarDay, ...]:
    return load_calendar_days(path)


@lru_cache(maxsize=4)
def _filed_hours(path: Path, _changed_at: int) -> WorkingHours:
    return WorkingHours.load(path)
