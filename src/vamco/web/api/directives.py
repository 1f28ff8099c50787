"""Directives and assignments over HTTP: followed, issued, and acted on by an agency's own software."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, Final, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from ninja import Router, Schema, Status

from vamco.directives.acting import Given, act, assignment_of
from vamco.directives.draft_file import deadline_from, draft_from
from vamco.directives.effect import effect_of
from vamco.directives.file_store import linked
from vamco.directives.follow_up import open_standings
from vamco.directives.issuing import issue
from vamco.directives.models import Directive
from vamco.directives.reading import (
    Choice,
    assignments_for,
    choices,
    directive_for,
    directives_for,
    leader_name,
    standings,
    story,
)
from vamco.web.api.schemas import ErrorOut
from vamco.web.callers import SignedRequest
from vamco.web.conditional import unchanged
from vamco.web.directives.deeds import verb_of
from vamco.web.language import language_now

router = Router(tags=["directives"])
N_LISTED: Final = 500


class AssignmentOut(Schema):
    """What one agency was told. `timing` is worked out from its clock; `remaining` is in `unit`, negative when late."""

    id: int
    version: int
    directive: str
    directive_id: int
    title: str
    leader: str
    agency: str
    agency_name: dict[str, str]
    is_lead: bool
    text: str
    status: str
    timing: str
    light: str
    due_at: datetime
    remaining: float
    unit: str
    extension_asked: int | None
    is_explanation_asked: bool


class ChoiceOut(AssignmentOut):
    """An assignment with the verbs that the caller may use now, each with the fields that it requires."""

    verbs: dict[str, list[str]]


class DirectiveOut(Schema):
    """One order."""

    id: int
    number: str
    title: str
    source: str
    document_no: str
    issued_on: date
    signer: str
    leader: str
    recurrence: str
    parent: int | None
    verdict: str
    entered_at: datetime
    is_simulated: bool


class DirectiveEventOut(Schema):
    """One thing that was done with an assignment, and the evidence that came with it (links, or names of files)."""

    assignment: int
    verb: str
    status: str
    by: str
    at: datetime
    note: str
    evidence: list[str]


class EffectOut(Schema):
    """What became of the figure that prompted the order, with its reason in words."""

    judgement: str
    words: str


class DirectiveDetailOut(DirectiveOut):
    """An order with the frozen evidence that prompted it, its assignments, its story and its effect."""

    text: str
    prompted_by: list[dict[str, Any]]
    assignments: list[ChoiceOut]
    events: list[DirectiveEventOut]
    effect: EffectOut


class AssignmentIn(Schema):
    """What an agency (its code, or that of a commune) is told; `within` as `5 working_days`."""

    agency: str
    text: str
    within: str
    lead: bool = False


class DirectiveIn(Schema):
    """An order to be, in the form of docs/reference/directives.md."""

    source: Literal["document", "oral_conclusion"] = "document"
    document_no: str = ""
    issued_on: date
    signer: str
    leader: str = ""
    title: str
    text: str
    parent: int | None = None
    recurrence: Literal["", "weekly", "monthly", "quarterly"] = ""
    recurs_until_on: date | None = None
    assignments: list[AssignmentIn]


class VerbIn(Schema):
    """What comes with a verb: the version looked at, and what the verb requires; `within` as `2 working_days`."""

    version: int
    note: str = ""
    links: list[str] = []
    amount: int | None = None
    agency: str = ""
    within: str = ""


@router.get("/directives", response=list[DirectiveOut], url_name="directives")
def listed(request: SignedRequest, response: HttpResponse) -> Any:
    """The newest directives of which the caller may read an assignment, at most 500. With ETag."""
    return _tagged(request, response, [_told(one) for one in directives_for(request.actor)[:N_LISTED]])


@router.post(
    "/directives",
    response={201: DirectiveDetailOut, 400: ErrorOut, 403: ErrorOut, 404: ErrorOut},
    url_name="directives",
)
def send(request: SignedRequest, given: DirectiveIn) -> Status[dict[str, Any]]:
    """Issue a directive; every agency's clock starts at once."""
    node = given.dict(exclude_none=True)
    made = issue(request.actor, draft_from({name: _text(value) for name, value in node.items()}))
    return Status(HTTPStatus.CREATED, _whole(request, made))


