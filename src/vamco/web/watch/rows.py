"""Rows of the queue: an incident as the desk shows it, in the reader's language."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from vamco.accounts.models import Person
from vamco.accounts.policy import Actor
from vamco.alerts.acting import Deed, possible
from vamco.alerts.incidents import COMMUNE
from vamco.alerts.models import Incident
from vamco.alerts.naming import title_of, where
from vamco.alerts.queue import Item, with_evidence
from vamco.geography.register import Register
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
    def address(self) -> str:
        """The page of the incident."""
        return reverse("incident", args=[self.incident.pk])

    @property
    def period(self) -> str:
        """The period that the leading alert is about."""
        return self.item.lead.period if self.item.lead else ""

    @property
    def tag(self) -> str:
        """Changes with what the row shows."""
        said = repr(
            (
                self.incident.version,
                self.severity,
                self.where,
                self.seen,
                self.owner,
                self.is_late,
                self.deeds,
                self.may_direct,
                self.incident.respond_by,
                len(self.item.alerts),
                self.item.n_muted,
            )
        )
        return hashlib.sha256(said.encode()).hexdigest()[:12]

    def may(self, deed: str) -> bool:
        """Whether the reader may do that with it now."""
        return deed in self.deeds


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all rows."""

    actor: Actor
    now: datetime
    register: Register
    evidence: Mapping[int, Any]
    agencies: Mapping[str, str]
    names: Mapping[str, str]
    may_direct: bool


def rows_of(items: Sequence[Item], actor: Actor, now: datetime) -> tuple[Row, ...]:
    """The rows of these incidents; names and evidence are read once for all of them."""
    incidents = [item.incident for item in items]
    people = {name for one in incidents for name in (one.owner, one.acknowledged_by) if name}
    known = _Known(
        actor,
        now,
        territory_now().register,
        with_evidence(items),
        who_acts(),
        names_of(people),
        actor.may("directive.issue"),
    )
    return tuple(_row(item, known) for item in items)


def _row(item: Item, known: _Known) -> Row:
    incident, lead = item.incident, item.lead
    evidence = known.evidence.get(lead.pk) if lead else None
    return Row(
        item=item,
        title=title_of(incident, language_now()),
        where=where(item.alerts, language_now(), known.register),
        seen=seen_words(lead, evidence or {}, known.actor) if lead else "",
        owner=known.names.get(incident.owner, incident.owner),
        agency=known.agencies.get(incident.agency, incident.agency),
        acknowledged_by=known.names.get(incident.acknowledged_by, incident.acknowledged_by),
        deeds=tuple(possible(known.actor, incident)),
        units=tuple(dict.fromkeys(a.labels["unit"] for a in item.alerts if "unit" in a.labels)),
        is_late=item.is_late(known.now),
        may_direct=known.may_direct and incident.closed_at is None,
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
    register = territory_now().register
    places = (_place(register, unit_id, its) for unit_id, its in found.items())
    return sorted(filter(None, places), key=lambda p: (p.severity.rank, -p.n_incidents, p.name))


def _place(register: Register, unit_id: str, rows: Sequence[Row]) -> Place | None:
    """The commune; None for another level, and for a unit that the register does not know."""
    try:
        unit = register.get(unit_id)
    except NotFound:
        return None
    if unit.level is not Level.COMMUNE:
        return None
    worst = min(rows, key=lambda row: row.severity.rank)
    return Place(unit_id, unit.name, len(rows), worst.severity, worst.incident.pk)
