"""Warnings as others read them: a feed of open incidents, and each as a message of CAP 1.2."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Router

from vamco.alerts.cap import (
    Area,
    CapAlert,
    Category,
    Certainty,
    MessageType,
    Named,
    Reference,
    Urgency,
    Warned,
    cap_of,
)
from vamco.alerts.cap_form import write
from vamco.alerts.models import Alert, Event, Incident
from vamco.alerts.naming import title_of, where
from vamco.alerts.queue import Item, incident_for, items_of, queue_for, rule_of, visible
from vamco.packs.alert_rule import AlertRule, Kind
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import LANGUAGES, say
from vamco.vocabulary.severity import Severity
from vamco.web.api.schemas import ErrorOut
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now

router = Router(tags=["watch"])
CODES: Final = "VN-TCTK"  # the General Statistics Office's codes of administrative units
_CAP: Final = "application/cap+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_LATELY: Final = timedelta(days=1)
_URGENT: Final = frozenset({Severity.EXTREME, Severity.SEVERE})


@router.get("/cap", response={200: str}, url_name="cap-feed")
def feed(request: SignedRequest) -> HttpResponse:
    """An Atom feed of the warnings in force and of those that ended within a day, each linked to its CAP message."""
    now = timezone.now()
    queue = queue_for(request.actor, now)
    ended = Incident.objects.filter(closed_at__gte=now - _LATELY)
    over = visible(request.actor, items_of(ended, Alert.objects.filter(incident__in=ended)))
    root = ET.Element("feed", xmlns=_ATOM)
    _text(root, "id", request.build_absolute_uri(reverse("api:cap-feed")))
    _text(root, "title", say("web.cap_feed", language_now()))
    _text(root, "updated", now.isoformat(timespec="seconds"))
    for item in (*queue.waiting, *queue.shelved, *over):
        _entry(root, request, item)
    return HttpResponse(ET.tostring(root, encoding="utf-8", xml_declaration=True), "application/atom+xml")


@router.get("/cap/{int:incident_id}", response={200: str, 404: ErrorOut}, url_name="cap-message")
def message(request: SignedRequest, incident_id: int) -> HttpResponse:
    """The newest warning of one incident as a CAP 1.2 message, in Vietnamese and English."""
    return HttpResponse(write(warning_of(incident_for(request.actor, incident_id))), _CAP)


def _entry(root: ET.Element, request: HttpRequest, item: Item) -> None:
    address = request.build_absolute_uri(reverse("api:cap-message", args=[item.incident.pk]))
    entry = ET.SubElement(root, "entry")
    _text(entry, "id", address)
    _text(entry, "title", f"{title_of(item.incident, language_now())}: {where(item.alerts, language_now())}")
    _text(entry, "updated", _said_at(item.incident)[-1].isoformat(timespec="seconds"))
    ET.SubElement(entry, "link", rel="alternate", type=_CAP, href=address)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def warning_of(item: Item) -> CapAlert:
    """The newest warning: the first, an update for each change of severity, the end. Raises `NotFound`."""
    incident, rule = item.incident, rule_of(item.incident.rule)
    if rule is None:
        raise NotFound("alerts.incident_not_found", incident=incident.pk)
    said_at = _said_at(incident)
    warned = Warned(
        identifier=_identifier(incident, len(said_at) - 1),
        sent=said_at[-1],
        msg_type=_type(incident, said_at),
        category=Category(rule.category),
        severity=Severity(incident.severity),
        urgency=Urgency.EXPECTED if Severity(incident.severity) in _URGENT else Urgency.FUTURE,
        certainty=Certainty.LIKELY if rule.when.kind is Kind.DETECTOR else Certainty.OBSERVED,
        events={language: rule.title.in_(language) for language in LANGUAGES},
        headlines={lang: f"{rule.title.in_(lang)}: {where(item.alerts, lang)}" for lang in LANGUAGES},
        instructions={language: rule.respond.runbook.in_(language) for language in LANGUAGES},
        areas={
            language: (Area(where(item.alerts, language), geocodes=_codes(item)),) for language in LANGUAGES
        },
        onset=incident.opened_at,
        earlier=tuple(_references(incident, said_at)),
        parameters=_parameters(rule),
        is_simulated=incident.is_simulated,
    )
    return cap_of(warned, _sender(), say("web.cap_sender", "vi"), say("web.cap_restriction", "vi"))


def _said_at(incident: Incident) -> list[datetime]:
    """The moments at which there was something to say, oldest first."""
    regraded = Event.objects.filter(incident=incident, what="regraded").order_by("id")
    ends = [incident.closed_at] if incident.closed_at else []
    return [incident.opened_at, *regraded.values_list("at", flat=True), *ends]


def _type(incident: Incident, said_at: Sequence[datetime]) -> MessageType:
    if incident.closed_at:
        return MessageType.CANCEL
    return MessageType.UPDATE if len(said_at) > 1 else MessageType.ALERT


def _references(incident: Incident, said_at: Sequence[datetime]) -> list[Reference]:
    earlier = enumerate(said_at[:-1])
    return [Reference(_sender(), _identifier(incident, number), at) for number, at in earlier]


def _identifier(incident: Incident, number: int) -> str:
    return f"{_sender()}-{incident.pk}-{number}"


def _sender() -> str:
    return f"vamco.{settings.PROVINCE}"


def _codes(item: Item) -> tuple[Named, ...]:
    """The codes of the units that it is about."""
    units = dict.fromkeys(
        alert.labels["unit"].partition("@")[0] for alert in item.alerts if "unit" in alert.labels
    )
    return tuple(Named(CODES, code) for code in units)


def _parameters(rule: AlertRule) -> tuple[Named, ...]:
    return (Named("rule", rule.id),)
