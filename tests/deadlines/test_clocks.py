"""Clocks that are kept: who halted them and why, and two people at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.worktime.drawn import at

from vamco.deadlines.clocks import clocks_of, extend, pause, reading, readings, resume, start, stop
from vamco.deadlines.models import Clock, State
from vamco.vocabulary.errors import Misused, Refused
from vamco.worktime.policy import WORKING_DAYS, ClockPolicy

pytestmark = pytest.mark.django_db
THREE_DAYS = ClockPolicy(WORKING_DAYS, 3)
MONDAY = at("2026-11-16 09:00")


@pytest.fixture
def clock():
    return start("assignment:12", "answer", THREE_DAYS, MONDAY, "lan")


def test_a_clock_keeps_its_policy_and_when_it_is_due(clock):
    (kept,) = clocks_of(["assignment:12", "assignment:13"])
    assert (kept.rule, kept.due_at, kept.state) == (THREE_DAYS, at("2026-11-19 17:00"), State.RUNNING)


def test_a_pause_moves_the_deadline_and_says_who_and_why(clock):
    pause(clock, at("2026-11-17 10:00"), "minh", "chờ hồ sơ")
    moved = resume(clock, at("2026-11-19 10:00"), "minh")
    assert moved.due_at == at("2026-11-23 17:00")
    told = clock.events.values_list("what", "by", "why", "due_at_after")
    assert list(told) == [
        ("start", "lan", "", at("2026-11-19 17:00")),
        ("pause", "minh", "chờ hồ sơ", at("2026-11-19 17:00")),
        ("resume", "minh", "", at("2026-11-23 17:00")),
    ]


def test_more_time_is_in_the_unit_of_the_policy(clock):
    assert extend(clock, 2, at("2026-11-17 10:00"), "lan", "mưa lũ").due_at == at("2026-11-23 17:00")
    with pytest.raises(Misused, match="bad_policy"):
        extend(clock, 0.5, at("2026-11-17 10:00"), "lan", "mưa lũ")


def test_in_time_is_worked_out_and_never_typed(clock):
    assert clock.was_in_time is None
    assert stop(clock, at("2026-11-19 16:00"), "hoa").was_in_time
    resume(clock, at("2026-11-20 08:00"), "minh", "trả lại")
    done = stop(clock, at("2026-11-20 08:01"), "hoa")
    assert (done.state, done.was_in_time) == (State.STOPPED, True)  # the time between was not theirs


def test_what_cannot_happen_to_a_clock_is_refused_in_words(clock):
    for impossible in (resume, lambda *told: start("assignment:12", "answer", THREE_DAYS, *told[1:])):
        with pytest.raises(Refused):
            impossible(clock, at("2026-11-17 10:00"), "lan")
    stop(clock, at("2026-11-17 10:00"), "hoa")
    with pytest.raises(Refused, match="cannot_pause"):
        pause(clock, at("2026-11-17 11:00"), "lan", "")
    with pytest.raises(Refused, match="cannot_extend"):
        extend(clock, 1, at("2026-11-17 11:00"), "lan", "")
    with pytest.raises(Refused, match="out_of_order"):
        resume(clock, at("2026-11-16 11:00"), "lan")
    assert clock.events.count() == 2


def test_whoever_holds_an_old_copy_is_told_so(clock):
    (old,) = clocks_of(["assignment:12"])
    pause(clock, at("2026-11-17 10:00"), "minh", "")
    with pytest.raises(Refused, match="cannot_pause"):
        pause(old, at("2026-11-17 10:01"), "hoa", "")


def test_one_subject_has_one_clock_of_a_kind(clock):
    with pytest.raises(IntegrityError), transaction.atomic():
        clock.pk = None
        clock.save(force_insert=True)
    assert start("assignment:12", "accept", THREE_DAYS, MONDAY, "lan").pk != clock.pk


def test_many_clocks_are_read_with_two_queries(clock, django_assert_num_queries):
    for n in range(20):
        start(f"case:{n}", "answer", THREE_DAYS, MONDAY + timedelta(days=n), "lan")
    with django_assert_num_queries(3):  # the clocks, the signed rows, the events
        found = readings(list(Clock.objects.all()), at("2026-11-18 09:00"))
    assert len(found) == 21
    assert found[clock.pk] == reading(clock, at("2026-11-18 09:00"))
    assert (found[clock.pk].elapsed, found[clock.pk].remaining) == (2, 1)
