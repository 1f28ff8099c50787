"""What people wait for from the reader: incidents on the desk, orders that are out, assignments of their agency."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vamco.accounts.policy import Actor
from vamco.accounts.roles import Role
from vamco.alerts.queue import queue_for
from vamco.directives.follow_up import Tally, awaiting_verdict, awaits_office, tally
from vamco.directives.guards import speaks_for_agency
from vamco.directives.models import Directive
from vamco.directives.reading import Standing, assignments_for, standings
from vamco.directives.timing import Timing
from vamco.directives.transitions import NOT_HANDED_IN, Status
from vamco.web.watch.rows import Row, rows_of

N_SHOWN: Final = 6
_TOLD: Final = (Role.DEPARTMENT_HEAD, Role.STEWARD, Role.COMMUNE_OFFICER)
_OVER: Final = (Status.COMPLETED, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Watch:
    """The open incidents that need somebody: the first of the queue, and how many there are."""

    rows: tuple[Row, ...]
    n_open: int
    n_unacknowledged: int
    n_late: int
    is_simulated: bool


def watch_of(actor: Actor, now: datetime) -> Watch | None:
    """The head of the queue, for those on duty; None for others."""
    if not actor.has_role(Role.OPERATOR):
        return None
    queue = queue_for(actor, now)
    rows = rows_of(queue.waiting[:N_SHOWN], actor, now)
    return Watch(rows, len(queue.waiting), queue.n_unacknowledged, queue.n_late, queue.is_simulated)


@dataclass(frozen=True, slots=True)
class Orders:
    """What was ordered: how much is open, what is overdue, and what waits for the leader's word."""

    total: Tally
    overdue: tuple[Standing, ...]
    n_office: int
    to_judge: tuple[Directive, ...]

    @property
    def shown(self) -> tuple[Standing, ...]:
        """The longest overdue, as many as fit."""
        return self.overdue[:N_SHOWN]

    @property
    def is_simulated(self) -> bool:
        """Whether any of what is shown was made up."""
        told = [one.assignment.directive for one in self.shown]
        return any(directive.is_simulated for directive in (*told, *self.to_judge))


def orders_of(actor: Actor, now: datetime) -> Orders | None:
    """The orders that a leader may read; None for others."""
    if not actor.has_role(Role.LEADER):
        return None
    found = standings(assignments_for(actor).exclude(status__in=_OVER), now)
    late = sorted((one for one in found if one.timing is Timing.OVERDUE), key=lambda one: one.due_at)
    n_office = sum(map(awaits_office, found))
    return Orders(tally("", found), tuple(late), n_office, tuple(awaiting_verdict(actor)[:N_SHOWN]))


@dataclass(frozen=True, slots=True)
class Duties:
    """What the reader's agency or commune must still hand in, the next deadline first."""

    found: tuple[Standing, ...]

    @property
    def shown(self) -> tuple[Standing, ...]:
        """The first of them."""
        return self.found[:N_SHOWN]

    @property
    def is_simulated(self) -> bool:
        """Whether any of it was made up."""
        return any(one.assignment.directive.is_simulated for one in self.found)


def duties_of(actor: Actor, now: datetime) -> Duties | None:
    """The duties of whoever speaks for an agency or a commune; None for others."""
    if not any(grant.role in _TOLD and (grant.agency or grant.area_code) for grant in actor.granted):
        return None
    waiting = assignments_for(actor).filter(status__in=NOT_HANDED_IN)
    own = [one for one in waiting if speaks_for_agency(actor, one)]
    return Duties(tuple(sorted(standings(own, now), key=lambda one: (one.due_at, one.assignment.pk))))
