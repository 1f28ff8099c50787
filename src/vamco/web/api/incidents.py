"""Incidents and alerts over HTTP: read, acted on, and handed on as warnings of the Common Alerting Protocol."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from ninja import Router, Schema

from vamco.alerts.acting import Given, act, possible
from vamco.alerts.lifecycle import RAISED
from vamco.alerts.models import Alert, Event, Incident
from vamco.alerts.naming import title_of, where
from vamco.alerts.queue import Item, incident_for, items_of, queue_version, visible
from vamco.geography.register import Register
from vamco.indicators.territory import territory_now
from vamco.vocabulary.errors import NotFound
from vamco.web.api.schemas import ErrorOut
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.watch.deeds import deed_of
from vamco.web.watch.incidents import N_ALERTS, lines_of

router = Router(tags=["watch"])
N_LISTED: Final = 500


class IncidentOut(Schema):
    """An incident: alerts with one cause. `version` counts the deeds of people on it; a deed names the one it saw."""

    id: int
    rule: str
    title: str
    where: str
    agency: str
    severity: str
    opened_at: datetime
    closed_at: datetime | None
    respond_by: datetime | None
    owner: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    shelved_until: datetime | None
    version: int
    n_alerts: int
    n_muted: int
    is_simulated: bool


class AlertOut(Schema):
    """One alert; `seen` says what it saw against its bound, in words, small counts hidden from those who may not."""

    id: int
    incident: int | None
    rule: str
    labels: dict[str, str]
    where: str
    severity: str
    state: str
    period: str
    seen: str
    since: datetime
    resolved_at: datetime | None
    muted_by: str
    passport: str
    is_simulated: bool


class EventOut(Schema):
    """One thing that happened: by the machine (`vamco`) or by whom."""

    at: datetime
    what: str
    by: str
    details: dict[str, Any]


class IncidentDetailOut(IncidentOut):
    """An incident with its alerts (the first 200), its story, and what the caller may do now."""

    alerts: list[AlertOut]
    events: list[EventOut]
    deeds: list[str]


class DeedIn(Schema):
    """What comes with a deed: the version looked at; a note; until when, of a shelving."""

    version: int
    note: str = ""
    until: datetime | None = None


def until_the_watch_changes(view: Callable[..., Any]) -> Callable[..., Any]:
    """304 to whoever holds the answer already; `view` takes the `response` that carries the tag."""

    @wraps(view)
    def answer(request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        said = f"{queue_version()}·{request.actor}·{language_now()}·{request.get_full_path()}"
        tag = f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'
        if tag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
        kwargs["response"]["ETag"] = tag
        return view(request, *args, **kwargs)

    return answer


@router.get("/incidents", response=list[IncidentOut], url_name="incidents")
@until_the_watch_changes
def listed(
    request: SignedRequest,
    response: HttpResponse,  # noqa: ARG001  it carries the ETag
    state: str = "open",
    service: str = "",
    severity: str = "",
) -> list[dict[str, Any]]:
    """The newest incidents that the caller may see, at most 500; `state` is open, closed or all. With ETag."""
    found = Incident.objects.all()
    if state in {"open", "closed"}:
        found = found.filter(closed_at__isnull=state == "open")
    found = found.filter(rule__startswith=f"{service}.") if service else found
    found = found.filter(severity=severity) if severity else found
    newest = list(found[:N_LISTED])
    alerts = Alert.objects.filter(incident__in=[incident.pk for incident in newest])
    register = territory_now().register
    return [_told(item, register) for item in visible(request.actor, items_of(newest, alerts))]


@router.get(
    "/incidents/{int:incident_id}",
    response={200: IncidentDetailOut, 404: ErrorOut},
    url_name="incident-one",
)
@until_the_watch_changes
def one(
    request: SignedRequest,
    response: HttpResponse,  # noqa: ARG001  it carries the ETag
    incident_id: int,
) -> dict[str, Any]:
    """One incident with its alerts, its story, and what the caller may do with it. With ETag."""
    return _whole(request, incident_for(request.actor, incident_id))


@router.post(
    "/incidents/{int:incident_id}/deeds/{deed}",
    response={200: IncidentDetailOut, 400: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut},
    url_name="incident-deed",
)
def do(request: SignedRequest, incident_id: int, deed: str, given: DeedIn) -> dict[str, Any]:
    """Do it: acknowledge, take, release, shelve, unshelve or comment. Refused (409) where somebody was first."""
    item = incident_for(request.actor, incident_id)
    after = act(request.actor, incident_id, deed_of(deed), given.version, Given(given.note, given.until))
    return _whole(request, Item(after, item.alerts))


@router.get("/alerts", response=list[AlertOut], url_name="alerts")
@until_the_watch_changes
def alerts(
    request: SignedRequest,
    response: HttpResponse,  # noqa: ARG001  it carries the ETag
    rule: str = "",
    state: str = "raised",
) -> list[dict[str, Any]]:
    """The newest alerts of incidents that the caller may see, at most 500; `state` is raised or all. With ETag."""
    found = Alert.objects.exclude(incident=None)
    found = found.filter(rule=rule) if rule else found
    found = found if state == "all" else found.filter(state__in=RAISED)
    newest = found.filter(pk__in=list(found.values_list("pk", flat=True)[:N_LISTED]))
    incidents = Incident.objects.filter(pk__in=newest.values("incident"))
    items = visible(request.actor, items_of(incidents, newest))
    return _alerts(request, [alert for item in items for alert in item.alerts])


@router.get("/alerts/{int:alert_id}", response={200: AlertOut, 404: ErrorOut}, url_name="alert")
def alert(request: SignedRequest, alert_id: int) -> dict[str, Any]:
    """One alert, of an incident that the caller may see."""
    found = Alert.objects.filter(pk=alert_id).exclude(incident=None).select_related("incident").first()
    if found is None or found.incident is None:
        raise NotFound("web.no_alert", alert=alert_id)
    if not visible(request.actor, [Item(found.incident, (found,))]):
        raise NotFound("web.no_alert", alert=alert_id)
    return _alerts(request, [found])[0]


def _told(item: Item, register: Register) -> dict[str, Any]:
    incident, language = item.incident, language_now()
    kept = (
        "id", "rule", "agency", "severity", "opened_at", "closed_at", "respond_by", "owner", "acknowledged_at",
        "acknowledged_by", "shelved_until", "version", "is_simulated",
    )  # fmt: skip
    return {
        **{name: getattr(incident, name) for name in kept},
        "title": title_of(incident, language),
        "where": where(item.alerts, language, register),
        "n_alerts": len(item.alerts),
        "n_muted": item.n_muted,
    }


def _whole(request: SignedRequest, item: Item) -> dict[str, Any]:
    events = Event.objects.filter(incident=item.incident).order_by("at", "id")
    return {
        **_told(item, territory_now().register),
        "alerts": _alerts(request, item.alerts[:N_ALERTS]),
        "events": [{"at": e.at, "what": e.what, "by": e.by, "details": _open_details(e)} for e in events],
        "deeds": [deed.value for deed in possible(request.actor, item.incident)],
    }


def _open_details(event: Event) -> dict[str, Any]:
    """What people wrote and machines did; numbers are with the alerts, where small counts are hidden."""
    return {name: said for name, said in event.details.items() if name not in {"value", "bound"}}


def _alerts(request: SignedRequest, shown: Sequence[Alert]) -> list[dict[str, Any]]:
    kept = (
        "id",
        "rule",
        "labels",
        "severity",
        "state",
        "period",
        "since",
        "resolved_at",
        "muted_by",
        "is_simulated",
    )
    return [
        {
            **{name: getattr(line.alert, name) for name in kept},
            "incident": line.alert.incident_id,
            "where": line.where,
            "seen": line.seen,
            "passport": line.passport,
        }
        for line in lines_of(shown, request.actor)
    ]
