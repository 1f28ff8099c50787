"""Made-up directives: what leaders order on incidents by the procedures, and how agencies carry it out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.utils import timezone

from vamco.accounts.policy import Actor, Granted
from vamco.accounts.roles import Role
from vamco.alerts.models import Incident
from vamco.deadlines.calendar import schedule_now
from vamco.directives import acting
from vamco.directives.acting import Given
from vamco.directives.drafts import DirectiveDraft
from vamco.directives.effect import completed_on
from vamco.directives.file_store import linked
from vamco.directives.from_alerts import frozen, proposal_of
from vamco.directives.issuing import issue
from vamco.directives.judging import judge
from vamco.directives.models import Assignment, Directive, LeaderVerdict, SourceKind
from vamco.directives.reading import standings
from vamco.directives.transitions import Verb
from vamco.simulation.watching.timeline import Timeline
from vamco.worktime import clock

MOST: Final = 9
_MOST_OF_A_RULE: Final = 3
_APART: Final = timedelta(hours=2)
_THOUGHT_OVER: Final = timedelta(hours=2)  # of working time, from taking an incident to the order
_SIGNER: Final = "Chánh Văn phòng UBND tỉnh (mô phỏng)"
_OFFICE: Final = Actor("Văn phòng UBND tỉnh (mô phỏng)", (Granted(Role.LEADER),), signed_in=True)
_DONE: Final = Given("Báo cáo kết quả (mô phỏng).", (linked("https://example.org/mo-phong/bao-cao"),))

Step = tuple[float, Verb, Given]
"""At which part of the time allowed, what, and with what."""

_ACCEPT: Final[Step] = (0.08, Verb.ACCEPT, Given())
_REPORT: Final[Step] = (0.4, Verb.REPORT, Given("Đang triển khai (mô phỏng)."))
DONE: Final[tuple[tuple[Step, ...], ...]] = (
    (_ACCEPT, _REPORT, (0.6, Verb.SUBMIT, _DONE), (0.7, Verb.CONFIRM, Given())),
    (_ACCEPT, _REPORT, (1.3, Verb.SUBMIT, _DONE), (1.4, Verb.CONFIRM, Given())),  # late
    (_ACCEPT, (0.95, Verb.SUBMIT, _DONE), (1.05, Verb.CONFIRM, Given())),
    (
        _ACCEPT,
        (0.5, Verb.SUBMIT, _DONE),
        (0.6, Verb.SEND_BACK, Given("Thiếu số hộ đã xử lý (mô phỏng).")),
        (0.85, Verb.SUBMIT, _DONE),
        (0.95, Verb.CONFIRM, Given()),
    ),
    (
        _ACCEPT,
        (0.6, Verb.ASK_EXTENSION, Given("Chờ vật tư (mô phỏng).", amount=2)),
        (0.7, Verb.GRANT_EXTENSION, Given()),
        (1.1, Verb.SUBMIT, _DONE),
        (1.2, Verb.CONFIRM, Given()),
    ),
)
"""How agencies carry out what they were told, to its end."""

NOT_DONE: Final[tuple[tuple[Step, ...], ...]] = (
    (_ACCEPT, _REPORT),  # overdue
    ((0.1, Verb.RETURN, Given("Không thuộc chức năng của đơn vị (mô phỏng).")),),
    (),  # unanswered
)
"""How they leave it undone."""

_STUCK_EVERY: Final = 3  # directives, of which one has an assignment that is left undone
_VERDICTS: Final = (LeaderVerdict.EFFECTIVE, LeaderVerdict.PARTLY_EFFECTIVE)


class Orders:
    """The directives of the replay; each is made of an incident that has a procedure."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._ordered: Counter[str] = Counter()
        self._issued: list[Directive] = []
        self._last: datetime | None = None

    @property
    def n_directives(self) -> int:
        """How many were issued or are about to be."""
        return self._ordered.total()

    def consider(self, incident: Incident, now: datetime) -> None:
        """Have something ordered on an incident that somebody took, where there is a procedure and not enough yet."""
        is_enough = self._ordered.total() >= MOST or self._ordered[incident.rule] >= _MOST_OF_A_RULE
        alert = incident.alerts.order_by("pk").first()
        is_soon = self._last is not None and now - self._last < _APART
        if is_enough or is_soon or alert is None or proposal_of(alert) is None:
            return
        self._last = now
        self._ordered[incident.rule] += 1
        self._timeline.at(clock.add(schedule_now(), now, _THOUGHT_OVER), partial(self._issue, incident))

    def _issue(self, incident: Incident, now: datetime) -> None:
        alert = incident.alerts.order_by("pk")[0]
        proposal = proposal_of(alert)
        if proposal is None:
            return
        draft = DirectiveDraft(
            SourceKind.ORAL_CONCLUSION,
            timezone.localdate(now),
            _SIGNER,
            proposal.title,
            proposal.text,
            proposal.assignments,
            procedure=proposal.procedure.id,
            prompted_by=(frozen(alert),),
            is_simulated=True,
        )
        made = issue(_OFFICE, draft, now)
        told = list(made.assignments.order_by("pk"))
        for assignment, course in zip(told, courses(len(self._issued), len(told)), strict=True):
            self._carry_out(assignment, course, now)
        self._issued.append(made)

    def judge(self) -> None:
        """The leader says of the first that are done whether they helped."""
        done = [one for one in self._issued if completed_on(one) is not None]
        for directive, verdict in zip(done, _VERDICTS, strict=False):
            judge(_OFFICE, directive, verdict, directive.version, "Đánh giá mô phỏng.")

    def _carry_out(self, assignment: Assignment, course: Sequence[Step], issued_at: datetime) -> None:
        schedule = schedule_now()
        due_at = standings([assignment], issued_at)[0].due_at
        allowed = clock.elapsed(schedule, issued_at, due_at)
        for part, verb, given in course:
            step = partial(_act, assignment.pk, verb, given)
            self._timeline.at(clock.add(schedule, issued_at, allowed * part), step)


def courses(number: int, n: int) -> list[tuple[Step, ...]]:
    """For each of the `n` assignments of that directive; of every third directive the last is left undone."""
    found = [DONE[(number + place) % len(DONE)] for place in range(n)]
    if number % _STUCK_EVERY == 0:
        found[-1] = NOT_DONE[number // _STUCK_EVERY % len(NOT_DONE)]
    return found


def _act(assignment_id: int, verb: Verb, given: Given, at: datetime) -> None:
    assignment = acting.assignment_of(assignment_id)
    acting.act(_SIDES[verb](assignment), assignment_id, verb, assignment.version, given, at)


def _agency(assignment: Assignment) -> Actor:
    """Somebody of the agency, without an account."""
    code = assignment.agency.code
    return Actor(f"Cán bộ {code} (mô phỏng)", (Granted(Role.DEPARTMENT_HEAD, agency=code),), signed_in=True)


def _office(_: Assignment) -> Actor:
    return _OFFICE


_SIDES: Final[Mapping[Verb, Callable[[Assignment], Actor]]] = {
    Verb.ACCEPT: _agency,
    Verb.REPORT: _agency,
    Verb.ASK_EXTENSION: _agency,
    Verb.RETURN: _agency,
    Verb.SUBMIT: _agency,
    Verb.GRANT_EXTENSION: _office,
    Verb.SEND_BACK: _office,
    Verb.CONFIRM: _office,
}
