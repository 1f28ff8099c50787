"""One family of pure functions for every deadline: when it is due, how much has run, how much is left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from vamco.vocabulary.errors import Misused
from vamco.worktime.policy import ClockPolicy, Starts, Unit
from vamco.worktime.schedule import ZONE, Schedule, at_home

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_MICROSECOND: Final = timedelta(microseconds=1)


class What(StrEnum):
    """What happens to a clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a clock; `amount` is what an extension adds, in the unit of the policy."""

    what: What
    at: datetime
    amount: float = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clock shows: amounts in the unit of its policy; `remaining` is negative once more has run.

    While a clock is paused, `due_at` is when it would be due if it were resumed now.
    """

    due_at: datetime
    elapsed: float
    remaining: float
    is_paused: bool
    is_stopped: bool
    is_overdue: bool


def add(schedule: Schedule, start: datetime, amount: timedelta) -> datetime:
    """The first moment at which that much working time has passed since `start`; `start` for none.

    Raises `Misused` for a negative amount.
    """
    if amount < timedelta():
        raise Misused("worktime.negative_amount", amount=amount)
    return schedule.add_time(start, amount)


def elapsed(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """Working time from `start` to `end`; negative when `end` comes first."""
    return schedule.time_between(start, end)


def deadline(policy: ClockPolicy, start: datetime, schedule: Schedule) -> datetime:
    """When a clock that is started then and left alone is due."""
    counting = _COUNTING[policy.unit]
    return counting.add(schedule, _begin(policy, at_home(start), schedule), counting.quantity(policy.amount))


def read(policy: ClockPolicy, events: Sequence[Event], schedule: Schedule, now: datetime) -> Reading:
    """What the clock shows at `now`, after these events. Raises `Misused` when they cannot follow each other."""
    check_order(events)
    now, last = at_home(now), last_turn(events)
    counting, runs = _COUNTING[policy.unit], _runs(policy, events, schedule)
    total = counting.quantity(policy.amount) + sum(counting.quantity(event.amount) for event in events)
    is_running, is_stopped = last.what in _RUNNING, last.what is What.STOP
    judged_at = now if is_running else runs[-1].end
    due_at = _due_at(counting, runs, total, schedule, at_home(last.at) if is_stopped else now)
    spent = sum(counting.spent(run, now, schedule) for run in runs)
    return Reading(
        due_at=due_at,
        elapsed=spent / counting.per_unit,
        remaining=(total - spent) / counting.per_unit,
        is_paused=not is_running and not is_stopped,
        is_stopped=is_stopped,
        is_overdue=judged_at > due_at,
    )


def last_turn(events: Sequence[Event]) -> Event:
    """The last thing that set the clock running, or halted it."""
    return next(event for event in reversed(events) if event.what is not What.EXTEND)


def check_order(events: Sequence[Event]) -> None:
    """Raises `Misused` at the first event that cannot follow those before it."""
    if not events:
        raise Misused("worktime.bad_events", what=What.PAUSE, at="–")
    for n, event in enumerate(events):
        if not may_follow(event, events[:n]):
            raise Misused("worktime.bad_events", what=event.what, at=event.at)


def may_follow(event: Event, before: Sequence[Event]) -> bool:
    """Whether that can happen to a clock after those events."""
    if not before:
        return event.what is What.START
    return last_turn(before).what in _AFTER[event.what] and before[-1].at <= event.at


_RUNNING: Final = frozenset({What.START, What.RESUME})
_AFTER: Final[Mapping[What, frozenset[What]]] = {
    What.START: frozenset(),
    What.PAUSE: _RUNNING,
    What.RESUME: frozenset({What.PAUSE, What.STOP}),  # work that was closed may be opened again
    What.EXTEND: _RUNNING | {What.PAUSE},
    What.STOP: _RUNNING | {What.PAUSE},
}


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch in which the clock counts; it is open, and ends nowhere, while the clock runs."""

    begin: datetime
    end: datetime
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class _Counting:
    """How a unit counts, in whole microseconds or whole days, so that nothing is ever rounded twice."""

    add: Callable[[Schedule, datetime, int], datetime]
    between: Callable[[Schedule, datetime, datetime], int]
    per_unit: int

    def quantity(self, amount: float) -> int:
        return round(amount * self.per_unit)

    def spent(self, run: _Run, now: datetime, schedule: Schedule) -> int:
        return max(self.between(schedule, run.begin, now if run.is_open else run.end), 0)


def _runs(policy: ClockPolicy, events: Sequence[Event], schedule: Schedule) -> list[_Run]:
    """The stretches in which the clock counts, none of them before the policy lets it begin."""
    first = _begin(policy, at_home(events[0].at), schedule)
    turns = [event for event in events if event.what is not What.EXTEND]
    begins = [first if turn.what is What.START else max(first, at_home(turn.at)) for turn in turns]
    runs = [
        _Run(begin, at_home(after.at))
        for begin, (turn, after) in zip(begins, pairwise(turns), strict=False)
        if turn.what in _RUNNING
    ]
    if turns[-1].what in _RUNNING:
        runs.append(_Run(begins[-1], begins[-1], is_open=True))
    return runs


def _due_at(
    counting: _Counting, runs: Sequence[_Run], total: int, schedule: Schedule, halted_at: datetime
) -> datetime:
    """When the counted time first comes to `total`; of a halted clock, as if it ran on from `halted_at`."""
    left = total
    for run in runs:
        due_at = counting.add(schedule, run.begin, max(left, 0))
        if run.is_open or due_at <= run.end:
            return due_at
        left -= counting.spent(run, run.end, schedule)
    return counting.add(schedule, max(halted_at, runs[0].begin), max(left, 0))


def _begin(policy: ClockPolicy, start: datetime, schedule: Schedule) -> datetime:
    """From when the policy counts; when it counts days, a moment of the day before the first one."""
    if policy.unit.in_days:
        return _midnight(_first_day(policy, start, schedule) - _DAY)
    if policy.starts is Starts.AT_ONCE:
        return start
    tomorrow = start.date() + _DAY
    is_next = policy.starts is Starts.NEXT_DAY
    return _midnight(tomorrow if is_next else schedule.next_working_day(tomorrow))


def _first_day(policy: ClockPolicy, start: datetime, schedule: Schedule) -> date:
    """The first day that counts; a working day that is over when the clock starts does not."""
    today = start.date()
    if policy.starts is Starts.AT_ONCE:
        is_over = policy.unit is Unit.WORKING_DAYS and schedule.closing(today) < start
        return today + _DAY if is_over else today
    tomorrow = today + _DAY
    return tomorrow if policy.starts is Starts.NEXT_DAY else schedule.next_working_day(tomorrow)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), ZONE)


def _end_of_term(schedule: Schedule, last_day: date) -> datetime:
    """The close of the offices; a term that ends on a day off ends with the next working day."""
    return schedule.closing(schedule.next_working_day(last_day))


_COUNTING: Final[Mapping[Unit, _Counting]] = {
    Unit.WORKING_HOURS: _Counting(
        lambda schedule, start, n: add(schedule, start, n * _MICROSECOND),
        lambda schedule, start, end: elapsed(schedule, start, end) // _MICROSECOND,
        _HOUR // _MICROSECOND,
    ),
    Unit.CALENDAR_HOURS: _Counting(
        lambda _, start, n: start + n * _MICROSECOND,
        lambda _, start, end: (end - start) // _MICROSECOND,
        _HOUR // _MICROSECOND,
    ),
    Unit.WORKING_DAYS: _Counting(
        lambda schedule, start, n: _end_of_term(schedule, schedule.add_days(start.date(), n)),
        lambda schedule, start, end: schedule.days_between(start.date(), end.date()),
        1,
    ),
    Unit.CALENDAR_DAYS: _Counting(
        lambda schedule, start, n: _end_of_term(schedule, start.date() + n * _DAY),
        lambda _, start, end: (end.date() - start.date()).days,
        1,
    ),
}
