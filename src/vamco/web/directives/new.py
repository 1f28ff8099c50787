"""Writing a directive: proposed by its procedure, looked at with every due moment, then issued."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from vamco.accounts.models import Person
from vamco.accounts.roles import Role
from vamco.deadlines.calendar import schedule_now
from vamco.directives.drafts import AssignmentDraft, DirectiveDraft, check
from vamco.directives.issuing import issue
from vamco.directives.models import Recurrence, SourceKind
from vamco.vocabulary.errors import VamcoError
from vamco.web.callers import SignedRequest
from vamco.web.directives.choices import agency_choices
from vamco.web.directives.evidence import prompts_of
from vamco.web.directives.forms import LEAD, HeadForm, RowForm, Rows
from vamco.web.directives.start import Evidence, Start, evidence_in, parent_in, simulated_among, start_of
from vamco.web.language import language_now
from vamco.worktime.clock import deadline

_PREFIX: Final = "to"
_N_BLANK: Final = 2
_ROW: Final = ("agency", "part", "text", "amount", "unit")


@dataclass(frozen=True, slots=True)
class Due:
    """What an agency will be told, and when it would be due if it were issued now."""

    draft: AssignmentDraft
    agency: str
    due_at: datetime


def directive_new(request: SignedRequest) -> HttpResponse:
    """The form; then the order as it would go out, with every due moment; then, once confirmed, it is issued."""
    if request.method != "POST":
        start = start_of(request)
        head = HeadForm(initial=_head_of(request, start))
        rows = Rows(initial=_rows_of(start), prefix=_PREFIX)
        return _form(request, head, rows, start.evidence, start=start)
    evidence = evidence_in(request)
    if "more" in request.POST or "again" in request.POST:
        return _written_so_far(request, evidence)
    return _sent(request, evidence)


def _sent(request: SignedRequest, evidence: tuple[Evidence, ...]) -> HttpResponse:
    head, rows = HeadForm(request.POST), Rows(request.POST, prefix=_PREFIX)
    if not (head.is_valid() and rows.is_valid()):
        rows.is_valid()  # both tell what is wrong at once
        return _form(request, head, rows, evidence, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        draft = _draft(request, head, rows.forms, evidence)
        check(draft)
        if "confirmed" not in request.POST:
            return _preview(request, head, rows, evidence, draft)
        made = issue(request.actor, draft)
    except VamcoError as error:
        said = {"error": error.say(language_now())}
        return _form(request, head, rows, evidence, error.http_status, **said)
    return redirect("directive", made.pk)


def _form(
    request: SignedRequest,
    head: HeadForm,
    rows: Any,
    evidence: tuple[Evidence, ...],
    status: int = HTTPStatus.OK,
    **said: Any,
) -> HttpResponse:
    shown = {**_frame(request, head, rows, evidence), **said}
    return render(request, "directives/new.html", shown, status=status)


def _preview(
    request: SignedRequest,
    head: HeadForm,
    rows: Any,
    evidence: tuple[Evidence, ...],
    draft: DirectiveDraft,
) -> HttpResponse:
    shown = {**_frame(request, head, rows, evidence), "draft": draft, "told": _told(draft)}
    return render(request, "directives/preview.html", shown)


def _frame(
    request: SignedRequest, head: HeadForm, rows: Any, evidence: tuple[Evidence, ...]
) -> dict[str, Any]:
    return {
        "head": head,
        "rows": rows,
        "evidence": evidence,
        "prompts": prompts_of([one.frozen for one in evidence], request.actor),
        "simulated": simulated_among(evidence),
        "parent": parent_in(request.actor, str(head["parent"].value() or "")),
        "now": timezone.now(),
    }


def _told(draft: DirectiveDraft) -> list[Due]:
    now, schedule = timezone.now(), schedule_now()
    names = dict(one for _, group in agency_choices() for one in group)
    return [
        Due(one, names.get(one.agency, one.agency), deadline(one.deadline, now, schedule))
        for one in draft.assignments
    ]


def _draft(
    request: SignedRequest, head: HeadForm, rows: list[RowForm], evidence: tuple[Evidence, ...]
) -> DirectiveDraft:
    said = head.cleaned_data
    return DirectiveDraft(
        source_kind=SourceKind(said["source_kind"]),
        document_no=said["document_no"],
        issued_on=said["issued_on"],
        signer=said["signer"],
        leader=head.chosen_leader,
        title=said["title"],
        text=said["text"],
        assignments=tuple(row.draft for row in rows if not row.is_blank),
        parent=parent_in(request.actor, said["parent"]),
        procedure=said["procedure"],
        prompted_by=tuple(one.frozen for one in evidence),
        recurrence=Recurrence(said["recurrence"]),
        recurs_until_on=said["recurs_until_on"],
        is_simulated=simulated_among(evidence),
    )


def _written_so_far(request: SignedRequest, evidence: tuple[Evidence, ...]) -> HttpResponse:
    """The form with everything that was written and, where it was asked for, one more row; nothing is judged yet."""
    sent = Rows(request.POST, prefix=_PREFIX)
    written = [{name: form[name].value() for name in _ROW} for form in sent.forms]
    more = [_blank()] if "more" in request.POST else []
    rows = Rows(initial=[*written, *more], prefix=_PREFIX)
    return _form(request, HeadForm(initial=request.POST.dict()), rows, evidence)


def _head_of(request: SignedRequest, start: Start) -> dict[str, Any]:
    person = request.user if request.actor.has_role(Role.LEADER) else None
    by = {"signer": person.shown_name, "leader": person.username} if isinstance(person, Person) else {}
    proposal = start.proposal
    return {
        "source_kind": SourceKind.DOCUMENT,
        "issued_on": f"{timezone.localdate():%d/%m/%Y}",
        "title": proposal.title if proposal else start.title,
        "text": proposal.text if proposal else "",
        "procedure": proposal.procedure.id if proposal else "",
        "parent": start.parent.pk if start.parent else "",
        **by,
    }


def _rows_of(start: Start) -> list[dict[str, Any]]:
    proposed = [_row(draft) for draft in start.drafts]
    return proposed or [{**_blank(), "part": LEAD}, *(_blank() for _ in range(_N_BLANK - 1))]


def _row(draft: AssignmentDraft) -> dict[str, Any]:
    return {
        "agency": draft.agency,
        "part": LEAD if draft.is_lead else "support",
        "text": draft.text,
        "amount": int(draft.deadline.amount),
        "unit": draft.deadline.unit.value,
    }


def _blank() -> dict[str, Any]:
    return {"part": "support", "amount": 5, "unit": "working_days"}
