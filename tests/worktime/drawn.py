"""Random calendars, schedules and moments for the laws of working time."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from vamco.worktime.calendar import WorkCalendar
from vamco.worktime.calendar_day import CalendarDay, DayKind
from vamco.worktime.hours import WorkingHours
from vamco.worktime.schedule import ZONE, Schedule
from vamco.worktime.shifts import read_shifts

FIRST, LAST = date(2025, 11, 1), date(2026, 12, 31)  # a few years at most, each summed up once
HOURS = ("", "07:30-11:30", "13:30-17:00", "07:30-11:30 13:30-17:00", "00:00-12:00 12:30-23:59")

days = st.dates(FIRST, LAST)
moments = st.integers(0, 400 * 24 * 3600).map(
    lambda n: datetime(2025, 11, 1, tzinfo=UTC) + timedelta(seconds=n)
)
shifts = st.sampled_from(HOURS).map(read_shifts)


@st.composite
def calendars(draw):
    decided = draw(
        st.dictionaries(days, st.tuples(st.sampled_from(DayKind), shifts), min_size=5, max_size=60)
    )
    return WorkCalendar.of(
        CalendarDay(on, kind, "", "", on, "", False, own) for on, (kind, own) in decided.items()
    )


@st.composite
def schedules(draw):
    week = draw(st.lists(shifts, min_size=6, max_size=6))
    worked = read_shifts("07:30-11:30")  # no schedule without any work
    return Schedule(draw(calendars()), WorkingHours((worked, *week), draw(shifts) or worked))


def at(text: str) -> datetime:
    """A moment on the province's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
