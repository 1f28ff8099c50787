"""`vamco alerts rules|list|show|evaluate|kpis`: what is watched, what rings, and how well people keep up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click
from django.utils import timezone

from vamco.alerts.evaluating import evaluate as evaluated
from vamco.alerts.evaluating import evaluate_due
from vamco.alerts.kpis import Kpi, Report, report
from vamco.alerts.models import Alert, Event, Incident
from vamco.alerts.rules import rules_in_force
from vamco.flow.command_line import language, print_json
from vamco.flow.figures import cell, number, table
from vamco.flow.parameters import DAY
from vamco.indicators.declared import packs
from vamco.indicators.territory import territory_now
from vamco.packs.alert_rule import AlertRule
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import say
from vamco.vocabulary.severity import Severity

_DAY = timedelta(days=1)
as_json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.command()
@as_json_option
def rules(*, as_json: bool) -> None:
    """The rules of this installation, and which of them are evaluated."""
    in_force = {rule.id for rule in rules_in_force()}
    rows = [_rule(rule, is_in_force=rule.id in in_force) for rule in packs().alert_rules]
    _table("alert_rule", rows, as_json=as_json)


@click.command(name="list")
@click.option("--all", "is_all", is_flag=True, help="Those that are closed too, newest first.")
@as_json_option
def list_them(*, is_all: bool, as_json: bool) -> None:
    """The incidents that are open."""
    found = Incident.objects.all() if is_all else Incident.objects.filter(closed_at=None)
    _table("incident", [_incident(incident) for incident in found], as_json=as_json)


@click.command()
@click.argument("incident_id", metavar="ID", type=int)
@as_json_option
def show(incident_id: int, *, as_json: bool) -> None:
    """One incident: its alerts and all that happened to it."""
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is None:
        raise NotFound("flow.incident_not_found", id=incident_id)
    alerts = [_alert(alert) for alert in incident.alerts.order_by("pk")]
    events = [_event(event) for event in incident.events.order_by("pk")]
    if as_json:
        print_json({**_incident(incident), "alerts": alerts, "events": events})
        return
    for name, value in _incident(incident).items():
        if value not in (None, ""):
            click.echo(f"{say(f'flow.incident_{name}', language())}: {cell(value)}")
    _table("alert", alerts)
    _table("alert_event", events)


@click.command()
@click.option("--all", "is_all", is_flag=True, help="Every rule in force, not only those that are due.")
@as_json_option
def evaluate(*, is_all: bool, as_json: bool) -> None:
    """Evaluate the rules that are due, as the worker does every minute."""
    done = evaluated(rules_in_force(), timezone.now()) if is_all else evaluate_due()
    counts = {
        "rules": len(done.rules),
        "changed": len(done.recorded.moved),
        "opened": len(done.opened),
    }
    if as_json:
        print_json(counts)
    else:
        click.echo(say("flow.alerts_evaluated", language(), **counts))


@click.command()
@click.option("--from", "start", type=DAY, help="First day; thirty days before the last when not given.")
@click.option("--to", "end", type=DAY, help="Last day; today when not given.")
@as_json_option
def kpis(start: datetime | None, end: datetime | None, *, as_json: bool) -> None:
    """How well the watch is kept, by EEMUA 191 and ISA-18.2."""
    last = timezone.make_aware(end) + _DAY if end else timezone.now()
    told = report(timezone.make_aware(start) if start else last - 30 * _DAY, last)
    if as_json:
        print_json(told.as_dict())
        return
    _table("kpi", [_kpi(kpi) for kpi in told.kpis])
    for line in _behind(told):
        click.echo(line)


def _table(kind: str, rows: list[dict[str, Any]], *, as_json: bool = False) -> None:
    """Rows as JSON, or as a table with the words `flow.<kind>_<key>` above; nothing when there are none."""
    if as_json:
        print_json(rows)
        return
    header = [say(f"flow.{kind}_{name}", language()) for name in (rows[0] if rows else ())]
    for line in table(header, [list(row.values()) for row in rows]) if rows else ():
        click.echo(line)


def _rule(rule: AlertRule, *, is_in_force: bool) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title.in_(language()),
        "kind": rule.when.kind.value,
        "severity": _severity(rule.severity),
        "agency": rule.respond.agency,
        "is_in_force": is_in_force,
    }


def _severity(severity: Severity | None) -> str:
    return severity.in_(language()) if severity else say("flow.severity_of_bands", language())


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.pk,
        "severity": Severity(incident.severity).in_(language()),
        "rule": incident.rule,
        "agency": incident.agency,
        "opened_at": incident.opened_at,
        "respond_by": incident.respond_by,
        "acknowledged_at": incident.acknowledged_at,
        "owner": incident.owner,
        "closed_at": incident.closed_at,
        "alerts": incident.alerts.count(),
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk,
        "what": what_of(alert.labels),
        "state": alert.get_state_display() if language() == "vi" else alert.state,
        "severity": Severity(alert.severity).in_(language()),
        "period": alert.period,
        "value": alert.value,
        "bound": alert.bound,
        "raised_since": alert.raised_since,
        "muted_by": alert.muted_by,
    }


def what_of(labels: dict[str, str]) -> str:
    """The place or dataset that the labels of an alert name, in words."""
    unit = labels.get("unit")
    where = territory_now().register.get(unit).name if unit else labels.get("contract", "")
    return " ".join(filter(None, (where, labels.get("breakdown"))))


def _event(event: Event) -> dict[str, Any]:
    return {"at": event.at, "what": event.what, "by": event.by, "alert": event.alert_id}


def _kpi(kpi: Kpi) -> dict[str, Any]:
    comparator = "≤" if kpi.is_at_most else "≥"
    return {
        "name": say(f"flow.kpi_{kpi.name}", language()),
        "value": None if kpi.value is None else round(kpi.value, 3),
        "limit": "" if kpi.limit is None else f"{comparator} {number(kpi.limit)}",
        "is_met": kpi.is_met,
        "source": kpi.source,
    }


def _behind(told: Report) -> Iterator[str]:
    for rule, n in told.top_rules:
        yield say("flow.kpi_top_rule", language(), rule=rule, n=number(n))
    if told.standing:
        yield say("flow.kpi_standing_list", language(), names=list(map(str, told.standing)))
    for labels in told.chattering:
        yield say("flow.kpi_chattering_one", language(), rule=labels["rule"], what=what_of(labels))
