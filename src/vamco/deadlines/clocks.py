"""Clocks are started, halted and extended within the action of whatever they measure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from vamco.deadlines.calendar import schedule_now
from vamco.deadlines.models import Clock, ClockEvent, State, What
from vamco.vocabulary.errors import Refused
from vamco.worktime import clock as pure
from vamco.worktime.clock import Event, Reading
from vamco.worktime.policy import ClockPolicy
from vamco.worktime.schedule import Schedule

_STATE_AFTER: Final[Mapping[What, State]] = {
    What.START: State.RUNNING,
    What.PAUSE: State.PAUSED,
    What.RESUME: State.RUNNING,
    What.STOP: State.STOPPED,
}


@transaction.atomic
def start(subject: str, kind: str, policy: ClockPolicy, at: datetime, by: str) -> Clock:
    """Start the one clock of that kind for `subject`. Raises `Refused` when it has one."""
    schedule = schedule_now()
    clock, is_new = Clock.objects.get_or_create(
        subject=subject,
        kind=kind,
        defaults={
            "policy": policy.as_dict(),
            "started_at": at,
            "due_at": pure.deadline(policy, at, schedule),
            "schedule": schedule.sha256,
        },
    )
    if not is_new:
        raise Refused("deadlines.already_started", subject=subject, kind=kind)
    _write(clock, What.START, at, by, "", 0)
    return clock


def pause(clock: Clock, at: datetime, by: str, why: str) -> Clock:
    """Halt the clock while others must act. Raises `Refused` unless it runs."""
    return _turn(clock, What.PAUSE, at, by, why)


def resume(clock: Clock, at: datetime, by: str, why: str = "") -> Clock:
    """Let a paused clock, or one that was stopped too early, run on. Raises `Refused` while it runs."""
    return _turn(clock, What.RESUME, at, by, why)


def extend(clock: Clock, amount: float, at: datetime, by: str, why: str) -> Clock:
    """Give so much more, in the unit of the policy. Raises `Misused` for an amount that cannot be counted."""
    clock.rule.check_amount(amount)
    return _turn(clock, What.EXTEND, at, by, why, amount)


def stop(clock: Clock, at: datetime, by: str, why: str = "") -> Clock:
    """Stop the clock for good: what it measured is done. Raises `Refused` when it is stopped."""
    return _turn(clock, What.STOP, at, by, why)


def reading(clock: Clock, now: datetime | None = None) -> Reading:
    """What the clock shows, now unless told when."""
    return readings([clock], now)[clock.pk]


def readings(clocks: Sequence[Clock], now: datetime | None = None) -> dict[int, Reading]:
    """What many clocks show, by their id, with one query for their events."""
    schedule, moment = schedule_now(), now or timezone.now()
    told = events_of(clocks)
    return {clock.pk: pure.read(clock.rule, told[clock.pk], schedule, moment) for clock in clocks}


def clocks_of(subjects: Iterable[str]) -> list[Clock]:
    """The clocks of those subjects, oldest first."""
    return list(Clock.objects.filter(subject__in=list(subjects)).order_by("id"))


def events_of(clocks: Sequence[Clock]) -> dict[int, list[Event]]:
    """What happened to each clock by its id, without the changes of the calendar under it."""
    told: dict[int, list[Event]] = {clock.pk: [] for clock in clocks}
    rows = ClockEvent.objects.filter(clock_id__in=list(told)).exclude(what=What.RECOMPUTED).order_by("id")
    for clock_id, what, at, amount in rows.values_list("clock_id", "what", "at", "amount"):
        told[clock_id].append(Event(pure.What(what), at, amount))
    return told


def due_at_of(policy: ClockPolicy, told: Sequence[Event], schedule: Schedule) -> datetime:
    """When the clock is due; if it is halted, as though it ran on from when it was."""
    return pure.read(policy, told, schedule, pure.last_turn(told).at).due_at


@transaction.atomic
def _turn(clock: Clock, what: What, at: datetime, by: str, why: str, amount: float = 0) -> Clock:
    fresh = Clock.objects.select_for_update().get(pk=clock.pk)
    told = [*events_of([fresh])[fresh.pk], Event(pure.What(what), at, amount)]
    _check(fresh, what, told)
    schedule = schedule_now()
    fresh.due_at = due_at_of(fresh.rule, told, schedule)
    fresh.schedule = schedule.sha256
    fresh.state = _STATE_AFTER.get(what, State(fresh.state))
    fresh.stopped_at = pure.last_turn(told).at if fresh.state == State.STOPPED else None
    fresh.save()
    _write(fresh, what, at, by, why, amount)
    return fresh


def _check(clock: Clock, what: What, told: Sequence[Event]) -> None:
    if len(told) > 1 and told[-1].at < told[-2].at:
        raise Refused("deadlines.out_of_order", subject=clock.subject, last=told[-2].at)
    if not pure.may_follow(told[-1], told[:-1]):
        raise Refused(f"deadlines.cannot_{what}", subject=clock.subject)


def _write(clock: Clock, what: What, at: datetime, by: str, why: str, amount: float) -> None:
    clock.events.create(at=at, what=what, amount=amount, by=by, why=why, due_at_after=clock.due_at)
