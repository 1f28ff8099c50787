"""Orders that come round: the next occurrence of a series is issued when its day has come."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max
from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import PROGRAM, Actor
from vamco.directives.drafts import AssignmentDraft
from vamco.directives.issuing import enter
from vamco.directives.models import Assignment, Directive, Recurrence
from vamco.directives.transitions import Status
from vamco.vocabulary.errors import Refused
from vamco.worktime.policy import ClockPolicy

_MONTHS: Final = {Recurrence.MONTHLY: 1, Recurrence.QUARTERLY: 3}
_GONE: Final = (Status.RETURNED, Status.CANCELLED)  # whoever took over has an assignment of its own


def issue_due(now: datetime | None = None) -> list[Directive]:
    """Issue every occurrence whose day has come, also days that a machine which stood still has missed."""
    today = timezone.localdate(now)
    made: list[Directive] = []
    for first in Directive.objects.exclude(recurrence=Recurrence.ONCE).filter(series=None):
        made += _missing(first, today)
    return made


def day_of(first: Directive, n: int) -> date:
    """The day of the n-th occurrence after the first; a month that is too short has it on its last day."""
    if first.recurrence == Recurrence.WEEKLY:
        return first.occurs_on + timedelta(weeks=n)
    months = first.occurs_on.month - 1 + n * _MONTHS[Recurrence(first.recurrence)]
    year, month = first.occurs_on.year + months // 12, months % 12 + 1
    return date(year, month, min(first.occurs_on.day, monthrange(year, month)[1]))


def end_recurrence(actor: Actor, directive: Directive) -> Directive:
    """The series comes round no more; what is out stays. Raises `Refused` where nothing recurs, `Forbidden`."""
    first = directive.series or directive
    with action(actor, "directive.end_recurrence", first.subject) as details:
        details |= {"recurrence": first.recurrence}
        ended = Directive.objects.filter(pk=first.pk).exclude(recurrence=Recurrence.ONCE)
        if not ended.update(recurrence=Recurrence.ONCE):
            raise Refused("directives.does_not_recur", number=first.number)
    first.refresh_from_db()
    return first


def _missing(first: Directive, today: date) -> list[Directive]:
    last_on = first.occurrences.aggregate(last=Max("occurs_on"))["last"] or first.occurs_on
    until_on = min(today, first.recurs_until_on or today)
    made, n = [], 1
    while (on := day_of(first, n)) <= until_on:
        if on > last_on:
            made.append(_occurrence(first, on))
        n += 1
    return made


def _occurrence(first: Directive, on: date) -> Directive:
    at = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    with action(PROGRAM, "directive.recur", first.subject) as details:
        made = Directive.objects.get(pk=first.pk)
        made.pk, made.series, made.occurs_on, made.entered_at = None, first, on, at
        made.entered_by, made.recurrence, made.version = PROGRAM.name, Recurrence.ONCE, 1
        made.verdict = made.verdict_note = made.verdict_by = ""
        made.verdict_at, made.prompted_by = None, []
        made._state.adding = True
        made.save(force_insert=True)
        for told in first.assignments.exclude(status__in=_GONE):
            enter(made, _again(told), PROGRAM.name, at)
        details |= {"directive": made.pk, "number": made.number, "occurs_on": on.isoformat()}
    return made


def _again(told: Assignment) -> AssignmentDraft:
    return AssignmentDraft(
        told.area_code or told.agency.code,
        told.text,
        ClockPolicy.from_dict(told.policy),
        is_lead=told.is_lead,
    )
