"""What alarms: the serious incidents that stood open this morning, and whether anybody had seen them."""

from datetime import datetime
from typing import Final

from django.db.models import Q

from vamco.alerts.models import Alert, Incident
from vamco.alerts.naming import agency_name, title_of, where
from vamco.alerts.queue import Item, items_of, visible
from vamco.briefings.audience import Audience
from vamco.briefings.line import Line, in_all
from vamco.briefings.wording import moment, words
from vamco.directives.acting import shown_name
from vamco.packs.pack import Packs
from vamco.vocabulary.messages import Language
from vamco.vocabulary.severity import Severity

_SERIOUS: Final = (Severity.EXTREME, Severity.SEVERE)


def alarming(audience: Audience, packs: Packs) -> list[Line]:  # noqa: ARG001  like every finder
    """The incidents: the worst first, of them those of the last day, then those that stand longest."""
    items = sorted(
        visible(audience.actor, _standing(audience.known_at)), key=lambda item: _order(item, audience)
    )
    return [_line(item, audience) for item in items]


def _standing(at: datetime) -> list[Item]:
    """What was open at that moment, with the alerts raised by then."""
    was_open = Q(closed_at=None) | Q(closed_at__gt=at)
    incidents = Incident.objects.filter(was_open, opened_at__lte=at, severity__in=_SERIOUS)
    return items_of(incidents, Alert.objects.filter(incident__in=incidents, raised_since__lte=at))


def _order(item: Item, audience: Audience) -> tuple[int, bool, datetime]:
    incident = item.incident
    return _SERIOUS.index(Severity(incident.severity)), not _is_new(item, audience), incident.opened_at


def _is_new(item: Item, audience: Audience) -> bool:
    return item.incident.opened_at > audience.before_at


def _line(item: Item, audience: Audience) -> Line:
    return Line(
        said=in_all(lambda language: _said(item, audience, language)),
        why=in_all(lambda language: _why(item.incident, audience, language)),
        severity=Severity(item.incident.severity),
        is_new=_is_new(item, audience),
        is_simulated=item.incident.is_simulated,
    )


def _said(item: Item, audience: Audience, language: Language) -> str:
    incident = item.incident
    return words(
        "incident",
        language,
        title=title_of(incident, language),
        where=where(item.alerts, language),
        since=moment(incident.opened_at, language),
        seen=_seen(incident, audience, language),
    )


def _seen(incident: Incident, audience: Audience, language: Language) -> str:
    at = incident.acknowledged_at
    if at is None or at > audience.known_at:
        return words("incident_unseen", language)
    return words("incident_seen", language, by=shown_name(incident.acknowledged_by), at=moment(at, language))


def _why(incident: Incident, audience: Audience, language: Language) -> str:
    agency = agency_name(incident.agency, language)
    if incident.respond_by is None:
        return words("incident_to_act", language, agency=agency)
    is_late = incident.respond_by <= audience.known_at
    key = "incident_to_act_late" if is_late and not incident.owner else "incident_to_act_by"
    return words(key, language, agency=agency, due=moment(incident.respond_by, language))
