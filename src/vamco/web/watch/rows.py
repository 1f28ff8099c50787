"""Rows of the queue: an incident as the desk shows it, in the reader's language."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vamco.accounts.models import Person
from vamco.accounts.policy import Actor
from vamco.alerts.acting import Deed, possible
from vamco.alerts.incidents import COMMUNE
from vamco.alerts.models import Incident
from vamco.alerts.naming import title_of, where
from vamco.alerts.queue import Item, with_evidence
from vamco.geography.unit import Level
from vamco.indicators.territory import territory_now
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import say
from vamco.vocabulary.severity import Severity
from vamco.web.contracts import agency_names
from vamco.web.language import language_now
from vamco.web.watch.wording import seen_words


@dataclass(frozen=True, slots=True)
class Row:
    """One incident: what, where, what was seen, who owns it, and what the reader may do with it."""

    item: Item
    title: str
    where: str
    seen: str
    owner: str
    agency: str
    acknowledged_by: str
    deeds: tuple[Deed, ...]
    units: tuple[str, ...]
    is_late: bool
    may_direct: bool

    @property
    def incident(self) -> Incident:
        """The incident itself."""
        return self.item.incident

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return Severity(self.incident.severity)

    @property
    def next_deed(self) -> Deed | None:
        """What it needs next from this reader."""
        first = (Deed.ACKNOWLEDGE, Deed.TAKE, Deed.UNSHELVE)
        return next((deed for deed in first if deed in self.deeds), None)

    @property
    def period(self) -> str:
        """The period that the leading alert is about."""
        return self.item.lead.period if self.item.lead else ""

    @property
    def tag(self) -> str:
        """Changes with what the row shows."""
        said = repr((self.incident.version, self.severity, self.where, self.seen, self.owner, self.is_late,
                     self.deeds, self.incident.respond_by, len(self.item.alerts), self.item.n_muted))  # fmt: skip
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def may(self, deed: str) -> bool:
        """Whether the reader may do that with it now."""
        return deed in self.deeds


def rows_of(items: Sequence[Item], actor: Actor, now: datetime) -> tuple[Row, ...]:
    """The rows of these incidents; names and evidence are read once for all of them."""
    evidence = with_evidence(items)
    agencies = who_acts()
    names = names_of(
        name for item in items for name in (item.incident.owner, item.incident.acknowledged_by) if name
    )
    may_direct = actor.may("directive.issue")
    return tuple(_row(item, actor, now, evidence, agencies, names, may_direct=may_direct) for item in items)


def _row(
    item: Item,
    actor: Actor,
    now: datetime,
    evidence: Mapping[int, Any],
    agencies: Mapping[str, str],
    names: Mapping[str, str],
    *,
    may_direct: bool,
) -> Row:
    incident, lead = item.incident, item.lead
    return Row(
        item=item,
        title=title_of(incident, language_now()),
        where=where(item.alerts, language_now()),
        seen=seen_words(lead, evidence.get(lead.pk) or {}, actor) if lead else "",
        owner=names.get(incident.owner, incident.owner),
        agency=agencies.get(incident.agency, incident.agency),
        acknowledged_by=names.get(incident.acknowledged_by, incident.acknowledged_by),
        deeds=tuple(possible(actor, incident)),
        units=tuple(dict.fromkeys(a.labels["unit"] for a in item.alerts if "unit" in a.labels)),
        is_late=item.is_late(now),
        may_direct=may_direct and incident.closed_at is None,
    )


def who_acts() -> dict[str, str]:
    """Code of each agency → its name; `commune` for the communes' committees."""
    return {**agency_names(), COMMUNE: say("alerts.the_communes", language_now())}


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    """User name → the name as colleagues read it."""
    found = Person.objects.filter(username__in=set(usernames))
    return {person.username: person.shown_name for person in found}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that open incidents are about, how many, and the worst of them."""

    unit_id: str
    name: str
    n_incidents: int
    severity: Severity
    first: int  # the incident to open


def places_of(rows: Iterable[Row]) -> list[Place]:
    """The communes of the incidents, the worst first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        for unit_id in row.units:
            found.setdefault(unit_id, []).append(row)
    places = [_place(unit_id, its) for unit_id, its in found.items() if _is_commune(unit_id)]
    return sorted(places, key=lambda p: (list(Severity).index(p.severity), -p.n_incidents, p.name))


def _place(unit_id: str, rows: Sequence[Row]) -> Place:
    worst = min(rows, key=lambda row: list(Severity).index(row.severity))
    name = territory_now().register.get(unit_id).name
    return Place(unit_id, name, len(rows), worst.severity, worst.incident.pk)


def _is_commune(unit_id: str) -> bool:
    try:
        return territory_now().register.get(unit_id).level is Level.COMMUNE
    except NotFound:
        return False
