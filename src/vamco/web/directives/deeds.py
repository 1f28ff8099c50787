"""What a form says of a verb: read without losing any of it, whatever is refused afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from vamco.directives.acting import Given
from vamco.directives.drafts import term
from vamco.directives.file_store import Attached, attach, linked
from vamco.directives.models import Assignment
from vamco.directives.transitions import Field, Status, Transition, Verb
from vamco.vocabulary.errors import Misused, NotFound
from vamco.worktime.policy import ClockPolicy, Unit

_SALT: Final = "vamco.web.directives.kept"
_KEPT_FOR_SECONDS: Final = 24 * 3600
_MOST_DIGITS: Final = 6
_OFFERED: Final = {
    Verb.REPORT: (Field.EVIDENCE,),
    Verb.EXPLAIN: (Field.EVIDENCE,),
    Verb.GRANT_EXTENSION: (Field.AMOUNT, Field.NOTE),
    Verb.CONFIRM: (Field.NOTE,),
}
"""What may come with a verb although the table does not require it."""
_NEXT: Final = {
    Status.NEW: (Verb.ACCEPT,),
    Status.ACCEPTED: (Verb.REPORT,),
    Status.IN_PROGRESS: (Verb.SUBMIT,),
    Status.SUBMITTED: (Verb.CONFIRM,),
    Status.RETURNED: (Verb.REASSIGN, Verb.INSIST),
}
UNITS: Final = (Unit.WORKING_DAYS, Unit.WORKING_HOURS, Unit.CALENDAR_DAYS, Unit.CALENDAR_HOURS)


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb that the reader may do now, with the fields that it takes."""

    transition: Transition
    is_next: bool

    @property
    def verb(self) -> Verb:
        """What it does."""
        return self.transition.verb

    @property
    def fields(self) -> tuple[Field, ...]:
        """What may come with it, in the order in which it is asked."""
        asked = {*self.transition.required, *_OFFERED.get(self.verb, ())}
        return tuple(one for one in Field if one in asked)

    def needs(self, name: str) -> bool:
        """Whether it is refused without."""
        return name in self.transition.required


@dataclass(slots=True)
class Typed:
    """What somebody wrote; `kept` are the files that have arrived already."""

    verb: str = ""
    note: str = ""
    amount: str = ""
    agency: str = ""
    unit: str = Unit.WORKING_DAYS.value
    link: str = ""
    kept: list[Attached] = field(default_factory=list)

    @property
    def tokens(self) -> list[tuple[str, str]]:
        """The kept files as a form carries them, each with its name."""
        return [(signing.dumps(_facts(one), salt=_SALT), one.filename) for one in self.kept]


def deeds_of(transitions: Iterable[Transition], assignment: Assignment) -> list[Deed]:
    """The verbs as forms, first what the assignment needs next."""
    wanted = _wanted(assignment)
    made = [Deed(row, is_next=row.verb in wanted) for row in transitions]
    return sorted(made, key=lambda one: wanted.index(one.verb) if one.is_next else len(wanted))


def _wanted(assignment: Assignment) -> tuple[Verb, ...]:
    """What is asked for comes before the work itself."""
    asked: tuple[Verb, ...] = (Verb.EXPLAIN,) if assignment.is_explanation_asked else ()
    if assignment.extension_asked is not None:
        asked = (*asked, Verb.GRANT_EXTENSION, Verb.REFUSE_EXTENSION)
    return (*asked, *_NEXT.get(Status(assignment.status), ()))


def verb_of(text: str) -> Verb:
    """The verb so named. Raises `NotFound`."""
    try:
        return Verb(text)
    except ValueError:
        raise NotFound("web.no_verb", verb=text) from None


def typed_in(request: HttpRequest, verb: str) -> Typed:
    """Everything that was written, as it was; nothing is checked yet."""
    said = {name: request.POST.get(name, "").strip() for name in ("note", "amount", "agency", "link")}
    unit = request.POST.get("unit", Unit.WORKING_DAYS)
    kept = [one for one in map(_kept, request.POST.getlist("kept")) if one is not None]
    return Typed(verb, unit=unit, kept=kept, **said)


def keep_files(typed: Typed, files: "Iterable[UploadedFile[Any]]") -> None:
    """Keep the files, one by one, so that those before a bad one need not be sent again. Raises `Refused`."""
    for file in files:
        if file.name:
            typed.kept.append(attach(file, file.name))


def given_in(typed: Typed, verb: Verb) -> Given:
    """What comes with the verb. Raises `Misused` and `Refused`."""
    evidence = (*typed.kept, *([linked(typed.link)] if typed.link else []))
    is_deadline = verb in (Verb.REASSIGN, Verb.REOPEN)
    return Given(
        note=typed.note,
        evidence=evidence,
        amount=None if is_deadline else _number(typed.amount),
        agency=typed.agency,
        deadline=deadline_in(typed.amount, typed.unit) if is_deadline else None,
    )


def deadline_in(amount: str, unit: str) -> ClockPolicy | None:
    """So much time, None where none is said. Raises `Misused`."""
    n = _number(amount)
    if n is None:
        return None
    if unit not in list(Unit):
        raise Misused("web.bad_parameter", name="unit", value=unit, wanted=", ".join(Unit))
    return term(Unit(unit), n)


def version_in(request: HttpRequest) -> int:
    """The version that the reader looked at; 0, which fits none, where it is not said."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise Misused("directives.bad_amount", amount=text)
    return int(text)


def _facts(one: Attached) -> list[str | int]:
    return [one.sha256, one.filename, one.media_type, one.n_bytes]


def _kept(token: str) -> Attached | None:
    """A file that we took before; whatever we did not sign is none."""
    try:
        return Attached(*signing.loads(token, salt=_SALT, max_age=_KEPT_FOR_SECONDS))
    except signing.BadSignature:
        return None
