"""The page of one incident: what happened, what it rests on, and everything that was done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import Actor
from vamco.alerts.models import Alert, Incident, Silence
from vamco.alerts.naming import name_of, where
from vamco.alerts.queue import Item, rule_of
from vamco.directives.models import Directive
from vamco.directives.reading import directives_for
from vamco.indicators.territory import territory_now
from vamco.packs.alert_rule import Kind
from vamco.vocabulary.messages import say
from vamco.vocabulary.severity import Severity
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.templatetags.figures import moment, number, period
from vamco.web.watch.deeds import SHELF_HOURS
from vamco.web.watch.evidence import chart_of, passport_of
from vamco.web.watch.rows import Row, rows_of
from vamco.web.watch.story import story_of
from vamco.web.watch.wording import bound_name, condition_words, seen_words

N_ALERTS: Final = 200
N_NOTIFICATIONS: Final = 50
_SILENCED: Final = "silence:"


@dataclass(frozen=True, slots=True)
class Line:
    """One alert of the incident: where, what it saw, and the passport of what it saw."""

    alert: Alert
    where: str
    seen: str
    passport: str

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return Severity(self.alert.severity)


def incident_page(
    request: SignedRequest, item: Item, status: int = HTTPStatus.OK, **said: Any
) -> HttpResponse:
    """The page; `said` may hold an error, beside which what was typed is kept."""
    now = timezone.now()
    incident, rule = item.incident, rule_of(item.incident.rule)
    (row,) = rows_of([item], request.actor, now)
    lines = lines_of(item.alerts[:N_ALERTS], request.actor)
    found = {
        "row": row,
        "item": item,
        "rule": rule,
        "sentence": sentence_of(row, lines),
        "condition": condition_words(rule) if rule else "",
        "bound_name": bound_name(rule) if rule and rule.when.kind is Kind.DETECTOR else "",
        "lines": lines,
        "n_more": len(item.alerts) - len(lines),
        "chart": chart_of(item.lead, request) if item.lead else None,
        "story": story_of(incident),
        "silences": _silences(item),
        "notifications": incident.notifications.all()[:N_NOTIFICATIONS],
        "directives": _directives(request.actor, incident, item),
        "audit": _audit(request.actor, incident),
        "silence_query": silence_query(item),
        "hours": SHELF_HOURS,
        "typed": request.POST,
        "simulated": incident.is_simulated,
        "now": now,
        "page_keys": True,
        **said,
    }
    return render(request, "watch/incident.html", found, status=status)


def lines_of(shown: Sequence[Alert], actor: Actor) -> list[Line]:
    """Alerts as lines of a table."""
    evidence = dict(Alert.objects.filter(pk__in=[a.pk for a in shown]).values_list("pk", "evidence"))
    register, language = territory_now().register, language_now()
    return [
        Line(
            alert,
            name_of(alert, register, language),
            seen_words(alert, evidence[alert.pk], actor),
            passport_of(alert, evidence[alert.pk]),
        )
        for alert in shown
    ]


def sentence_of(row: Row, lines: list[Line]) -> str:
    """What happened, in a sentence."""
    incident, lead = row.incident, row.item.lead
    told: dict[str, Any] = {"since": moment(incident.opened_at)}
    if lead is None:
        return row.title
    if len(lines) > 1:
        told |= {"n": number(len(row.item.alerts)), "where": where(row.item.alerts, language_now())}
        key = "web.watch_sentence_many"
        told |= {"worst": lines[0].where, "seen": row.seen, "period": period(lead.period)}
    else:
        key = "web.watch_sentence" if "unit" in lead.labels else "web.watch_sentence_source"
        told |= {"where": lines[0].where, "seen": row.seen, "period": period(lead.period)}
    said = say(key, language_now(), **told)
    if incident.closed_at:
        return f"{said} {say('web.watch_over', language_now(), at=moment(incident.closed_at))}"
    return said


def _silences(item: Item) -> list[Silence]:
    """The silences that keep alerts of it quiet."""
    ids = {a.muted_by.removeprefix(_SILENCED) for a in item.alerts if a.muted_by.startswith(_SILENCED)}
    return list(Silence.objects.filter(pk__in=ids))


def _directives(actor: Actor, incident: Incident, item: Item) -> list[Directive]:
    """Orders that its alerts prompted, of those that the actor may read."""
    if not actor.may("directive.read"):
        return []
    alerts = {alert.pk for alert in item.alerts}
    issued = directives_for(actor).filter(entered_at__gte=incident.opened_at)
    return [one for one in issued if any(_is_of(frozen, alerts) for frozen in one.prompted_by)]


def _is_of(frozen: dict[str, Any], alerts: set[int]) -> bool:
    return frozen.get("kind") == "alert" and frozen["alert"].get("id") in alerts


def _audit(actor: Actor, incident: Incident) -> list[AuditEntry]:
    if not actor.may("audit"):
        return []
    return list(AuditEntry.objects.filter(subject=f"incident:{incident.pk}").order_by("id"))


def silence_query(item: Item) -> list[str]:
    """Matchers of a silence that fits the incident and nothing else of the rule."""
    lead = item.lead
    if lead is None:
        return [f'rule="{item.incident.rule}"']
    named = {
        "rule": item.incident.rule,
        **{k: lead.labels[k] for k in ("unit", "contract") if k in lead.labels},
    }
    if len({str(a.labels.get("unit")) for a in item.alerts}) > 1:
        named.pop("unit", None)
    return [f'{name}="{value}"' for name, value in named.items()]
