"""The follow-up board: what is late, due or waiting for the office, narrowed as the address says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from vamco.accounts.policy import Actor
from vamco.directives.follow_up import Tally, awaits_office, by_agency, by_leader, tally
from vamco.directives.reading import Standing, assignments_for, leader_name, standings
from vamco.directives.timing import Timing
from vamco.directives.transitions import Status
from vamco.web.parameters import number_asked

N_SHOWN: Final = 25
N_ON_A_PAGE: Final = 50
_OVER: Final = (Status.COMPLETED, Status.RETURNED, Status.CANCELLED)
_FILTERS: Final = ("agency", "leader", "show")


@dataclass(frozen=True, slots=True)
class Section:
    """Some of the assignments under one name, with the address that shows them alone."""

    name: str
    found: tuple[Standing, ...]
    address: str

    @property
    def shown(self) -> tuple[Standing, ...]:
        """As many as a board bears."""
        return self.found[:N_SHOWN]


@dataclass(frozen=True, slots=True)
class Line:
    """The tally of an agency or leader, with the address that shows theirs alone."""

    tally: Tally
    address: str


@dataclass(frozen=True, slots=True)
class Board:
    """All of it; `page` is there where one section alone is asked for."""

    total: Tally
    sections: tuple[Section, ...]
    page: Page[Standing] | None
    agencies: tuple[Line, ...]
    leaders: tuple[Line, ...]
    asked: dict[str, str]
    agency_choices: tuple[tuple[str, str], ...]
    leader_choices: tuple[str, ...]
    is_simulated: bool

    @property
    def n_office(self) -> int:
        """How many wait for the office."""
        return len(self.sections[0].found)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever ordered that the reader may see."""
        return not self.agency_choices

    @property
    def is_narrowed(self) -> bool:
        """Whether the address leaves something out."""
        return any(self.asked.values())

    @property
    def shown_alone(self) -> Section | None:
        """The one section that is asked for."""
        return next((one for one in self.sections if one.name == self.asked["show"]), None)


def board_of(request: HttpRequest, actor: Actor, now: datetime | None = None) -> Board:
    """What the actor may read of this year's orders and of all that is open. Raises `Misused`."""
    now = now or timezone.now()
    lately = assignments_for(actor).filter(_told_lately(now)).prefetch_related(None)  # no stories here
    told = standings(lately, now)
    asked = {name: request.GET.get(name, "").strip() for name in _FILTERS}
    found = [one for one in told if _is_asked(one, asked)]
    sections = tuple(Section(name, pick(found), _address(asked, show=name)) for name, pick in _PICKS.items())
    alone = next((one for one in sections if one.name == asked["show"]), None)
    return Board(
        total=tally("", found),
        sections=sections,
        page=Paginator(alone.found, N_ON_A_PAGE).get_page(number_asked(request, "page", 1))
        if alone
        else None,
        agencies=_lines(
            by_agency(found),
            asked,
            "agency",
            {one.assignment.agency.name_vi: one.assignment.agency.code for one in found},
        ),
        leaders=_lines(by_leader(found), asked, "leader", {}),
        asked=asked,
        agency_choices=tuple(
            sorted(
                {(o.assignment.agency.code, o.assignment.agency.name_vi) for o in told}, key=lambda c: c[1]
            )
        ),
        leader_choices=tuple(sorted({leader_name(one.assignment.directive) for one in told})),
        is_simulated=any(one.assignment.directive.is_simulated for one in found),
    )


def _told_lately(now: datetime) -> Q:
    new_year = timezone.localdate(now).replace(month=1, day=1)
    return Q(directive__occurs_on__gte=new_year) | ~Q(status__in=(Status.COMPLETED, Status.CANCELLED))


def _is_asked(one: Standing, asked: dict[str, str]) -> bool:
    assignment = one.assignment
    of_agency = asked["agency"] in ("", assignment.agency.code)
    return of_agency and asked["leader"] in ("", leader_name(assignment.directive))


def _lines(
    tallies: Sequence[Tally], asked: dict[str, str], name: str, keys: dict[str, str]
) -> tuple[Line, ...]:
    """The worst first."""
    worst = sorted(tallies, key=lambda one: (-one.n_overdue, -one.n_due_soon, one.name))
    return tuple(Line(one, _address(asked, **{name: keys.get(one.name, one.name)})) for one in worst)


def _address(asked: dict[str, str], **changed: str) -> str:
    kept = QueryDict(mutable=True)
    for name, value in ({**asked, **changed}).items():
        if value:
            kept[name] = value
    return f"?{kept.urlencode()}"


def _picked(wanted: Callable[[Standing], bool]) -> Callable[[Iterable[Standing]], tuple[Standing, ...]]:
    def pick(found: Iterable[Standing]) -> tuple[Standing, ...]:
        return tuple(sorted(filter(wanted, found), key=lambda one: (one.due_at, one.assignment.pk)))

    return pick


def is_open(one: Standing) -> bool:
    """Whether somebody still works on it, or it waits to be confirmed."""
    return one.status not in _OVER


def _is_quiet(one: Standing) -> bool:
    return is_open(one) and one.timing is Timing.NOT_DUE and not awaits_office(one)


_PICKS: Final = {
    "office": _picked(awaits_office),
    "overdue": _picked(lambda one: one.timing is Timing.OVERDUE),
    "soon": _picked(lambda one: one.timing is Timing.DUE_SOON),
    "open": _picked(_is_quiet),
    "done": _picked(lambda one: one.status is Status.COMPLETED),
}
