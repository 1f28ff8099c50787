"""The watch: who sits at the desk, and what one shift leaves to the next."""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.alerts.models import Shift
from vamco.vocabulary.errors import Misused, NotFound, Refused

LONGEST: Final = timedelta(hours=16)


def on_watch(now: datetime | None = None) -> list[Shift]:
    """The shifts that have begun and are neither over nor handed over, the last to begin first."""
    moment = now or timezone.now()
    return list(Shift.objects.filter(starts_at__lte=moment, ends_at__gt=moment, handed_over_at=None))


def plan(actor: Actor, operator: str, starts_at: datetime, ends_at: datetime) -> Shift:
    """A shift on the rota. Raises `Misused` for a span that nobody can sit."""
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise Misused("alerts.bad_shift", hours=int(LONGEST.total_seconds() // 3600))
    with action(actor, "shift.plan", operator) as details:
        shift = Shift.objects.create(operator=operator, starts_at=starts_at, ends_at=ends_at)
        details |= {"from": starts_at.isoformat(), "to": ends_at.isoformat()}
    return shift


def begin(actor: Actor, hours: int = 8, at: datetime | None = None) -> Shift:
    """Take the watch from now; what a shift before left is on its note. Raises `Refused` if one is running."""
    now = at or timezone.now()
    if any(shift.operator == actor.name for shift in on_watch(now)):
        raise Refused("alerts.already_on_watch", operator=actor.name)
    return plan(actor, actor.name, now, now + timedelta(hours=hours))


def hand_over(actor: Actor, shift_id: int, to: str, note: str, at: datetime | None = None) -> Shift:
    """Give the watch to somebody, with what they must know. Raises `Misused` without a note, `NotFound`, `Refused`."""
    now = at or timezone.now()
    if not note.strip():
        raise Misused("alerts.handed_over_without_note")
    with action(actor, "shift.hand_over", f"shift:{shift_id}") as details:
        shift = _own_running(actor, shift_id, now)
        shift.note, shift.handed_over_at, shift.handed_over_to = note.strip(), now, to
        shift.save(update_fields=["note", "handed_over_at", "handed_over_to"])
        details |= {"to": to}
        if not any(other.operator == to for other in on_watch(now)):
            Shift.objects.create(operator=to, starts_at=now, ends_at=now + timedelta(hours=8))
    return shift


def last_note() -> Shift | None:
    """The last shift that left a note."""
    return Shift.objects.exclude(note="").order_by("-handed_over_at").first()


def _own_running(actor: Actor, shift_id: int, now: datetime) -> Shift:
    shift = Shift.objects.select_for_update().filter(pk=shift_id).first()
    if shift is None:
        raise NotFound("alerts.shift_not_found", shift=shift_id)
    if shift.operator != actor.name or shift.handed_over_at or shift.ends_at <= now:
        raise Refused("alerts.not_on_watch", operator=shift.operator)
    return shift
