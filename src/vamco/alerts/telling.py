"""Who is told of an incident, and when: its group's notices, and the steps of escalation."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from vamco.alerts import notices
from vamco.alerts.acting import scope_of, unshelve_due
from vamco.alerts.grouping import Group, GroupTiming, Notice, Told, look
from vamco.alerts.incidents import write
from vamco.alerts.lifecycle import RAISED
from vamco.alerts.models import Alert, Incident
from vamco.alerts.naming import agency_name, title_of, where
from vamco.alerts.plan import Step, watch_plan
from vamco.alerts.recording import lock
from vamco.notifying.channels import Channels, channels_here
from vamco.notifying.enqueueing import Message, enqueue
from vamco.vocabulary.messages import Language
from vamco.vocabulary.severity import Severity

TIMING: Final = GroupTiming(
    wait=timedelta(seconds=30), interval=timedelta(minutes=5), repeat=timedelta(hours=4)
)
_LANGUAGE: Final[Language] = "vi"  # of what leaves the house


def tell_due(now: datetime | None = None) -> int:
    """Put what is due of every incident into the outbox of this installation; how many messages are new."""
    return tell(channels_here(), now or timezone.now())


def tell(channels: Channels, now: datetime) -> int:
    """Put what is due of every incident into the outbox; how many messages are new."""
    return _told(channels, now) if _is_anything_due(now) else 0


def _is_anything_due(now: datetime) -> bool:
    """Asked every second, so without the lock that writers wait for."""
    is_shelf_up = Incident.objects.filter(closed_at=None, shelved_until__lte=now).exists()
    return is_shelf_up or bool(_to_look_at(now)) or any(_steps_due(i, now) for i in _unacknowledged())


def _told(channels: Channels, now: datetime) -> int:
    with transaction.atomic():
        lock()
        unshelve_due(now)
        n_new = sum(_look_at(incident, channels, now) for incident in _to_look_at(now))
        return n_new + sum(_escalate(incident, channels, now) for incident in _unacknowledged())


def _to_look_at(now: datetime) -> list[Incident]:
    """Open incidents whose look is due, and closed ones that were told of and whose end was not."""
    due = Q(look_at=None) | Q(look_at__lte=now)
    is_untold = Q(closed_at=None) | Q(told__isnull=False)
    found = Incident.objects.filter(due, is_untold, shelved_until=None).exclude(_is_done())
    return list(found.order_by("id"))


def _is_done() -> Q:
    return Q(closed_at__isnull=False, told__firing=[])


def _look_at(incident: Incident, channels: Channels, now: datetime) -> int:
    firing, resolved = _members(incident)
    group, notice = look(_group(incident), firing, resolved, now, _timing(incident))
    _keep(incident, group)
    return _tell(incident, notice, channels, now) if notice else 0


def _timing(incident: Incident) -> GroupTiming:
    """What somebody has acknowledged is repeated to nobody; what changes is still news."""
    return replace(TIMING, repeat=timedelta.max) if incident.acknowledged_at else TIMING


def _members(incident: Incident) -> tuple[set[str], set[str]]:
    """Episodes that stand raised and speak, and those that ended."""
    rows = Alert.objects.filter(incident=incident).values_list("pk", "state", "muted_by")
    firing = {str(pk) for pk, state, muted_by in rows if state in RAISED and not muted_by}
    ended = {str(pk) for pk, state, _ in rows if state not in RAISED}
    return firing, ended


def _group(incident: Incident) -> Group:
    look_at = incident.look_at or incident.opened_at + TIMING.wait
    return Group(incident.key, look_at, _told_from(incident.told), incident.n_notices)


def _told_from(kept: dict[str, Any] | None) -> Told | None:
    if kept is None:
        return None
    at = datetime.fromisoformat(kept["at"])
    return Told(at, frozenset(kept["firing"]), frozenset(kept["resolved"]))


def _keep(incident: Incident, group: Group) -> None:
    told = group.told
    incident.look_at, incident.n_notices = group.look_at, group.version
    incident.told = told and {
        "at": told.at.isoformat(),
        "firing": sorted(told.firing),
        "resolved": sorted(told.resolved),
    }
    incident.save(update_fields=["look_at", "n_notices", "told"])


def _tell(incident: Incident, notice: Notice, channels: Channels, now: datetime) -> int:
    first = watch_plan().escalation[0]
    people = [incident.owner] if incident.owner else []
    told = _said(incident, notice.kind.value, len(notice.firing), len(notice.resolved))
    write(incident, "told", now, kind=notice.kind.value, version=notice.version, roles=list(first.roles))
    return _enqueue(incident, told, notice.version, channels, now, first.roles, people)


def _unacknowledged() -> list[Incident]:
    rows = Incident.objects.filter(closed_at=None, acknowledged_at=None, shelved_until=None)
    return list(rows.filter(alerts__muted_by="", alerts__state__in=RAISED).distinct())


def _steps_due(incident: Incident, now: datetime) -> list[tuple[int, Step]]:
    """Steps of the plan that have not been taken and whose time has come; the first is the notice itself."""
    steps = enumerate(watch_plan().escalation)
    ahead = [(number, step) for number, step in steps if number > incident.escalation]
    return [(number, step) for number, step in ahead if now >= incident.opened_at + step.after]


def _escalate(incident: Incident, channels: Channels, now: datetime) -> int:
    """Take the steps that are due; those for worse incidents are passed over."""
    n_new = 0
    for number, step in _steps_due(incident, now):
        incident.escalation = number
        incident.save(update_fields=["escalation"])
        if Severity(incident.severity) in step.severities:
            write(incident, "escalated", now, step=number, roles=list(step.roles))
            told = _said(incident, "escalated", _n_raised(incident), 0)
            n_new += _enqueue(incident, told, number, channels, now, step.roles, ())
    return n_new


def _n_raised(incident: Incident) -> int:
    return Alert.objects.filter(incident=incident, state__in=RAISED).count()


def _said(incident: Incident, kind: str, n_firing: int, n_resolved: int) -> notices.Told:
    return notices.Told(
        kind,
        Severity(incident.severity),
        _title(incident),
        agency_name(incident.agency, _LANGUAGE),
        incident.opened_at,
        n_firing,
        n_resolved,
        is_simulated=incident.is_simulated,
    )


def _title(incident: Incident) -> str:
    raised = Alert.objects.filter(incident=incident, state__in=RAISED)
    alerts = list(raised or Alert.objects.filter(incident=incident))
    return f"{title_of(incident, _LANGUAGE)}: {where(alerts, _LANGUAGE)}"


def _enqueue(
    incident: Incident,
    told: notices.Told,
    version: int,
    channels: Channels,
    now: datetime,
    roles: Collection[str],
    people: Collection[str],
) -> int:
    message = Message(
        incident.subject,
        told.kind,
        version,
        told.severity,
        notices.title_of(told, _LANGUAGE),
        notices.body_of(told, _LANGUAGE),
        told.is_simulated,
        service=scope_of(incident).service or "",
    )
    return enqueue(message, channels, now, roles=roles, people=people)
