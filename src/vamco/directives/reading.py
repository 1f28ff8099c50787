"""Directives and assignments as somebody may see them, each with what its clock says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from vamco.accounts.policy import Actor
from vamco.accounts.roles import role_matrix
from vamco.directives import clocks
from vamco.directives.guards import allowed
from vamco.directives.models import Assignment, AssignmentEvent, Directive, EvidenceFile
from vamco.directives.timing import Light, Timing, light_of, timing_of
from vamco.directives.transitions import Status, Transition
from vamco.vocabulary.errors import NotFound
from vamco.worktime.clock import Reading

READ: Final = "directive.read"
_NOBODYS: Final = Q(pk__in=())


@dataclass(frozen=True, slots=True)
class Standing:
    """An assignment at a moment: state and timing, two different things, and the reading of its clock."""

    assignment: Assignment
    reading: Reading
    timing: Timing

    @property
    def status(self) -> Status:
        """How far the work is."""
        return Status(self.assignment.status)

    @property
    def light(self) -> Light:
        """The traffic light."""
        return light_of(self.timing)

    @property
    def due_at(self) -> datetime:
        """By when; of a halted clock as if it had run on."""
        return self.reading.due_at

    def as_dict(self) -> dict[str, Any]:
        """The standing as JSON can carry it."""
        assignment = self.assignment
        return {
            "id": assignment.pk,
            "version": assignment.version,
            "directive": assignment.directive.number,
            "directive_id": assignment.directive_id,
            "title": assignment.directive.title,
            "leader": leader_name(assignment.directive),
            "agency": assignment.agency.code,
            "agency_name": {"vi": assignment.agency.name_vi, "en": assignment.agency.name_en},
            "is_lead": assignment.is_lead,
            "text": assignment.text,
            "status": assignment.status,
            "timing": self.timing.value,
            "light": self.light.value,
            "due_at": self.due_at.isoformat(),
            "remaining": self.reading.remaining,
            "unit": assignment.policy["unit"],
            "extension_asked": assignment.extension_asked,
            "is_explanation_asked": assignment.is_explanation_asked,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """An assignment's standing with what this actor may do with it now."""

    standing: Standing
    transitions: tuple[Transition, ...]


def assignments_for(actor: Actor) -> QuerySet[Assignment]:
    """Every assignment that the actor may read: of all agencies, or of those that the grants name."""
    found = Assignment.objects.select_related("directive__leader", "agency")
    return found.filter(_reach(actor)).prefetch_related(_EVENTS)


def directives_for(actor: Actor) -> QuerySet[Directive]:
    """Every directive of which the actor may read an assignment, newest first."""
    if _reach(actor) == Q():
        return Directive.objects.select_related("leader")
    seen = assignments_for(actor).values("directive_id")
    return Directive.objects.select_related("leader").filter(pk__in=seen)


def directive_for(actor: Actor, directive_id: int) -> Directive:
    """The directive, if the actor may read it. Raises `NotFound`: that it exists is nobody else's business."""
    found = directives_for(actor).filter(pk=directive_id).first()
    if found is None:
        raise NotFound("directives.directive_not_found", directive=directive_id)
    return found


def choices(actor: Actor, directive: Directive, now: datetime | None = None) -> list[Choice]:
    """The assignments of a directive, all of them: who works beside whom is no secret among those told."""
    found = directive.assignments.select_related("directive__leader", "agency").prefetch_related(_EVENTS)
    return [Choice(one, allowed(actor, one.assignment)) for one in standings(found, now)]


def evidence_for(actor: Actor, evidence_id: int) -> EvidenceFile:
    """A file or link, if the actor may read the directive that it belongs to. Raises `NotFound`."""
    found = EvidenceFile.objects.select_related("event__assignment").filter(pk=evidence_id).first()
    if found is None:
        raise NotFound("directives.evidence_not_found", evidence=evidence_id)
    directive_for(actor, found.event.assignment.directive_id)
    return found


def story(directive: Directive) -> list[AssignmentEvent]:
    """Everything that happened to the directive's assignments, in order, each with its evidence."""
    found = AssignmentEvent.objects.filter(assignment__directive=directive).order_by("at", "pk")
    return list(found.select_related("assignment__agency").prefetch_related("evidence"))


def standings(assignments: Iterable[Assignment], now: datetime | None = None) -> list[Standing]:
    """Each assignment that was out by then with the reading of its clock, in their order; one look at all clocks."""
    found = list(assignments)
    readings = clocks.readings(found, now or timezone.now())
    return [_standing(one, readings[one.clock_subject]) for one in found if one.clock_subject in readings]


def leader_name(directive: Directive) -> str:
    """Whose order it is: the leader's name, or the signer's as written where it is no leader of the register."""
    return directive.leader.shown_name if directive.leader else directive.signer


def _standing(assignment: Assignment, reading: Reading) -> Standing:
    return Standing(assignment, reading, timing_of(Status(assignment.status), reading))


def _reach(actor: Actor) -> Q:
    """What the grants reach; a grant without limits, or the program itself, reaches everything."""
    if actor.is_program:
        return Q()
    granted = [grant for grant in actor.granted if grant.role in role_matrix()[READ]]
    limits = [_limit(grant.agency, grant.area_code) for grant in granted]
    if Q() in limits:
        return Q()
    return reduce(or_, limits, _NOBODYS)


def _limit(agency: str, area_code: str) -> Q:
    named = {"agency__code": agency, "area_code": area_code}
    return Q(**{name: value for name, value in named.items() if value})


_EVENTS: Final = Prefetch("events", AssignmentEvent.objects.order_by("at", "pk").prefetch_related("evidence"))
