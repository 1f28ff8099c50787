"""The deadline of an assignment: one clock among those of `deadlines`, moved by what the table says of each verb."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vamco.deadlines import clocks
from vamco.deadlines.calendar import schedule_now
from vamco.deadlines.models import Clock
from vamco.directives.models import Assignment
from vamco.directives.transitions import OnClock, Transition
from vamco.worktime import clock as pure
from vamco.worktime.clock import Reading
from vamco.worktime.policy import ClockPolicy

KIND: Final = "directive"
_LONGEST_WHY: Final = 500


@dataclass(frozen=True, slots=True)
class _Turn:
    """What a verb does to a clock: when, by whom and why, and how much more time it gives."""

    at: datetime
    by: str
    why: str
    amount: float


def start(assignment: Assignment, at: datetime, by: str) -> Clock:
    """The running clock of the assignment's present deadline."""
    policy = ClockPolicy.from_dict(assignment.policy)
    return clocks.start(assignment.clock_subject, KIND, policy, at, by)


def follow(
    transition: Transition, assignment: Assignment, amount: int, at: datetime, by: str, why: str
) -> dict[str, Any]:
    """Move the clock as the table says; what the event should tell of it."""
    if transition.clock is OnClock.RESTART:
        return {"due_at": start(assignment, at, by).due_at.isoformat(), "deadline": assignment.policy}
    if transition.clock is OnClock.NOTHING:
        return {}
    turn = _Turn(at, by, why[:_LONGEST_WHY], amount)
    moved = _TURNS[transition.clock](_clock(assignment), turn)
    return {"due_at": moved.due_at.isoformat()}


def readings(assignments: Iterable[Assignment], now: datetime) -> dict[str, Reading]:
    """What the clocks of these assignments showed at that moment, by `clock_subject`; those started later are left out.

    The due moment of a halted clock is as if it ran on from when it was halted: people read it as a date.
    """
    found = _clocks(one.clock_subject for one in assignments)
    told, schedule = clocks.events_of(found), schedule_now()
    read = {}
    for clock in found:
        events = [event for event in told[clock.pk] if event.at <= now]
        if events:
            halted = pure.last_turn(events).what in (pure.What.PAUSE, pure.What.STOP)
            moment = pure.last_turn(events).at if halted else now
            read[clock.subject] = pure.read(clock.rule, events, schedule, moment)
    return read


def _clocks(subjects: Iterable[str]) -> list[Clock]:
    return [clock for clock in clocks.clocks_of(subjects) if clock.kind == KIND]


def _clock(assignment: Assignment) -> Clock:
    (found,) = _clocks([assignment.clock_subject])
    return found


_TURNS: Final[Mapping[OnClock, Callable[[Clock, _Turn], Clock]]] = {
    OnClock.PAUSE: lambda clock, turn: clocks.pause(clock, turn.at, turn.by, turn.why),
    OnClock.RESUME: lambda clock, turn: clocks.resume(clock, turn.at, turn.by, turn.why),
    OnClock.EXTEND: lambda clock, turn: clocks.extend(clock, turn.amount, turn.at, turn.by, turn.why),
    OnClock.STOP: lambda clock, turn: clocks.stop(clock, turn.at, turn.by, turn.why),
}
