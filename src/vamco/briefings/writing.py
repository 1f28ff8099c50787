"""Writing the briefings: once for each leader and morning, kept as it was said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.models import Person
from vamco.accounts.policy import PROGRAM, Granted, actor_of
from vamco.accounts.roles import Role
from vamco.briefings.alarms import alarming
from vamco.briefings.audience import Audience
from vamco.briefings.crossings import crossed
from vamco.briefings.line import Line, Section
from vamco.briefings.models import Briefing
from vamco.briefings.mornings import moment_before, moment_of
from vamco.briefings.moves import changed
from vamco.briefings.orders import overdue
from vamco.briefings.owed import late
from vamco.briefings.unseen import unseen
from vamco.indicators.declared import packs
from vamco.indicators.models import Observation
from vamco.intake.models import ACCEPTED_STATES, Delivery
from vamco.packs.pack import Packs
from vamco.vocabulary.errors import Refused

_FINDERS: Final[Mapping[Section, tuple[Callable[[Audience, Packs], list[Line]], int]]] = {
    Section.ALARMING: (alarming, 4),
    Section.OVERDUE: (overdue, 4),
    Section.CROSSED: (crossed, 5),
    Section.CHANGED: (changed, 5),
    Section.LATE: (late, 4),
    Section.UNSEEN: (unseen, 3),
}
"""How each part is found, and how many of its lines one page has room for."""


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one section that the page shows, and how many were left out; of how many, `n_all`."""

    section: Section
    lines: tuple[Line, ...]
    n_all: int

    def as_dict(self) -> dict[str, Any]:
        """The part as it is kept."""
        return {
            "section": self.section.value,
            "lines": [line.as_dict() for line in self.lines],
            "n_all": self.n_all,
            "n_left_out": self.n_all - len(self.lines),
        }


@dataclass(frozen=True, slots=True)
class Content:
    """All that a briefing says, of what was known at `known_at` beside what was known at `before_at`."""

    on: date
    known_at: datetime
    before_at: datetime
    is_simulated: bool
    parts: tuple[Part, ...]

    def as_dict(self) -> dict[str, Any]:
        """The content as it is kept."""
        return {
            "on": self.on.isoformat(),
            "known_at": self.known_at.isoformat(),
            "before_at": self.before_at.isoformat(),
            "is_simulated": self.is_simulated,
            "parts": [part.as_dict() for part in self.parts],
        }


def compose(audience: Audience) -> Content:
    """What there is to tell that reader on that morning; nothing is written."""
    loaded = packs()
    parts = tuple(_part(section, find(audience, loaded), n) for section, (find, n) in _FINDERS.items())
    services = {one.pack for one in audience.indicators(loaded)}
    is_simulated = _is_simulated(services) or any(line.is_simulated for part in parts for line in part.lines)
    return Content(audience.on, audience.known_at, audience.before_at, is_simulated, parts)


def write(person: Person, on: date) -> Briefing:
    """The person's briefing of that morning, written if it is not there yet.

    Raises `Refused` before seven o'clock of the day, and for whoever is told of nothing.
    """
    known = Briefing.objects.filter(person=person, on=on).first()
    if known is not None:
        return known
    if timezone.now() < moment_of(on):
        raise Refused("briefings.too_early", on=on)
    if person not in leaders():
        raise Refused("briefings.no_leader", person=person.shown_name)
    return _keep(person, compose(audience_of(person, on)))


def write_due(now: datetime | None = None) -> list[Briefing]:
    """Today's briefing of every leader who has none yet, from seven o'clock on; those that are new."""
    at = now or timezone.now()
    on = timezone.localdate(at)
    if at < moment_of(on):
        return []
    has_one = set(Briefing.objects.filter(on=on).values_list("person_id", flat=True))
    contents: dict[frozenset[Granted], Content] = {}  # those who may know the same are told the same
    return [_keep(person, _content(person, on, contents)) for person in leaders() if person.pk not in has_one]


def audience_of(person: Person, on: date) -> Audience:
    """The person as the reader of that morning; where no figure was known by then, of this moment."""
    known_at = moment_of(on)
    if not Observation.objects.filter(known_since_at__lte=known_at).exists():
        known_at = max(known_at, timezone.now().replace(microsecond=0))
    return Audience(actor_of(person), on, known_at, moment_before(on))


def leaders() -> list[Person]:
    """Those who get a briefing, by name."""
    found = Person.objects.filter(is_active=True, grants__role=Role.LEADER)
    return list(found.distinct().order_by("username"))


def _keep(person: Person, content: Content) -> Briefing:
    with action(PROGRAM, "briefing.write", f"person:{person.username}") as details:
        details["on"] = content.on.isoformat()
        facts = {"known_at": content.known_at, "written_at": timezone.now(), "content": content.as_dict()}
        briefing, _ = Briefing.objects.get_or_create(person=person, on=content.on, defaults=facts)
    return briefing


def _content(person: Person, on: date, made: dict[frozenset[Granted], Content]) -> Content:
    audience = audience_of(person, on)
    key = frozenset(audience.actor.granted)
    if key not in made:
        made[key] = compose(audience)
    return made[key]


def _part(section: Section, found: list[Line], n_shown: int) -> Part:
    return Part(section, tuple(found[:n_shown]), len(found))


def _is_simulated(services: set[str]) -> bool:
    """Whether a dataset of those services holds rows that were made up."""
    ids = [contract.id for contract in packs().contracts if contract.pack in services]
    live = Delivery.objects.filter(contract_id__in=ids, state__in=ACCEPTED_STATES, superseded_by=None)
    return live.filter(is_simulated=True).exists()
