"""Issuing: a draft becomes an order, every agency's clock starts, and all of it is one action."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.directives import clocks
from vamco.directives.agencies import assignee
from vamco.directives.drafts import AssignmentDraft, DirectiveDraft, check, check_assignment
from vamco.directives.models import ISSUED, Assignment, AssignmentEvent, Directive
from vamco.directives.transitions import Status
from vamco.vocabulary.errors import Refused

_PERMISSION: Final = "directive.issue"


def issue(actor: Actor, draft: DirectiveDraft, at: datetime | None = None) -> Directive:
    """The directive with its assignments, all new, their clocks running since `at` (now).

    Raises `Misused` for what the draft lacks, `NotFound` for an agency that is none, `Forbidden`.
    """
    check(draft)
    actor.require(_PERMISSION)
    at = at or timezone.now()
    with transaction.atomic():
        directive = _entered(actor, draft, at)
        with action(actor, _PERMISSION, directive.subject) as details:
            made = [_told(actor, directive, one, at) for one in draft.assignments]
            details |= {
                "number": directive.number,
                "title": directive.title,
                "assignments": {one.pk: one.agency.code for one in made},
                "prompted_by": [frozen["sha256"] for frozen in draft.prompted_by],
            }
    return directive


def assign(
    actor: Actor, directive: Directive, draft: AssignmentDraft, at: datetime | None = None
) -> Assignment:
    """One more assignment of a directive that is out already. Raises `Misused`, `Refused`, `NotFound`, `Forbidden`."""
    check_assignment(draft)
    at = at or timezone.now()
    with action(actor, _PERMISSION, directive.subject) as details:
        refuse_second(directive, draft)
        made = _told(actor, directive, draft, at)
        details |= {"assignment": made.pk, "agency": made.agency.code}
    return made


def enter(
    directive: Directive, draft: AssignmentDraft, by: str, at: datetime, replaces: Assignment | None = None
) -> Assignment:
    """The assignment with its first event and its running clock; within the caller's action."""
    told = assignee(draft.agency, timezone.localdate(at))
    made = Assignment.objects.create(
        directive=directive,
        agency=told.agency,
        area_code=told.area_code,
        is_lead=draft.is_lead,
        text=draft.text.strip(),
        policy=draft.deadline.as_dict(),
        replaces=replaces,
    )
    clock = clocks.start(made, at, by)
    AssignmentEvent.objects.create(
        assignment=made,
        verb=ISSUED,
        to_status=Status.NEW,
        by=by,
        at=at,
        details={"due_at": clock.due_at.isoformat(), "deadline": made.policy},
    )
    return made


def _told(actor: Actor, directive: Directive, draft: AssignmentDraft, at: datetime) -> Assignment:
    """Whoever may order some agencies only orders no others."""
    made = enter(directive, draft, actor.name, at)
    actor.require(_PERMISSION, made.scope)
    return made


def _entered(actor: Actor, draft: DirectiveDraft, at: datetime) -> Directive:
    return Directive.objects.create(
        source_kind=draft.source_kind,
        document_no=draft.document_no.strip(),
        issued_on=draft.issued_on,
        signer=draft.signer.strip(),
        leader=draft.leader,
        title=draft.title.strip(),
        text=draft.text.strip(),
        parent=draft.parent,
        procedure=draft.procedure,
        prompted_by=list(draft.prompted_by),
        recurrence=draft.recurrence,
        recurs_until_on=draft.recurs_until_on,
        occurs_on=timezone.localdate(at),
        entered_at=at,
        entered_by=actor.name,
        is_simulated=draft.is_simulated,
    )


def refuse_second(directive: Directive, draft: AssignmentDraft) -> None:
    """Raises `Refused` where the agency works on the directive already, or another leads it."""
    told = directive.assignments.exclude(status__in=(Status.CANCELLED, Status.RETURNED))
    if told.filter(agency__code=draft.agency).exists():
        raise Refused("directives.agency_twice", agency=draft.agency)
    if draft.is_lead and told.filter(is_lead=True).exists():
        raise Refused("directives.one_lead")
