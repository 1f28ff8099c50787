"""Clocks: every unit and start, pauses, extensions, the table of deadlines that other products get wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.worktime.drawn import at, moments, schedules
from tests.worktime.test_schedule import CALENDAR, TAY_NINH

from vamco.vocabulary.errors import Misused
from vamco.worktime.clock import Event, What, deadline, read
from vamco.worktime.policy import (
    AT_ONCE,
    CALENDAR_DAYS,
    CALENDAR_HOURS,
    NEXT_DAY,
    NEXT_WORKING_DAY,
    WORKING_DAYS,
    WORKING_HOURS,
    ClockPolicy,
    Starts,
    Unit,
)
from vamco.worktime.schedule import Schedule

law = settings(deadline=None, max_examples=60)
policies = st.builds(ClockPolicy, st.sampled_from(Unit), st.integers(0, 60), st.sampled_from(Starts))


@pytest.mark.parametrize(
    ("start", "n", "known_on", "due"),
    [
        ("2026-02-11", 10, "2026-02-11", "2026-03-04"),  # Tết
        ("2025-12-30", 3, "2025-12-30", "2026-01-06"),  # 2 January swapped with Saturday 10 January
        ("2025-12-30", 3, "2025-12-24", "2026-01-05"),  # … as known before it was announced
        ("2026-08-21", 5, "2026-08-21", "2026-08-27"),  # 31 August swapped with Saturday 22 August
        ("2026-11-20", 2, "2026-11-20", "2026-11-25"),  # Culture Day
    ],
)
def test_working_days_end_when_the_offices_close_on_the_right_day(start, n, known_on, due):
    schedule = Schedule(CALENDAR.as_known_on(date.fromisoformat(known_on)), TAY_NINH.hours)
    assert deadline(ClockPolicy(WORKING_DAYS, n), at(f"{start} 09:00"), schedule) == at(f"{due} 17:00")


@pytest.mark.parametrize(
    ("unit", "amount", "starts", "start", "due"),
    [
        (WORKING_HOURS, 4, AT_ONCE, "2026-11-20 14:00", "2026-11-23 08:30"),
        (WORKING_HOURS, 4, NEXT_DAY, "2026-11-20 14:00", "2026-11-23 11:30"),
        (CALENDAR_HOURS, 0.25, AT_ONCE, "2026-11-20 23:50", "2026-11-21 00:05"),
        (CALENDAR_HOURS, 24, NEXT_DAY, "2026-11-20 14:00", "2026-11-22 00:00"),
        (CALENDAR_HOURS, 24, NEXT_WORKING_DAY, "2026-11-20 14:00", "2026-11-24 00:00"),
        (WORKING_DAYS, 1, AT_ONCE, "2026-11-20 14:00", "2026-11-20 17:00"),
        (WORKING_DAYS, 1, AT_ONCE, "2026-11-20 17:01", "2026-11-23 17:00"),  # closed already
        (WORKING_DAYS, 1, NEXT_DAY, "2026-11-20 14:00", "2026-11-23 17:00"),
        (CALENDAR_DAYS, 3, AT_ONCE, "2026-11-23 14:00", "2026-11-25 17:00"),
        (CALENDAR_DAYS, 3, NEXT_DAY, "2026-11-23 14:00", "2026-11-26 17:00"),
        (CALENDAR_DAYS, 1, NEXT_DAY, "2026-11-20 14:00", "2026-11-23 17:00"),  # ends on a Saturday
        (CALENDAR_DAYS, 3, NEXT_WORKING_DAY, "2026-11-20 14:00", "2026-11-25 17:00"),
    ],
)
def test_each_unit_counts_from_where_the_policy_says(unit, amount, starts, start, due):
    assert deadline(ClockPolicy(unit, amount, starts), at(start), TAY_NINH) == at(due)


def events(*told: tuple[What, str]) -> list[Event]:
    return [Event(what, at(moment)) for what, moment in told]


def test_a_pause_gives_back_the_working_days_it_took_and_no_weekend():
    told = events(
        (What.START, "2026-11-16 09:00"), (What.PAUSE, "2026-11-18 10:00"), (What.RESUME, "2026-11-23 10:00")
    )
    found = read(ClockPolicy(WORKING_DAYS, 3), told, TAY_NINH, at("2026-11-23 11:00"))
    assert (found.due_at, found.elapsed, found.remaining) == (at("2026-11-25 17:00"), 2, 1)


def test_a_pause_over_the_weekend_credits_only_the_hours_of_work():
    told = events(
        (What.START, "2026-11-20 14:00"), (What.PAUSE, "2026-11-20 16:00"), (What.RESUME, "2026-11-23 08:30")
    )
    found = read(ClockPolicy(WORKING_HOURS, 4, AT_ONCE), told, TAY_NINH, at("2026-11-23 09:00"))
    assert (found.due_at, found.elapsed) == (at("2026-11-23 10:30"), 2.5)


def test_a_paused_clock_is_due_later_the_longer_it_waits_and_never_overdue():
    told = events((What.START, "2026-11-16 09:00"), (What.PAUSE, "2026-11-17 10:00"))
    policy = ClockPolicy(WORKING_DAYS, 3)
    soon, later = (read(policy, told, TAY_NINH, at(now)) for now in ("2026-11-17 11:00", "2026-12-17 11:00"))
    assert (soon.due_at, later.due_at) == (at("2026-11-19 17:00"), at("2026-12-21 17:00"))
    assert later.is_paused
    assert not later.is_overdue


def test_what_ran_out_before_the_pause_stays_overdue():
    told = events((What.START, "2026-11-16 09:00"), (What.PAUSE, "2026-11-21 10:00"))
    found = read(ClockPolicy(WORKING_DAYS, 3), told, TAY_NINH, at("2026-12-17 11:00"))
    assert (found.due_at, found.is_overdue) == (at("2026-11-19 17:00"), True)


def test_more_time_counts_from_the_start_also_when_it_is_given_late():
    told = [*events((What.START, "2026-11-16 09:00")), Event(What.EXTEND, at("2026-11-20 09:00"), 2)]
    found = read(ClockPolicy(WORKING_DAYS, 3), told, TAY_NINH, at("2026-11-20 10:00"))
    assert (found.due_at, found.is_overdue, found.remaining) == (at("2026-11-23 17:00"), False, 1)


@pytest.mark.parametrize(("stop", "late"), [("2026-11-19 17:00", False), ("2026-11-19 17:01", True)])
def test_a_stopped_clock_says_for_ever_whether_it_stopped_in_time(stop, late):
    told = events((What.START, "2026-11-16 09:00"), (What.STOP, stop))
    found = read(ClockPolicy(WORKING_DAYS, 3), told, TAY_NINH, at("2027-11-19 09:00"))
    assert (found.is_stopped, found.is_overdue, found.due_at) == (True, late, at("2026-11-19 17:00"))


@pytest.mark.parametrize(
    "told",
    [
        [],
        [What.PAUSE],
        [What.START, What.START],
        [What.START, What.RESUME],
        [What.START, What.STOP, What.PAUSE],
        [What.START, What.PAUSE, What.PAUSE],
    ],
)
def test_events_that_cannot_follow_each_other_are_refused(told):
    with pytest.raises(Misused, match="bad_events"):
        read(
            ClockPolicy(WORKING_DAYS, 3),
            [Event(w, at("2026-11-16 09:00")) for w in told],
            TAY_NINH,
            at("2026-11-17"),
        )


def test_events_out_of_the_order_of_time_are_refused():
    told = events((What.START, "2026-11-16 09:00"), (What.PAUSE, "2026-11-15 09:00"))
    with pytest.raises(Misused, match="bad_events"):
        read(ClockPolicy(WORKING_DAYS, 3), told, TAY_NINH, at("2026-11-17"))


@st.composite
def stories(draw, max_pauses=3) -> list[Event]:
    n = draw(st.integers(0, max_pauses)) * 2 + 1
    told = sorted(draw(st.lists(moments, min_size=n, max_size=n)))
    turns = [What.START, *([What.PAUSE, What.RESUME] * max_pauses)][:n]
    return [Event(what, moment) for what, moment in zip(turns, told, strict=True)]


@law
@given(schedules(), policies, stories(), moments, st.data())
def test_a_pause_that_is_resumed_at_once_changes_nothing(schedule, policy, told, moment, data):
    last = told[-1].at
    pause = max(last, moment)
    plain = read(policy, told, schedule, pause)
    paused = [*told, Event(What.PAUSE, pause), Event(What.RESUME, pause)]
    assert read(policy, paused, schedule, pause) == plain
    later = pause + timedelta(hours=data.draw(st.integers(0, 2000)))
    assert read(policy, paused, schedule, later) == read(policy, told, schedule, later)


@law
@given(schedules(), policies, stories(), moments)
def test_what_has_run_and_what_is_left_are_the_whole(schedule, policy, told, now):
    found = read(policy, told, schedule, now)
    assert found.elapsed + found.remaining == pytest.approx(policy.amount)
    assert found.elapsed >= 0


@law
@given(schedules(), policies, moments, st.integers(0, 30))
def test_a_clock_is_overdue_only_after_its_last_moment(schedule, policy, start, more):
    told = [Event(What.START, start)]
    due_at = deadline(policy, start, schedule)
    assert read(policy, told, schedule, due_at).due_at == due_at
    assert not read(policy, told, schedule, due_at).is_overdue
    assert read(policy, told, schedule, due_at + timedelta(microseconds=1)).is_overdue
    extended = [*told, Event(What.EXTEND, max(start, due_at), more)]
    assert read(policy, extended, schedule, due_at).due_at == deadline(
        ClockPolicy(policy.unit, policy.amount + more, policy.starts), start, schedule
    )


@law
@given(schedules(), policies, stories(), st.integers(0, 60))
def test_more_time_or_a_longer_pause_never_makes_a_clock_due_earlier(schedule, policy, told, more):
    now = told[-1].at
    due_at = read(policy, told, schedule, now).due_at
    extended = [*told, Event(What.EXTEND, now, more)]
    assert read(policy, extended, schedule, now).due_at >= due_at
    unpaused = read(policy, told[:1], schedule, now).due_at
    assert due_at >= unpaused


def test_a_policy_comes_back_from_what_is_kept_of_it():
    for unit, starts in ((u, s) for u in Unit for s in Starts):
        policy = ClockPolicy(unit, 5, starts)
        assert ClockPolicy.from_dict(policy.as_dict()) == policy


@pytest.mark.parametrize(
    "kept",
    [
        {"unit": "weeks", "amount": 1},
        {"unit": "working_days", "amount": 1.5},
        {"unit": "working_days", "amount": -1},
        {"unit": "working_days", "amount": True},
        {"unit": "working_days", "amount": float("nan")},
        {"unit": "working_days"},
        {"unit": "working_days", "amount": 1, "starts": "yesterday"},
    ],
)
def test_a_policy_that_nobody_could_count_is_refused(kept):
    with pytest.raises(Misused, match="bad_policy"):
        ClockPolicy.from_dict(kept)


def test_a_policy_is_said_in_words():
    assert ClockPolicy(WORKING_DAYS, 5).in_words("vi") == "5 ngày làm việc, tính từ ngày hôm sau"
    assert (
        ClockPolicy(CALENDAR_HOURS, 0.25, AT_ONCE).in_words("en")
        == "15 minutes, counted from the start itself"
    )
    assert ClockPolicy(WORKING_HOURS, 1.5, AT_ONCE).in_words("vi").startswith("1,5 giờ làm việc")
