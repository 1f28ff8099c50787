"""Doing something with an assignment: one verb of the table, by somebody who saw how it stood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.models import Person
from vamco.accounts.policy import Actor
from vamco.directives import clocks
from vamco.directives.drafts import AssignmentDraft
from vamco.directives.file_store import Attached
from vamco.directives.guards import refusal
from vamco.directives.issuing import enter, refuse_second
from vamco.directives.models import Assignment, AssignmentEvent, EvidenceFile
from vamco.directives.transitions import Field, Status, Transition, Verb, transition_of
from vamco.directives.wording import words
from vamco.vocabulary.errors import Misused, NotFound, Refused
from vamco.worktime.policy import ClockPolicy


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a verb; which of it is needed says the table."""

    note: str = ""
    evidence: tuple[Attached, ...] = ()
    amount: int | None = None  # more time, in the unit of the deadline
    agency: str = ""
    deadline: ClockPolicy | None = None


def act(
    actor: Actor,
    assignment_id: int,
    verb: Verb,
    seen_version: int,
    given: Given = Given(),
    at: datetime | None = None,
) -> Assignment:
    """The assignment after the verb, with its event, its clock and its audit entry.

    `seen_version` is the version that the actor looked at. Raises `Refused` naming who did what in between, or what
    state or condition forbids it; `Forbidden`, `NotFound`, and `Misused` for what should have come with it.
    """
    found, transition = assignment_of(assignment_id), transition_of(verb)
    with action(actor, transition.permission, found.subject, found.scope) as details:
        assignment = assignment_of(assignment_id)
        if assignment.version != seen_version:
            raise _somebody_was_first(assignment, seen_version)
        objection = refusal(actor, assignment, transition)
        if objection:
            raise objection
        _require_fields(transition, given)
        event = _moved(actor, assignment, transition, given, at or timezone.now())
        details |= {**event.details, "from": event.from_status, "to": event.to_status, "event": event.pk}
        details |= {"version": assignment.version + 1, "note": event.note}
    return assignment_of(assignment_id)


def assignment_of(assignment_id: int) -> Assignment:
    """The assignment with its directive and agency. Raises `NotFound`."""
    found = Assignment.objects.select_related("directive", "agency").filter(pk=assignment_id).first()
    if found is None:
        raise NotFound("directives.assignment_not_found", assignment=assignment_id)
    return found


def _moved(
    actor: Actor, assignment: Assignment, transition: Transition, given: Given, at: datetime
) -> AssignmentEvent:
    target = transition.target or Status(assignment.status)
    changes = {"status": target, **_changes(transition, target, given)}
    _update(assignment, changes)
    details = _details(assignment, transition, given)
    moved = assignment_of(assignment.pk)
    details |= clocks.follow(transition, moved, _time_given(assignment, given), at, actor.name, given.note)
    event = AssignmentEvent.objects.create(
        assignment=assignment,
        verb=transition.verb,
        from_status=assignment.status,
        to_status=target,
        by=actor.name,
        at=at,
        note=given.note.strip(),
        details=details,
    )
    EvidenceFile.objects.bulk_create(_evidence(event, one) for one in given.evidence)
    if transition.verb is Verb.REASSIGN:
        _replace(actor, assignment, given, at)
    return event


def _update(assignment: Assignment, changes: Mapping[str, Any]) -> None:
    """Whoever reads the row later than another wrote it finds no row of that version."""
    same = Assignment.objects.filter(pk=assignment.pk, version=assignment.version)
    if not same.update(version=F("version") + 1, **changes):
        raise _somebody_was_first(assignment_of(assignment.pk), assignment.version)


def _changes(transition: Transition, target: Status, given: Given) -> Mapping[str, Any]:
    """What the verb changes beside the state; a request for time dies with the work."""
    made = dict(_SETS.get(transition.verb, _nothing)(given))
    if target not in (Status.ACCEPTED, Status.IN_PROGRESS):
        made["extension_asked"] = None
    if target is Status.CANCELLED:
        made["is_explanation_asked"] = False
    return made


def _nothing(_: Given) -> Mapping[str, Any]:
    return {}


def _reopened(given: Given) -> Mapping[str, Any]:
    return {"clock_no": F("clock_no") + 1, "policy": given.deadline.as_dict() if given.deadline else {}}


_SETS: Final[Mapping[Verb, Callable[[Given], Mapping[str, Any]]]] = {
    Verb.ASK_EXTENSION: lambda given: {"extension_asked": given.amount},
    Verb.GRANT_EXTENSION: lambda _: {"extension_asked": None},
    Verb.REFUSE_EXTENSION: lambda _: {"extension_asked": None},
    Verb.REQUEST_EXPLANATION: lambda _: {"is_explanation_asked": True},
    Verb.EXPLAIN: lambda _: {"is_explanation_asked": False},
    Verb.REOPEN: _reopened,
}


def _time_given(assignment: Assignment, given: Given) -> int:
    """As much as was asked for, unless the office gives another amount."""
    return given.amount or assignment.extension_asked or 0


def _details(assignment: Assignment, transition: Transition, given: Given) -> dict[str, Any]:
    if transition.verb is Verb.ASK_EXTENSION:
        return {"amount": given.amount}
    if transition.verb is Verb.GRANT_EXTENSION:
        return {"asked": assignment.extension_asked, "amount": _time_given(assignment, given)}
    return {"agency": given.agency} if transition.verb is Verb.REASSIGN else {}


def _replace(actor: Actor, assignment: Assignment, given: Given, at: datetime) -> None:
    if given.deadline is None:
        raise Misused("directives.field_is_missing", field=Field.DEADLINE)
    draft = AssignmentDraft(given.agency, assignment.text, given.deadline, is_lead=assignment.is_lead)
    refuse_second(assignment.directive, draft)
    made = enter(assignment.directive, draft, actor.name, at, replaces=assignment)
    actor.require(transition_of(Verb.REASSIGN).permission, made.scope)


def _require_fields(transition: Transition, given: Given) -> None:
    missing = [field for field in transition.required if not _filled(given, field)]
    if missing:
        named = [words(f"field_{field}")["vi"] for field in missing]
        raise Misused("directives.field_is_missing", verb=words(f"verb_{transition.verb}"), field=named)
    if given.amount is not None and given.amount <= 0:
        raise Misused("directives.bad_amount", amount=given.amount)


def _filled(given: Given, field: Field) -> bool:
    value = getattr(given, field)
    return bool(value.strip() if isinstance(value, str) else value)


def _evidence(event: AssignmentEvent, one: Attached) -> EvidenceFile:
    return EvidenceFile(
        event=event,
        sha256=one.sha256,
        filename=one.filename,
        media_type=one.media_type,
        n_bytes=one.n_bytes,
        link=one.link,
    )


def _somebody_was_first(assignment: Assignment, seen_version: int) -> Refused:
    last = assignment.events.order_by("-pk")[0]
    return Refused(
        "directives.somebody_was_first",
        by=shown_name(last.by),
        verb=words(f"verb_{last.verb}"),
        at=f"{timezone.localtime(last.at):%H:%M %d/%m/%Y}",
        status=words(f"status_{assignment.status}"),
        seen_version=seen_version,
        version=assignment.version,
    )


def shown_name(username: str) -> str:
    """The name as colleagues read it; the name of the account where nobody has it."""
    person = Person.objects.filter(username=username).first()
    return person.shown_name if person else username
