"""The follow-up board of the office: what is due, what is overdue, by agency and by leader."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from vamco.accounts.policy import Actor
from vamco.directives.models import Directive
from vamco.directives.reading import Standing, assignments_for, directives_for, leader_name, standings
from vamco.directives.timing import Light, Timing
from vamco.directives.transitions import Status

_OPEN = (Status.NEW, Status.ACCEPTED, Status.IN_PROGRESS, Status.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Tally:
    """The assignments of one agency or leader. A share prints both its numbers: n_in_time of n_done."""

    name: str
    n_open: int
    n_due_soon: int
    n_overdue: int
    n_done: int
    n_in_time: int

    @property
    def share_in_time(self) -> float | None:
        """Of what was done; None where nothing was."""
        return self.n_in_time / self.n_done if self.n_done else None

    @property
    def light(self) -> Light:
        """The worst light of what is open."""
        if self.n_overdue:
            return Light.RED
        return Light.AMBER if self.n_due_soon else Light.GREEN


@dataclass(frozen=True, slots=True)
class Week:
    """What the weekly list tells: overdue at its moment, and due within seven days of it."""

    at: datetime
    overdue: tuple[Standing, ...]
    due: tuple[Standing, ...]
    by_agency: tuple[Tally, ...]
    by_leader: tuple[Tally, ...]
    total: Tally


def open_standings(actor: Actor, now: datetime | None = None) -> list[Standing]:
    """What is open and not returned, the most overdue first, then by due moment."""
    found = standings(assignments_for(actor).filter(status__in=_OPEN), now)
    return sorted(found, key=lambda one: (one.timing is not Timing.OVERDUE, one.due_at, one.assignment.pk))


def overdue(actor: Actor, now: datetime | None = None) -> list[Standing]:
    """What is late at that moment, the latest first."""
    return [one for one in open_standings(actor, now) if one.timing is Timing.OVERDUE]


def due_within(actor: Actor, span: timedelta, now: datetime | None = None) -> list[Standing]:
    """What is still to be handed in and due within the span, the next first."""
    now = now or timezone.now()
    waiting = (one for one in open_standings(actor, now) if one.status is not Status.SUBMITTED)
    return [one for one in waiting if now <= one.due_at <= now + span]


def awaiting_office(actor: Actor) -> list[Standing]:
    """Where the office is asked: handed in, returned, or asking for more time; the longest waiting first."""
    found = standings(assignments_for(actor).exclude(status__in=(Status.COMPLETED, Status.CANCELLED)))
    asked = [one for one in found if awaits_office(one)]
    return sorted(asked, key=lambda one: max(event.at for event in one.assignment.events.all()))


def awaiting_verdict(actor: Actor) -> QuerySet[Directive]:
    """Directives of which all work is confirmed and the leader has not said whether it helped, the oldest first."""
    done = directives_for(actor).filter(verdict="", assignments__status=Status.COMPLETED)
    return done.exclude(assignments__status__in=(*_OPEN, Status.RETURNED)).distinct().order_by("pk")


def awaits_office(one: Standing) -> bool:
    """Whether the office is asked: handed in, returned, or asking for more time."""
    return one.status in (Status.SUBMITTED, Status.RETURNED) or one.assignment.extension_asked is not None


def by_agency(found: Iterable[Standing]) -> tuple[Tally, ...]:
    """One tally for each agency, by name."""
    return _tallies(found, lambda one: one.assignment.agency.name_vi)


def by_leader(found: Iterable[Standing]) -> tuple[Tally, ...]:
    """One tally for each leader, by name."""
    return _tallies(found, lambda one: leader_name(one.assignment.directive))


def tally(name: str, found: Sequence[Standing]) -> Tally:
    """The counts of these assignments; what was returned or cancelled counts nowhere."""
    timings = [one.timing for one in found]
    done = [one for one in timings if one in (Timing.DONE_EARLY, Timing.DONE_ON_TIME, Timing.DONE_LATE)]
    return Tally(
        name,
        n_open=sum(one.status in _OPEN for one in found),
        n_due_soon=timings.count(Timing.DUE_SOON),
        n_overdue=timings.count(Timing.OVERDUE),
        n_done=len(done),
        n_in_time=len(done) - done.count(Timing.DONE_LATE),
    )


def week(actor: Actor, now: datetime | None = None) -> Week:
    """The weekly list of that moment, as far as the actor may read; tallies hold the orders of the year and all that is open."""
    now = now or timezone.now()
    told = Q(directive__occurs_on__gte=_new_year(now)) | Q(status__in=_OPEN)
    year = standings(assignments_for(actor).filter(told), now)
    return Week(
        now,
        tuple(overdue(actor, now)),
        tuple(due_within(actor, timedelta(days=7), now)),
        by_agency(year),
        by_leader(year),
        tally("", year),
    )


def _new_year(now: datetime) -> date:
    return timezone.localdate(now).replace(month=1, day=1)


def _tallies(found: Iterable[Standing], name_of: Callable[[Standing], str]) -> tuple[Tally, ...]:
    grouped: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in found:
        grouped[name_of(one)].append(one)
    return tuple(tally(name, grouped[name]) for name in sorted(grouped))
