"""Days and hours together: split shifts, worked Saturdays, days with hours of their own."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worktime.drawn import at, days, moments, schedules

from vamco.vocabulary.errors import Misused, NotFound
from vamco.worktime.calendar import WorkCalendar
from vamco.worktime.calendar_day import CalendarDay, DayKind
from vamco.worktime.clock import add, elapsed
from vamco.worktime.hours import WorkingHours
from vamco.worktime.schedule import ZONE, Schedule
from vamco.worktime.shifts import read_shifts, write_shifts

PROVINCE = Path(__file__).parents[2] / "provinces" / "tay-ninh"
CALENDAR = WorkCalendar.load(PROVINCE / "calendar.csv")
TAY_NINH = Schedule(CALENDAR, WorkingHours.load(PROVINCE / "working_hours.yaml"))
law = settings(deadline=None, max_examples=50)
hours = st.integers(0, 400 * 3600).map(lambda n: timedelta(seconds=n))


def with_hours(on: str, text: str) -> Schedule:
    day = CalendarDay(
        date.fromisoformat(on), DayKind.WORKDAY, "", "", date(2026, 1, 1), "", True, read_shifts(text)
    )
    return Schedule(WorkCalendar.of([day]))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-20 08:00", 2, "2026-11-20 10:00"),
        ("2026-11-20 11:00", 1, "2026-11-20 14:00"),  # over the break at noon
        ("2026-11-20 12:15", 1, "2026-11-20 14:30"),  # started in it
        ("2026-11-20 16:00", 2, "2026-11-23 08:30"),  # over a weekend
        ("2026-11-23 16:30", 1, "2026-11-25 08:00"),  # over Culture Day
        ("2026-02-13 16:00", 2, "2026-02-23 08:30"),  # over Tết
        ("2026-01-09 16:00", 2, "2026-01-10 08:30"),  # the Saturday worked for 2 January
        ("2026-11-21 09:00", 0.5, "2026-11-23 08:00"),  # started on a Saturday
    ],
)
def test_working_hours_run_only_while_the_offices_are_open(start, hours, due):
    assert add(TAY_NINH, at(start), timedelta(hours=hours)) == at(due)


def test_a_day_may_have_hours_of_its_own():
    closed_at_noon = with_hours("2026-11-20", "07:30-11:30")
    assert add(closed_at_noon, at("2026-11-20 11:00"), timedelta(hours=1)) == at("2026-11-23 08:00")
    afternoon_only = with_hours("2026-11-20", "13:30-17:00")
    assert add(afternoon_only, at("2026-11-20 08:00"), timedelta(hours=1)) == at("2026-11-20 14:30")


def test_an_office_that_works_saturday_mornings_counts_them():
    week = (*WorkingHours.usual().week[:5], read_shifts("07:30-11:30"), ())
    schedule = Schedule(CALENDAR, WorkingHours(week, read_shifts("07:30-11:30")))
    assert add(schedule, at("2026-11-20 16:00"), timedelta(hours=2)) == at("2026-11-21 08:30")
    assert schedule.is_working_day(date(2026, 11, 21))


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(Misused, match="naive_moment"):
        add(TAY_NINH, at("2026-11-20 08:00").replace(tzinfo=None), timedelta(hours=1))


def test_time_cannot_be_added_backwards():
    with pytest.raises(Misused, match="negative_amount"):
        add(TAY_NINH, at("2026-11-20 08:00"), timedelta(hours=-1))


def test_offices_that_never_open_are_refused_and_not_searched_for_ever():
    never = Schedule(CALENDAR, WorkingHours(((),) * 7, ()))
    with pytest.raises(Misused, match="year_out_of_range"):
        never.add_days(date(2098, 1, 1), 1)


@pytest.mark.parametrize("text", ["7:30-11:30", "07:30-07:00", "07:30-11:30 11:00-12:00", "25:00-26:00"])
def test_shifts_that_overlap_or_end_before_they_begin_are_refused(text):
    with pytest.raises(Misused, match="bad_shifts"):
        read_shifts(text)


def test_shifts_are_written_as_they_are_read():
    assert write_shifts(read_shifts("07:30-11:30 13:30-17:00")) == "07:30-11:30 13:30-17:00"


def test_a_file_of_hours_names_what_is_wrong_in_it(tmp_path):
    good = (PROVINCE / "working_hours.yaml").read_text("utf-8")
    file = tmp_path / "working_hours.yaml"
    file.write_text(good.replace("thu: 07:30", "thu: 19:30"), encoding="utf-8")
    with pytest.raises(Misused, match="thu"):
        WorkingHours.load(file)
    with pytest.raises(NotFound):
        WorkingHours.load(tmp_path / "none.yaml")


@law
@given(schedules(), moments, hours)
def test_measuring_undoes_adding(schedule, start, amount):
    assert elapsed(schedule, start, add(schedule, start, amount)) == amount


@law
@given(schedules(), moments, moments)
def test_adding_what_was_measured_comes_back_unless_nothing_worked_lies_between(schedule, a, b):
    start, end = sorted((a, b))
    back = add(schedule, start, elapsed(schedule, start, end))
    assert back <= end
    assert elapsed(schedule, back, end) == timedelta()


@law
@given(schedules(), moments, moments, moments)
def test_spans_of_working_time_add_up_and_turn_round(schedule, a, b, c):
    assert elapsed(schedule, a, b) + elapsed(schedule, b, c) == elapsed(schedule, a, c)
    assert elapsed(schedule, a, b) == -elapsed(schedule, b, a)


@law
@given(schedules(), moments, hours, hours)
def test_adding_in_two_steps_is_adding_at_once(schedule, start, a, b):
    assert add(schedule, add(schedule, start, a), b) == add(schedule, start, a + b)


@law
@given(schedules(), moments, moments, hours, hours)
def test_what_starts_later_or_is_longer_never_ends_earlier(schedule, a, b, short, more):
    start, later = sorted((a, b))
    assert add(schedule, start, short) <= add(schedule, later, short)
    assert add(schedule, start, short) <= add(schedule, start, short + more)


@settings(law, max_examples=15)
@given(schedules(), moments)
def test_working_time_is_what_a_count_of_every_minute_finds(schedule, moment):
    start = moment.replace(second=0)
    counted = sum(is_open(schedule, start + timedelta(minutes=n)) for n in range(2000))
    assert elapsed(schedule, start, start + timedelta(minutes=2000)) == timedelta(minutes=counted)


def is_open(schedule, moment) -> bool:
    local = moment.astimezone(ZONE)
    return any(s.opens <= local.time() < s.closes for s in schedule.shifts_on(local.date()))


@law
@given(schedules(), days, st.integers(0, 300))
def test_counting_days_undoes_adding_them(schedule, start, n):
    end = schedule.add_days(start, n)
    assert schedule.days_between(start, end) == n
    assert n == 0 or schedule.is_working_day(end)


@law
@given(days, st.integers(0, 60))
def test_days_of_the_usual_hours_are_days_of_the_calendar(start, n):
    assert TAY_NINH.add_days(start, n) == CALENDAR.add_working_days(start, n)
