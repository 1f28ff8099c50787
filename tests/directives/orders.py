"""Orders for trial: one directive to Sở Y tế and a commune, and everything that a verb may need."""

import io
from datetime import datetime, timedelta

from django.utils import timezone
from tests import cast

from vamco.accounts.policy import actor_of
from vamco.directives.acting import Given, act
from vamco.directives.drafts import AssignmentDraft, DirectiveDraft
from vamco.directives.file_store import attach, linked
from vamco.directives.issuing import issue
from vamco.directives.models import Assignment, SourceKind
from vamco.directives.transitions import Status, Verb
from vamco.worktime.policy import ClockPolicy, Unit

COMMUNE = "27694"  # of Sáu
MONDAY = timezone.make_aware(datetime(2026, 11, 16, 8))
FIVE_DAYS = ClockPolicy(Unit.WORKING_DAYS, 5)


def draft(**facts):
    known = {
        "source_kind": SourceKind.DOCUMENT,
        "document_no": "1234/UBND-VX",
        "issued_on": MONDAY.date(),
        "signer": "Nguyễn Thị Lan",
        "title": "Dập dịch sốt xuất huyết",
        "text": "Khoanh vùng và xử lý các ổ dịch.",
        "assignments": (to(cast.HEALTH, is_lead=True),),
        **facts,
    }
    return DirectiveDraft(**known)


def to(agency, text="Phun hóa chất diện rộng", deadline=FIVE_DAYS, *, is_lead=False):
    return AssignmentDraft(agency, text, deadline, is_lead=is_lead)


def given(**facts):
    """Everything that any verb may ask for."""
    cast.transport()
    known = {
        "note": "Lý do",
        "evidence": (linked("https://tayninh.gov.vn/bao-cao"),),
        "amount": 2,
        "agency": cast.TRANSPORT,
        "deadline": FIVE_DAYS,
        **facts,
    }
    return Given(**known)


def lan():
    return actor_of(cast.lan())


def minh():
    return actor_of(cast.minh())


def duc():
    return actor_of(cast.duc())


def ordered(at=MONDAY, **facts):
    """The one assignment of a directive to Sở Y tế."""
    cast.health()
    return issue(lan(), draft(**facts), at).assignments.get()


WAYS = {
    Status.NEW: (),
    Status.ACCEPTED: (Verb.ACCEPT,),
    Status.IN_PROGRESS: (Verb.ACCEPT, Verb.REPORT),
    Status.SUBMITTED: (Verb.ACCEPT, Verb.SUBMIT),
    Status.COMPLETED: (Verb.ACCEPT, Verb.SUBMIT, Verb.CONFIRM),
    Status.RETURNED: (Verb.RETURN,),
    Status.CANCELLED: (Verb.CANCEL,),
}
OFFICE = {Verb.CONFIRM, Verb.CANCEL, Verb.REQUEST_EXPLANATION}


def walk(assignment: Assignment, *verbs, every=timedelta(hours=1), since=MONDAY):
    """The assignment after those verbs, an hour apart, by whoever may."""
    for n, verb in enumerate(verbs, start=1):
        by = minh() if verb in OFFICE else duc()
        assignment = act(by, assignment.pk, verb, assignment.version, given(), since + n * every)
    return assignment


def in_state(status: Status, **facts):
    return walk(ordered(**facts), *WAYS[status])


def pdf_file(text=b"bao cao"):
    return attach(io.BytesIO(b"%PDF-1.7 " + text), "báo cáo.pdf")
