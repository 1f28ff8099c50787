"""A change of the calendar moves exactly the open deadlines it touches, and writes each move down."""

import time
from datetime import date, timedelta

import pytest
from tests import cast
from tests.deadlines.test_calendar import FRIDAY, day_off
from tests.worktime.drawn import at

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import actor_of
from vamco.deadlines import recomputing
from vamco.deadlines.calendar import schedule_now
from vamco.deadlines.clocks import due_at_of, events_of, pause, start, stop
from vamco.deadlines.deciding import decide, preview, preview_taking_back, take_back
from vamco.deadlines.models import Clock, ClockEvent, What
from vamco.deadlines.recomputing import Recomputed, catch_up, recompute
from vamco.worktime.policy import CALENDAR_HOURS, WORKING_DAYS, WORKING_HOURS, ClockPolicy

pytestmark = pytest.mark.django_db
THREE_DAYS = ClockPolicy(WORKING_DAYS, 3)
TUESDAY = at("2026-12-15 09:00")


@pytest.fixture
def administrator():
    return actor_of(cast.quan())


@pytest.fixture
def clocks():
    """One that runs over that Friday; one paused, one stopped, one over before, one that no calendar touches."""
    running = start("a:1", "answer", THREE_DAYS, TUESDAY, "lan")
    paused = start("a:2", "answer", THREE_DAYS, TUESDAY, "lan")
    stopped = start("a:3", "answer", THREE_DAYS, TUESDAY, "lan")
    before = start("a:4", "answer", THREE_DAYS, TUESDAY - timedelta(days=7), "lan")
    hours = start("a:5", "answer", ClockPolicy(CALENDAR_HOURS, 100), TUESDAY, "lan")
    pause(paused, at("2026-12-16 09:00"), "lan", "")
    stop(stopped, at("2026-12-16 09:00"), "lan")
    return [running, paused, stopped, before, hours]


def due(clock: Clock):
    clock.refresh_from_db()
    return clock.due_at.astimezone(TUESDAY.tzinfo)


def test_only_open_deadlines_that_the_day_touches_move(administrator, clocks):
    signed = decide(administrator, day_off())
    assert signed.recomputed == Recomputed(n_open=4, n_moved=2)
    monday, friday = at("2026-12-21 17:00"), at("2026-12-18 17:00")
    assert [due(clock) for clock in clocks[:3]] == [monday, monday, friday]


def test_each_move_is_an_event_and_the_whole_an_audit_entry(administrator, clocks):
    decide(administrator, day_off())
    (event,) = clocks[0].events.filter(what=What.RECOMPUTED)
    assert (event.by, event.why, event.due_at_after) == ("quan", "99/QĐ", at("2026-12-21 17:00"))
    details = AuditEntry.objects.get(action="deadline.recompute").details
    assert (details["n_open"], details["n_moved"], details["by"]) == (4, 2, "quan")
    assert ClockEvent.objects.filter(what=What.RECOMPUTED).count() == 2


def test_taking_the_row_back_brings_every_deadline_back(administrator, clocks):
    first = [due(clock) for clock in clocks]
    decide(administrator, day_off())
    assert preview_taking_back(FRIDAY) == Recomputed(4, 2)
    take_back(administrator, FRIDAY, "nhầm")
    assert [due(clock) for clock in clocks] == first


def test_a_preview_counts_what_would_move_and_moves_nothing(administrator, clocks):
    first = [due(clock) for clock in clocks]
    assert preview(day_off()) == Recomputed(4, 2)
    assert preview(day_off(date(2027, 3, 1))) == Recomputed(4, 0)
    assert [due(clock) for clock in clocks] == first


def test_when_a_deadline_cannot_be_moved_nothing_is_signed(administrator, clocks, monkeypatch):
    def broken(*_):
        raise OSError

    monkeypatch.setattr(recomputing, "_keep", broken)
    with pytest.raises(OSError):
        decide(administrator, day_off())
    assert not AuditEntry.objects.filter(action="calendar.decide").exists()
    assert schedule_now().is_working_day(FRIDAY)


def test_deadlines_that_rest_on_other_files_are_caught_up_once(clocks):
    assert catch_up() is None
    Clock.objects.filter(pk=clocks[0].pk).update(schedule="of last year", due_at=TUESDAY)
    assert catch_up() == Recomputed(4, 1)
    assert due(clocks[0]) == at("2026-12-18 17:00")
    assert catch_up() is None


def test_batches_leave_nobody_out(clocks, administrator, monkeypatch):
    monkeypatch.setattr(recomputing, "_BATCH", 1)
    assert decide(administrator, day_off()).recomputed == Recomputed(4, 2)


@pytest.mark.slow
def test_open_clocks_follow_the_calendar_in_seconds(administrator, record_property):
    stock_up(25_000)
    began = time.perf_counter()
    found = decide(administrator, day_off()).recomputed
    seconds = time.perf_counter() - began
    record_property("seconds", seconds)
    print(f"{found.n_open:,} open clocks, {found.n_moved:,} moved: {seconds:.1f} s")  # noqa: T201
    assert found.n_open == 25_000
    assert found.n_moved > 12_500
    assert seconds < 30
    sample = list(Clock.objects.order_by("?")[:200])
    told = events_of(sample)
    assert all(c.due_at == due_at_of(c.rule, told[c.pk], schedule_now()) for c in sample)


def stock_up(n: int) -> None:
    """Clocks of every kind, a third of them paused and resumed, most of them over that Friday."""
    policies = [ClockPolicy(WORKING_DAYS, k) for k in (2, 5, 15)] + [ClockPolicy(WORKING_HOURS, 40.0)]
    made, schedule = [], schedule_now()
    for k in range(n):
        begun = TUESDAY - timedelta(minutes=k % 4000)
        policy = policies[k % len(policies)].as_dict()
        made.append(Clock(subject=f"case:{k}", kind="answer", policy=policy, started_at=begun, due_at=begun))
    Clock.objects.bulk_create(made, batch_size=2_000)
    events = []
    for k, clock in enumerate(made):
        turns = ["start", "pause", "resume"] if k % 3 == 0 else ["start"]
        for m, what in enumerate(turns):
            moment = clock.started_at + timedelta(hours=m)
            events.append(ClockEvent(clock=clock, at=moment, what=what, by="lan", due_at_after=moment))
    ClockEvent.objects.bulk_create(events, batch_size=5_000)
    recompute("lan", schedule.sha256)
