"""The queue of the watch: open incidents in the order in which they need somebody now."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from vamco.accounts.policy import Actor, Scope
from vamco.alerts.lifecycle import RAISED
from vamco.alerts.models import Alert, Event, Incident, RuleState, Shift, Silence
from vamco.indicators.declared import packs
from vamco.packs.alert_rule import AlertRule
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.severity import Severity

READ: Final = "incident.read"
_EVERYWHERE: Final = Scope("*", "*", "*")  # which only a grant without limits covers


@dataclass(frozen=True, slots=True)
class Item:
    """An incident with alerts of it: those that stand raised first, of them the worst, then the oldest."""

    incident: Incident
    alerts: tuple[Alert, ...]

    @property
    def lead(self) -> Alert | None:
        """The alert that speaks for it."""
        return self.alerts[0] if self.alerts else None

    @property
    def is_muted(self) -> bool:
        """Whether each of its alerts is kept quiet."""
        return bool(self.alerts) and all(alert.muted_by for alert in self.alerts)

    @property
    def n_muted(self) -> int:
        """How many of its alerts are kept quiet."""
        return sum(bool(alert.muted_by) for alert in self.alerts)

    def is_shelved(self, now: datetime) -> bool:
        """Whether somebody put it aside until later."""
        return self.incident.shelved_until is not None and self.incident.shelved_until > now

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been acted on by now and nobody has taken it."""
        due = self.incident.respond_by
        return due is not None and due < now and not self.incident.owner and self.incident.closed_at is None


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for people, first what needs one most; beside it what was put aside and what is kept quiet."""

    waiting: tuple[Item, ...]
    shelved: tuple[Item, ...]
    muted: tuple[Item, ...]
    now: datetime

    @property
    def n_unacknowledged(self) -> int:
        """How many nobody has looked at."""
        return sum(item.incident.acknowledged_at is None for item in self.waiting)

    @property
    def n_late(self) -> int:
        """How many should have been acted on by now."""
        return sum(item.is_late(self.now) for item in self.waiting)

    @property
    def is_simulated(self) -> bool:
        """Whether any of it rests on data that was made up."""
        return any(i.incident.is_simulated for i in (*self.waiting, *self.shelved, *self.muted))


def queue_for(actor: Actor, now: datetime | None = None) -> Queue:
    """The open incidents that the actor may see."""
    moment = now or timezone.now()
    raised = Alert.objects.filter(incident__closed_at=None, state__in=RAISED)
    items = visible(actor, items_of(Incident.objects.filter(closed_at=None), raised))
    shelved = [item for item in items if item.is_shelved(moment)]
    muted = [item for item in items if item.is_muted and not item.is_shelved(moment)]
    aside = {item.incident.pk for item in (*shelved, *muted)}
    waiting = sorted((i for i in items if i.incident.pk not in aside), key=lambda i: _need(i, moment))
    return Queue(tuple(waiting), tuple(shelved), tuple(muted), moment)


def items_of(incidents: Iterable[Incident], alerts: QuerySet[Alert]) -> list[Item]:
    """Each incident with those of the alerts that are its own, in two queries; what they saw comes when asked for."""
    found: dict[int, list[Alert]] = {}
    for alert in alerts.defer("evidence"):
        found.setdefault(alert.incident_id or 0, []).append(alert)
    return [Item(each, tuple(sorted(found.get(each.pk, ()), key=_weight))) for each in incidents]


def with_evidence(items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """What the leading alert of each item saw, by the alert's id."""
    leads = [item.lead.pk for item in items if item.lead]
    return dict(Alert.objects.filter(pk__in=leads).values_list("pk", "evidence"))


def incident_for(actor: Actor, incident_id: int) -> Item:
    """The incident with all its alerts. Raises `NotFound`, also where the actor may not see it."""
    alerts = Alert.objects.filter(incident=incident_id)
    for item in visible(actor, items_of(Incident.objects.filter(pk=incident_id), alerts)):
        return item
    raise NotFound("alerts.incident_not_found", incident=incident_id)


def visible(actor: Actor, items: Iterable[Item]) -> list[Item]:
    """Those that concern the actor: their service, what their agency must do or answers for, their commune."""
    if actor.may(READ, _EVERYWHERE):
        return list(items)
    may = cache(lambda scope: actor.may(READ, scope))
    return [item for item in items if any(may(scope) for scope in scopes_of(item))]


def scopes_of(item: Item) -> Iterator[Scope]:
    """Where the incident is: for each place and service of its alerts, with each agency that it concerns."""
    rule = rule_of(item.incident.rule)
    agencies = sorted({item.incident.agency, *_answerable(rule)})
    for service, area in dict.fromkeys(map(_place, item.alerts)):
        yield from (Scope(agency, area, service) for agency in agencies)


def rule_of(rule_id: str) -> AlertRule | None:
    """The rule; None where no pack declares it any more."""
    try:
        return packs().alert_rule(rule_id)
    except NotFound:
        return None


def _answerable(rule: AlertRule | None) -> Collection[str]:
    """The agencies that own the rule's service and answer for its indicator; of supply only who owes it."""
    if rule is None or not rule.indicator:
        return ()
    owners = {pack.agency for pack in packs() if pack.slug == rule.pack}
    return owners | {i.agency for i in packs().indicators if i.id == rule.indicator}


def _place(alert: Alert) -> tuple[str, str | None]:
    """The service and the area code of an alert."""
    named = alert.labels.get("contract") or alert.labels.get("indicator") or alert.rule
    unit = alert.labels.get("unit", "")
    return named.partition(".")[0], unit.partition("@")[0] or None


def rank(severity: str) -> int:
    """The place of a severity, the worst first."""
    return Severity(severity).rank


def _weight(alert: Alert) -> tuple[bool, int, datetime]:
    return not alert.is_raised, rank(alert.severity), alert.since


def _need(item: Item, now: datetime) -> tuple[bool, int, bool, datetime]:
    incident = item.incident
    return (
        incident.acknowledged_at is not None,
        rank(incident.severity),
        not item.is_late(now),
        incident.opened_at,
    )


def queue_version(now: datetime | None = None) -> str:
    """Changes whenever a queue may: a deed, an evaluation, a silence, a shift, or something that fell due."""
    moment = now or timezone.now()
    late, shelved = Q(respond_by__lt=moment), Q(shelved_until__gt=moment)
    standing = Incident.objects.filter(closed_at=None).aggregate(
        Count("pk"), Max("pk"), Sum("version"), late=Count("pk", late), shelved=Count("pk", shelved)
    )
    told = [
        Event.objects.aggregate(last=Max("pk"))["last"],
        RuleState.objects.aggregate(last=Max("evaluated_at"))["last"],
        *Silence.objects.filter(starts_at__lte=moment, ends_at__gt=moment).values_list("pk", "ends_at"),
        *Shift.objects.filter(ends_at__gt=moment).values_list("pk", "handed_over_at", "ends_at"),
    ]
    return f"{sorted(standing.items())}·{told}"
