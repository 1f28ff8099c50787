"""When the working time changes, every open deadline moves with it, and each move is written down."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import PROGRAM
from vamco.deadlines.calendar import schedule_now
from vamco.deadlines.clocks import due_at_of, events_of
from vamco.deadlines.models import OPEN_STATES, Clock, ClockEvent, What
from vamco.worktime.schedule import Schedule

_BATCH: Final = 5_000  # clocks held in memory at once


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many deadlines are open, and how many of them a change of the working time moves."""

    n_open: int
    n_moved: int


def recompute(by: str, why: str) -> Recomputed:
    """Work out every open deadline on the working time that holds now, in one transaction.

    Each deadline that moves gets an event with `by` and `why`; the audit log gets the counts.
    """
    schedule = schedule_now()
    with action(PROGRAM, "deadline.recompute", "calendar") as details:
        n_open = n_moved = 0
        for clocks in _open_clocks(for_update=True):
            n_open += len(clocks)
            n_moved += _keep(_moved(clocks, schedule), by, why)
            # only these: a clock that somebody starts meanwhile rests on what they saw
            Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(schedule=schedule.sha256)
        details.update(by=by, why=why, n_open=n_open, n_moved=n_moved, schedule=schedule.sha256)
    return Recomputed(n_open, n_moved)


def catch_up() -> Recomputed | None:
    """Recompute when an open deadline rests on another working time, as after new files; None when none does."""
    behind = Clock.objects.filter(state__in=OPEN_STATES).exclude(schedule=schedule_now().sha256)
    return recompute(PROGRAM.name, "") if behind.exists() else None


def moved_by(schedule: Schedule) -> Recomputed:
    """What `recompute` would find if that were the working time; nothing is changed."""
    n_open = n_moved = 0
    for clocks in _open_clocks():
        n_open += len(clocks)
        n_moved += len(_moved(clocks, schedule))
    return Recomputed(n_open, n_moved)


def _open_clocks(*, for_update: bool = False) -> Iterator[list[Clock]]:
    """The open clocks in batches, by id."""
    clocks = Clock.objects.filter(state__in=OPEN_STATES).order_by("id")
    clocks = clocks.select_for_update() if for_update else clocks
    last = 0
    while batch := list(clocks.filter(id__gt=last)[:_BATCH]):
        yield batch
        last = batch[-1].pk


def _moved(clocks: list[Clock], schedule: Schedule) -> list[Clock]:
    """The clocks that are due at another moment under that schedule, set to it."""
    moved, told = [], events_of(clocks)
    for clock in clocks:
        due_at = due_at_of(clock.rule, told[clock.pk], schedule)
        if due_at != clock.due_at:
            clock.due_at = due_at
            moved.append(clock)
    return moved


def _keep(moved: list[Clock], by: str, why: str) -> int:
    now = timezone.now()
    # one statement for many rows; `bulk_update` is a hundred times slower on these
    Clock.objects.bulk_create(
        moved, update_conflicts=True, unique_fields=["id"], update_fields=["due_at"], batch_size=1_000
    )
    ClockEvent.objects.bulk_create(
        [
            ClockEvent(clock=clock, at=now, what=What.RECOMPUTED, by=by, why=why, due_at_after=clock.due_at)
            for clock in moved
        ],
        batch_size=1_000,
    )
    return len(moved)
