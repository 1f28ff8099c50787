"""An administrator signs what a day is; every open deadline follows in the same transaction."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.deadlines.calendar import schedule_with, standing_days
from vamco.deadlines.models import Decided, SignedDay
from vamco.deadlines.recomputing import Recomputed, moved_by, recompute
from vamco.vocabulary.errors import Misused, Refused
from vamco.worktime.calendar_day import CalendarDay
from vamco.worktime.schedule import Schedule
from vamco.worktime.shifts import write_shifts


@dataclass(frozen=True, slots=True)
class Signed:
    """A row that was signed, and what it did to the open deadlines."""

    row: SignedDay
    recomputed: Recomputed


def decide(actor: Actor, day: CalendarDay) -> Signed:
    """Sign what that day is; it stands over every earlier row of the day, which is kept.

    Raises `Misused` for a row without title or decision, announced in the future, or with hours on a
    day off; `Refused` when just this stands already.
    """
    check(day)
    return _sign(
        actor,
        SignedDay(
            on=day.on,
            kind=Decided(day.kind),
            title=day.title,
            decision=day.decision,
            announced_on=day.announced_on,
            source=day.source,
            verified=day.verified,
            hours=write_shifts(day.shifts),
        ),
    )


def take_back(actor: Actor, on: date, why: str) -> Signed:
    """Let no row stand for that day, so that the library's proposal holds. Raises `Refused` when none stands."""
    standing = _standing(on)
    if not why.strip():
        raise Misused("deadlines.incomplete", field="why")
    return _sign(
        actor,
        SignedDay(
            on=on,
            kind=Decided.TAKEN_BACK,
            title=why,
            decision=standing.decision,
            announced_on=timezone.localdate(),
        ),
    )


def preview(day: CalendarDay) -> Recomputed:
    """How many open deadlines would move if that row were signed. Raises as `decide`."""
    check(day)
    return moved_by(_schedule_after(day.on, day))


def preview_taking_back(on: date) -> Recomputed:
    """How many open deadlines would move if no row stood for that day. Raises `Refused` when none stands."""
    _standing(on)
    return moved_by(_schedule_after(on, None))


def check(day: CalendarDay) -> None:
    """Raises what `decide` would raise for that row."""
    for field in ("title", "decision"):
        if not getattr(day, field).strip():
            raise Misused("deadlines.incomplete", field=field)
    if day.announced_on > timezone.localdate():
        raise Misused("deadlines.not_announced", announced_on=day.announced_on)
    if day.shifts and not day.is_working:
        raise Misused("deadlines.hours_of_a_day_off", on=day.on)
    if day in standing_days():
        raise Refused("deadlines.already_stands", on=day.on)


def _standing(on: date) -> CalendarDay:
    found = next((day for day in standing_days() if day.on == on), None)
    if found is None:
        raise Refused("deadlines.nothing_stands", on=on)
    return found


def _schedule_after(on: date, day: CalendarDay | None) -> Schedule:
    others = [other for other in standing_days() if other.on != on]
    return schedule_with(sorted([*others, *([day] if day else [])], key=lambda each: each.on))


def _sign(actor: Actor, row: SignedDay) -> Signed:
    with action(actor, "calendar.decide", f"calendar:{row.on}") as details:
        row.signed_by, row.signed_at = actor.name, timezone.now()
        row.save()
        found = recompute(actor.name, row.decision)
        details.update(
            kind=row.kind, decision=row.decision, title=row.title, n_open=found.n_open, n_moved=found.n_moved
        )
    return Signed(row, found)
