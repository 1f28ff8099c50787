"""Timing is a function of what happened and of now: nobody types it, and nothing else changes it."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vamco.directives.timing import Light, Timing, light_of, timing_of
from vamco.directives.transitions import Status
from vamco.worktime.clock import Event, What, read
from vamco.worktime.policy import ClockPolicy, Starts, Unit
from vamco.worktime.schedule import ZONE, Schedule

SCHEDULE = Schedule()
BEGAN = datetime(2026, 11, 16, 8, tzinfo=ZONE)
SPANS = st.integers(1, 60 * 24 * 10).map(lambda minutes: timedelta(minutes=minutes))
POLICIES = st.builds(ClockPolicy, st.sampled_from(Unit), st.integers(1, 20), st.sampled_from(Starts))
WORSE = [Timing.NOT_DUE, Timing.DUE_SOON, Timing.OVERDUE]
DONE = {Timing.DONE_EARLY, Timing.DONE_ON_TIME, Timing.DONE_LATE}


def told(spans, *whats):
    """Start and those events, a span apart."""
    events, at = [Event(What.START, BEGAN)], BEGAN
    for what, span in zip(whats, spans, strict=False):
        at += span
        events.append(Event(what, at, 3 if what is What.EXTEND else 0))
    return events, at


def timing(status, policy, events, now):
    return timing_of(status, read(policy, events, SCHEDULE, now))


@given(POLICIES, st.lists(SPANS, min_size=2, max_size=2))
def test_open_work_never_gets_better_by_waiting(policy, spans):
    now, later = BEGAN + spans[0], BEGAN + spans[0] + spans[1]
    events, _ = told(())
    before, after = (timing(Status.IN_PROGRESS, policy, events, at) for at in (now, later))
    assert WORSE.index(before) <= WORSE.index(after)


@given(POLICIES, st.lists(SPANS, min_size=4, max_size=4))
def test_what_is_done_stays_as_it_was_judged(policy, spans):
    events, at = told(spans[:2], What.PAUSE, What.STOP)
    first, later = (timing(Status.COMPLETED, policy, events, moment) for moment in (at, at + spans[2]))
    assert first is later
    assert first in DONE


@given(POLICIES, st.lists(SPANS, min_size=3, max_size=3))
def test_how_long_the_office_takes_to_confirm_changes_nothing(policy, spans):
    handed_in, quick, slow = spans
    found = []
    for waited in (quick, slow):
        events, at = told((handed_in, waited), What.PAUSE, What.STOP)
        found.append(timing(Status.COMPLETED, policy, events, at))
    assert found[0] is found[1]


@given(POLICIES, SPANS)
def test_done_late_is_exactly_what_was_overdue_when_handed_in(policy, span):
    running, _ = told(())
    events, at = told((span, timedelta(hours=1)), What.PAUSE, What.STOP)
    was_overdue = timing(Status.IN_PROGRESS, policy, running, BEGAN + span) is Timing.OVERDUE
    assert (timing(Status.COMPLETED, policy, events, at) is Timing.DONE_LATE) == was_overdue


def test_the_lights_are_red_for_late_amber_for_soon_and_none_for_what_does_not_count():
    red = {one for one in Timing if light_of(one) is Light.RED}
    assert red == {Timing.OVERDUE, Timing.DONE_LATE}
    assert [one for one in Timing if light_of(one) is Light.AMBER] == [Timing.DUE_SOON]
    assert [one for one in Timing if light_of(one) is Light.NONE] == [Timing.NOT_COUNTED]


def test_returned_and_cancelled_work_counts_nowhere():
    events, now = told(())
    policy = ClockPolicy(Unit.WORKING_DAYS, 1)
    late = now + timedelta(days=30)
    for status in (Status.RETURNED, Status.CANCELLED):
        assert timing(status, policy, events, late) is Timing.NOT_COUNTED