@router.get(
    "/directives/{int:directive_id}",
    response={200: DirectiveDetailOut, 404: ErrorOut},
    url_name="directive",
)
def one(request: SignedRequest, response: HttpResponse, directive_id: int) -> Any:
    """One directive with everything that happened. With ETag."""
    return _tagged(request, response, _whole(request, directive_for(request.actor, directive_id)))


@router.get("/assignments", response=list[AssignmentOut], url_name="assignments")
def assignments(
    request: SignedRequest, response: HttpResponse, state: Literal["open", "all"] = "open"
) -> Any:
    """The assignments that the caller may read, the most overdue first. With ETag."""
    found = open_standings(request.actor) if state == "open" else standings(assignments_for(request.actor))
    return _tagged(request, response, [one.as_dict() for one in found])


@router.post(
    "/assignments/{int:assignment_id}/verbs/{verb}",
    response={200: DirectiveDetailOut, 400: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut},
    url_name="assignment-act",
)
def do(request: SignedRequest, assignment_id: int, verb: str, given: VerbIn) -> dict[str, Any]:
    """One verb of the table. Refused (409) where somebody was first, or where state or a condition forbids it."""
    directive = directive_for(request.actor, assignment_of(assignment_id).directive_id)
    act(request.actor, assignment_id, verb_of(verb), given.version, _given(given))
    return _whole(request, directive)


def _given(said: VerbIn) -> Given:
    return Given(
        note=said.note,
        evidence=tuple(map(linked, said.links)),
        amount=said.amount,
        agency=said.agency,
        deadline=deadline_from(said.within) if said.within else None,
    )


def _text(value: Any) -> Any:
    """Days as the form writes them."""
    return value.isoformat() if isinstance(value, date) else value


def _told(directive: Directive) -> dict[str, Any]:
    kept = (
        "id",
        "title",
        "document_no",
        "issued_on",
        "signer",
        "recurrence",
        "verdict",
        "entered_at",
        "is_simulated",
    )
    return {
        **{name: getattr(directive, name) for name in kept},
        "number": directive.number,
        "source": directive.source_kind,
        "leader": leader_name(directive),
        "parent": directive.parent_id,
    }


def _whole(request: SignedRequest, directive: Directive) -> dict[str, Any]:
    effect = effect_of(directive)
    return {
        **_told(directive),
        "text": directive.text,
        "prompted_by": directive.prompted_by,
        "assignments": [_choice(one) for one in choices(request.actor, directive)],
        "events": _events(directive),
        "effect": {"judgement": effect.judgement.value, "words": effect.say(language_now())},
    }


def _choice(choice: Choice) -> dict[str, Any]:
    verbs = {row.verb.value: [str(field) for field in row.required] for row in choice.transitions}
    return {**choice.standing.as_dict(), "verbs": verbs}


def _events(directive: Directive) -> Sequence[dict[str, Any]]:
    return [
        {
            "assignment": event.assignment_id,
            "verb": event.verb,
            "status": event.to_status,
            "by": event.by,
            "at": event.at,
            "note": event.note,
            "evidence": [str(file) for file in event.evidence.all()],
        }
        for event in story(directive)
    ]


def _tagged(request: SignedRequest, response: HttpResponse, told: Any) -> Any:
    """The answer, or 304 for whoever holds it; timings change by themselves, so the tag is of all that is said."""
    plain = json.dumps(told, cls=DjangoJSONEncoder, sort_keys=True)
    tag = f'"{hashlib.sha256(f"{plain}·{language_now()}".encode()).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    return unchanged(request, tag) or told
