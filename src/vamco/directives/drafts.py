"""What somebody writes before it is an order, and what must be in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from vamco.accounts.models import Person
from vamco.directives.evidence import Frozen, is_intact
from vamco.directives.models import Directive, Recurrence, SourceKind
from vamco.vocabulary.errors import Misused, VamcoError
from vamco.worktime.policy import AT_ONCE, NEXT_DAY, ClockPolicy, Unit


def term(unit: Unit, amount: int) -> ClockPolicy:
    """So much time, as the Civil Code 2015 counts it (art. 147): hours from the order itself, days from the next day."""
    return ClockPolicy(unit, amount, NEXT_DAY if unit.in_days else AT_ONCE)


@dataclass(frozen=True, slots=True)
class AssignmentDraft:
    """What one agency (its code, or that of a commune) is told, and how long it has."""

    agency: str
    text: str
    deadline: ClockPolicy
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class DirectiveDraft:
    """A directive to be; a document has a number, an oral conclusion has none."""

    source_kind: SourceKind
    issued_on: date
    signer: str
    title: str
    text: str
    assignments: tuple[AssignmentDraft, ...]
    document_no: str = ""
    leader: Person | None = None
    parent: Directive | None = None
    procedure: str = ""
    prompted_by: tuple[Frozen, ...] = field(default=())
    recurrence: Recurrence = Recurrence.ONCE
    recurs_until_on: date | None = None
    is_simulated: bool = False


def check(draft: DirectiveDraft) -> None:
    """Raises `Misused` at the first thing that is wrong."""
    for error in _faults(draft):
        raise error


def check_assignment(draft: AssignmentDraft) -> None:
    """Raises `Misused` where it says nothing, or gives no time."""
    if not draft.text.strip():
        raise Misused("directives.nothing_to_do", agency=draft.agency)
    if draft.deadline.amount <= 0:
        raise Misused("directives.no_time", agency=draft.agency)


def _faults(draft: DirectiveDraft) -> Iterator[VamcoError]:
    for name in ("title", "text", "signer"):
        if not getattr(draft, name).strip():
            yield Misused("directives.field_is_empty", field=name)
    if draft.source_kind is SourceKind.DOCUMENT and not draft.document_no.strip():
        yield Misused("directives.field_is_empty", field="document_no")
    if draft.issued_on > timezone.localdate():
        yield Misused("directives.issued_in_the_future", on=f"{draft.issued_on:%d/%m/%Y}")
    if not all(map(is_intact, draft.prompted_by)):
        yield Misused("directives.evidence_was_changed")
    yield from _assignment_faults(draft)


def _assignment_faults(draft: DirectiveDraft) -> Iterator[VamcoError]:
    if sum(one.is_lead for one in draft.assignments) != 1:
        yield Misused("directives.one_lead")
    twice = [agency for agency, n in Counter(one.agency for one in draft.assignments).items() if n > 1]
    if twice:
        yield Misused("directives.agency_twice", agency=twice)
    for one in draft.assignments:
        check_assignment(one)
