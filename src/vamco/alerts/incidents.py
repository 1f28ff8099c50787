"""Incidents: alerts with one cause become one thing for people to act on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from vamco.alerts.grouping import group_key
from vamco.alerts.lifecycle import RAISED, State
from vamco.alerts.models import Alert, Event, Incident
from vamco.alerts.muting import sources
from vamco.alerts.recording import MACHINE
from vamco.alerts.responding import begin, follow_clocks, responded
from vamco.packs.alert_rule import AlertRule, Kind
from vamco.packs.pack import Packs
from vamco.vocabulary.severity import Severity

COMMUNE: Final = "commune"  # of a response: the People's Committee of the alert's unit


def attach(packs: Packs, now: datetime) -> list[Incident]:
    """Give every raised alert its incident, then bring open incidents up to their alerts; those opened."""
    rules = {rule.id: rule for rule in packs.alert_rules}
    waiting = Alert.objects.filter(state__in=RAISED, incident=None, rule__in=rules).order_by("id")
    by_key: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in waiting:
        by_key[key_of(alert, rules[alert.rule])].append(alert)
    opened = [i for key, alerts in by_key.items() for i in _attach(key, alerts, rules[alerts[0].rule], now)]
    _bring_up(now)
    return opened


def _attach(key: str, alerts: Sequence[Alert], rule: AlertRule, now: datetime) -> list[Incident]:
    """The incident that had to be opened for them, if one had."""
    incident, is_new = Incident.objects.get_or_create(
        key=key,
        closed_at=None,
        defaults={
            "rule": rule.id,
            "agency": agency_of(alerts[0], rule),
            "severity": worst([alert.severity for alert in alerts]),
            "opened_at": now,
            "is_simulated": all(alert.is_simulated for alert in alerts),
        },
    )
    ids = [alert.pk for alert in alerts]
    Alert.objects.filter(pk__in=ids).update(incident=incident)
    Event.objects.filter(alert__in=ids, incident=None).update(incident=incident)
    if is_new:
        write(incident, "opened", now, severity=incident.severity)
        begin(incident, rule, now)
    return [incident] if is_new else []


def key_of(alert: Alert, rule: AlertRule) -> str:
    """What alerts of one incident share: the source that is silent, or the rule and its grouping labels."""
    contract = _blind_for(alert, rule)
    if contract:
        return group_key(("contract",), {"contract": contract})
    return group_key(("rule", *rule.group_by), {**alert.labels, "rule": rule.id})


def _blind_for(alert: Alert, rule: AlertRule) -> str:
    """The contract whose silence is the cause; of an indicator made from several, the first that is silent."""
    if rule.when.kind is Kind.SILENCE:
        return str(alert.labels["contract"])
    if alert.state != State.NO_DATA:
        return ""
    lacking = sorted(alert.evidence.get("lacking", ()))
    return lacking[0] if lacking else "".join(sources(rule.indicator)[:1])


def agency_of(alert: Alert, rule: AlertRule) -> str:
    """Who is to act: as the rule says, or for a silent source whoever owes the data."""
    if rule.when.kind is Kind.SILENCE:
        return str(alert.labels["agency"])
    return rule.respond.agency


def write(incident: Incident, what: str, at: datetime, by: str = MACHINE, **details: object) -> Event:
    """Add to the incident's story."""
    return Event.objects.create(incident=incident, what=what, at=at, by=by, details=details)


def _bring_up(now: datetime) -> None:
    """Severity as the worst of what stands raised; closed when nothing does."""
    open_incidents = list(Incident.objects.filter(closed_at=None))
    follow_clocks(open_incidents)
    standing = _standing(open_incidents)
    for incident in open_incidents:
        severities = standing.get(incident.pk, ())
        if not severities:
            _close(incident, now)
        elif worst(severities) != incident.severity:
            _regrade(incident, worst(severities), now)


def _standing(incidents: Iterable[Incident]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    raised = Alert.objects.filter(state__in=RAISED, incident__in=incidents)
    for incident_id, severity in raised.values_list("incident_id", "severity"):
        found.setdefault(incident_id, []).append(severity)
    return found


def worst(severities: Sequence[str]) -> str:
    """The worst of some severities."""
    return min(severities, key=lambda one: Severity(one).rank)


def _close(incident: Incident, now: datetime) -> None:
    incident.closed_at = now
    incident.save(update_fields=["closed_at"])
    responded(incident, now, MACHINE)
    write(incident, "closed", now)


def _regrade(incident: Incident, severity: str, now: datetime) -> None:
    before, incident.severity = incident.severity, severity
    incident.save(update_fields=["severity"])
    write(incident, "regraded", now, before=before, after=severity)
