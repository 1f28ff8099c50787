"""How directives and their assignments stood at the end of a day: what was open, and what happened that day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final

from django.utils import timezone

from vamco.accounts.policy import PROGRAM
from vamco.deadlines.calendar import schedule_now
from vamco.directives.effect import Judgement, completed_on, effect_of, prompt_of
from vamco.directives.history import events_until, moment_of, standings_then
from vamco.directives.models import Directive
from vamco.directives.reading import Standing, assignments_for
from vamco.directives.timing import Timing
from vamco.directives.transitions import Status, Verb
from vamco.flow.operations.days import beginning_of, end_of
from vamco.flow.operations.table import Row, Table
from vamco.worktime import clock

_EFFECT_TOLD_FOR: Final = timedelta(
    days=62
)  # after completion: two months hold the period that judges a monthly figure
_CLOSED: Final = (Status.COMPLETED, Status.CANCELLED)
_NOT_ACCEPTED, _NOT_SUBMITTED, _NOT_COMPLETED = "chưa nhận", "chưa báo cáo", "chưa xong"
_NO_SERVICE: Final = "none"
_INSTANT: Final = timedelta(microseconds=1)


def assignments_on(on: date) -> Table | None:
    """One row for each assignment that was open at the end of the day or moved on it; None where there is none."""
    told = [one for one in _standings(on) if _is_open(one) or _moved_on(one, on)]
    rows = [_assignment(one, on) for one in told]
    return Table(rows, is_simulated=_is_simulated(told)) if rows else None


def directives_on(on: date) -> Table | None:
    """One row for each directive that was open, moved that day, or whose effect is still being told."""
    grouped: defaultdict[int, list[Standing]] = defaultdict(list)
    for one in _standings(on):
        grouped[one.assignment.directive_id].append(one)
    told = [standings for _, standings in sorted(grouped.items()) if _is_told(standings, on)]
    rows = [_directive(standings, on) for standings in told]
    return Table(rows, is_simulated=_is_simulated(chain.from_iterable(told))) if rows else None


def _standings(on: date) -> list[Standing]:
    return standings_then(assignments_for(PROGRAM).filter(directive__entered_at__lt=end_of(on)), _last_of(on))


def _last_of(on: date) -> datetime:
    return end_of(on) - _INSTANT


def _is_open(one: Standing) -> bool:
    return one.status not in _CLOSED


def _moved_on(one: Standing, on: date) -> bool:
    told = events_until(one.assignment, _last_of(on))
    return any(event.at >= beginning_of(on) for event in told)


def _is_told(standings: Sequence[Standing], on: date) -> bool:
    if any(_is_open(one) or _moved_on(one, on) for one in standings):
        return True
    done_on = completed_on(standings[0].assignment.directive, _last_of(on))
    return done_on is not None and on - done_on <= _EFFECT_TOLD_FOR


def _is_simulated(told: Iterable[Standing]) -> bool:
    return any(one.assignment.directive.is_simulated for one in told)


def _assignment(one: Standing, on: date) -> Row:
    assignment, moment = one.assignment, _last_of(on)
    events = events_until(assignment, moment)
    accepted = moment_of(assignment, Verb.ACCEPT, moment)
    return {
        "assignment": assignment.pk,
        "directive": assignment.directive.number,
        "reported_on": on,
        "service": _service(assignment.directive),
        "agency": assignment.agency.code,
        "part": "lead" if assignment.is_lead else "support",
        "status": one.status.value,
        "timing": one.timing.value,
        "issued_at": events[0].at,
        "due_at": one.due_at,
        "accepted_at": accepted or _NOT_ACCEPTED,
        "submitted_at": _submitted_at(one, moment) or _NOT_SUBMITTED,
        "completed_at": moment_of(assignment, Verb.CONFIRM, moment) if _is_done(one) else _NOT_COMPLETED,
        "working_hours_to_accept": _working_hours(events[0].at, accepted),
        "extensions": sum(event.verb == Verb.GRANT_EXTENSION for event in events),
    }


def _submitted_at(one: Standing, moment: datetime) -> datetime | None:
    is_in = one.status in (Status.SUBMITTED, Status.COMPLETED)
    return moment_of(one.assignment, Verb.SUBMIT, moment) if is_in else None


def _is_done(one: Standing) -> bool:
    return one.status is Status.COMPLETED


def _working_hours(start: datetime, end: datetime | None) -> float | None:
    if end is None:
        return None
    return round(clock.elapsed(schedule_now(), start, end) / timedelta(hours=1), 2)


def _directive(standings: Sequence[Standing], on: date) -> Row:
    directive, moment = standings[0].assignment.directive, _last_of(on)
    done_on = completed_on(directive, moment)
    return {
        "directive": directive.number,
        "reported_on": on,
        "service": _service(directive),
        "source": directive.source_kind,
        "issued_on": timezone.localdate(directive.entered_at),
        "assignments": len(standings),
        "assignments_completed": sum(map(_is_done, standings)),
        "assignments_overdue": sum(one.timing is Timing.OVERDUE for one in standings),
        "completed_on": done_on or _NOT_COMPLETED,
        "effect": _effect(directive, moment, done_on),
        "verdict": _verdict(directive, moment),
    }


def _effect(directive: Directive, moment: datetime, done_on: date | None) -> str:
    """Nothing is worked out while the work is open."""
    return Judgement.TOO_EARLY if done_on is None else effect_of(directive, as_known_at=moment).judgement


def _verdict(directive: Directive, moment: datetime) -> Any:
    is_known = directive.verdict_at is not None and directive.verdict_at <= moment
    return directive.verdict if is_known else "none"


def _service(directive: Directive) -> str:
    """The pack of the procedure, or of the figure that prompted it."""
    prompts = (prompt_of(frozen) for frozen in directive.prompted_by)
    named = (directive.procedure, *(prompt.indicator for prompt in prompts if prompt))
    return next((name.partition(".")[0] for name in named if name), _NO_SERVICE)
