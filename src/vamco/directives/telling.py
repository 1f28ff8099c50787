"""Agencies are told what was decided about their assignments, and when one is soon due or overdue.

What is told is read from the events on record, not sent by whoever acts: a fault in the file of channels stops
no order, and what was missed while the worker stood still is told when it is back.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from vamco.directives.models import ISSUED, Assignment, AssignmentEvent, Directive
from vamco.directives.reading import Standing, standings
from vamco.directives.timing import Timing
from vamco.directives.transitions import NOT_HANDED_IN, TRANSITIONS, Side, Status
from vamco.notifying.channels import Channels, channels_here
from vamco.notifying.enqueueing import Message, enqueue
from vamco.notifying.models import Notification
from vamco.vocabulary.messages import Language, say
from vamco.vocabulary.severity import Severity

_LANGUAGE: Final[Language] = "vi"  # of what leaves the house
_LOOKED_BACK: Final = timedelta(days=7)  # at events that nobody was told of, after the worker stood still
_DECIDED: Final = (ISSUED, *(row.verb for row in TRANSITIONS if row.side is Side.OVERSIGHT))
_OVER: Final = (Status.COMPLETED, Status.CANCELLED)
_PRESSING: Final = (Timing.DUE_SOON, Timing.OVERDUE)

_News = tuple[Assignment, Message]


def tell_decided_due(now: datetime | None = None) -> int:
    """Put every decision that its agency was not told of into the outbox; how many messages are new."""
    return tell_decided(channels_here(), now or timezone.now())


def tell_deadlines_due(now: datetime | None = None) -> int:
    """Put every assignment that is soon due or overdue into the outbox; how many messages are new."""
    return tell_deadlines(channels_here(), now or timezone.now())


def tell_decided(channels: Channels, now: datetime) -> int:
    """Orders and decisions of the last week, each once to the agency that it is about."""
    found = AssignmentEvent.objects.filter(verb__in=_DECIDED, at__gt=now - _LOOKED_BACK, at__lte=now)
    events = list(found.select_related("assignment__directive", "assignment__agency"))
    due = {one.assignment.pk: one for one in standings({event.assignment for event in events}, now)}
    return _tell([_decided(event, due) for event in events], channels, now)


def tell_deadlines(channels: Channels, now: datetime) -> int:
    """What is still to be handed in and soon due or overdue, once for each deadline that it has had."""
    waiting = Assignment.objects.filter(status__in=NOT_HANDED_IN).select_related("directive", "agency")
    pressing = [one for one in standings(waiting, now) if one.timing in _PRESSING]
    return _tell([_pressing(one) for one in pressing], channels, now)


def _tell(news: Sequence[_News], channels: Channels, now: datetime) -> int:
    return sum(
        enqueue(message, channels, now, agencies=[assignment.agency.code])
        for assignment, message in _untold(news)
    )


def _untold(news: Sequence[_News]) -> Iterator[_News]:
    subjects = {message.subject for _, message in news}
    rows = Notification.objects.filter(subject__in=subjects)
    told = set(rows.values_list("subject", "kind", "version"))
    return (one for one in news if (one[1].subject, one[1].kind, one[1].version) not in told)


def _decided(event: AssignmentEvent, due: dict[int, Standing]) -> _News:
    standing = due.get(event.assignment_id)
    is_over = event.to_status in _OVER or standing is None
    return event.assignment, _message(event.assignment, event.verb, event.pk, None if is_over else standing)


def _pressing(standing: Standing) -> _News:
    """A deadline is known by its minute: when it moves, it is told of again."""
    minute = int(standing.due_at.timestamp()) // 60
    return standing.assignment, _message(standing.assignment, standing.timing.value, minute, standing)


def _message(assignment: Assignment, kind: str, version: int, standing: Standing | None) -> Message:
    """Title and deadline only: what was ordered is read in the house, not on a gateway's screen."""
    directive = assignment.directive
    title = say(
        "directives.told_title",
        _LANGUAGE,
        simulated=say("directives.told_simulated", _LANGUAGE) if directive.is_simulated else "",
        said=say(f"directives.told_{kind}", _LANGUAGE),
        title=directive.title,
    )
    return Message(
        assignment.subject,
        kind,
        version,
        _severity(directive),
        title if len(title) <= 300 else title[:299] + "…",
        _body(directive, standing),
        directive.is_simulated,
    )


def _body(directive: Directive, standing: Standing | None) -> str:
    if standing is None:
        return say("directives.told_body_over", _LANGUAGE, number=directive.number)
    due = f"{timezone.localtime(standing.due_at):%H:%M %d/%m/%Y}"
    return say("directives.told_body", _LANGUAGE, number=directive.number, due=due)


def _severity(directive: Directive) -> Severity:
    """As bad as the worst alert that prompted it: what follows from a disaster is told at night too."""
    return min(_prompting(directive.prompted_by), key=lambda one: one.rank, default=Severity.MODERATE)


def _prompting(evidence: Iterable[dict[str, dict[str, str]]]) -> Iterator[Severity]:
    for frozen in evidence:
        if frozen.get("alert", {}).get("severity"):
            yield Severity(frozen["alert"]["severity"])
