"""How the watch went on a day: what became of its incidents, and how much rang in every hour."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Min, Q, QuerySet

from vamco.alerts.acting import Deed
from vamco.alerts.grouping import NoticeKind
from vamco.alerts.models import Event, Incident, Shift
from vamco.flow.operations.days import beginning_of, end_of
from vamco.flow.operations.table import Row, Table

_HOUR: Final = timedelta(hours=1)
_TEN_MINUTES: Final = timedelta(minutes=10)
_NOT_ACKNOWLEDGED, _NOT_ACTED_ON, _NOT_OVER, _NO_PROMISE = (
    "chưa nhận biết",
    "chưa xử lý",
    "chưa hết",
    "không hẹn",
)


def incidents_on(on: date) -> Table | None:
    """One row for each incident to which something happened that day, as it ended; None before any watch was kept."""
    if not _is_kept(on):
        return None
    moved = Event.objects.filter(at__gte=beginning_of(on), at__lt=end_of(on), incident__isnull=False)
    told = list(Incident.objects.filter(pk__in=moved.values("incident")).order_by("pk"))
    made_up = any(incident.is_simulated for incident in told) if told else _is_made_up(on)
    return Table([_row(incident, on) for incident in told], is_simulated=made_up)


def watch_hours_on(on: date) -> Table | None:
    """One row for each hour, quiet ones as well; None before any watch was kept."""
    if not _is_kept(on):
        return None
    rung = list(_alarms(on).order_by("at").values_list("at", flat=True))
    start = beginning_of(on)
    rows = [_hour(start + n * _HOUR, rung) for n in range(24)]
    return Table(rows, is_simulated=_is_made_up(on))


def _is_made_up(on: date) -> bool:
    """Whether any incident until then was: then quiet says nothing of a real province either."""
    return Incident.objects.filter(is_simulated=True, opened_at__lt=end_of(on)).exists()


def _is_kept(on: date) -> bool:
    """Whether an incident had been opened or a shift had begun by the end of the day."""
    began = (
        Incident.objects.aggregate(at=Min("opened_at"))["at"],
        Shift.objects.aggregate(at=Min("starts_at"))["at"],
    )
    return any(at is not None and at < end_of(on) for at in began)


def _row(incident: Incident, on: date) -> Row:
    events = list(incident.events.filter(at__lt=end_of(on)))
    return {
        "incident": incident.pk,
        "reported_on": on,
        "rule": incident.rule,
        "service": incident.rule.partition(".")[0],
        "agency": incident.agency,
        "severity": _severity(events, incident),
        "opened_at": incident.opened_at,
        "acknowledged_at": _first(events, Deed.ACKNOWLEDGE, Deed.TAKE) or _NOT_ACKNOWLEDGED,
        "first_acted_at": _first(events, Deed.TAKE) or _NOT_ACTED_ON,
        "closed_at": _first(events, "closed") or _NOT_OVER,
        "respond_by": incident.respond_by or _NO_PROMISE,
        "alerts": len({event.alert_id for event in events if event.alert_id}),
        "notices": sum(event.what == "told" for event in events),
    }


def _first(events: Sequence[Event], *whats: str) -> datetime | None:
    """When one of these first happened; what people do has no alert, what machines see has one."""
    return min((event.at for event in events if event.what in whats and event.alert_id is None), default=None)


def _severity(events: Sequence[Event], incident: Incident) -> Any:
    """The last that it was graded by that day."""
    opened = [event.details["severity"] for event in events if event.what == "opened"]
    regraded = [event.details["after"] for event in events if event.what == "regraded"]
    return [incident.severity, *opened, *regraded][-1]


def _alarms(on: date) -> QuerySet[Event]:
    """What rang: notices and escalations; that something is over rings for nobody."""
    of_day = Event.objects.filter(at__gte=beginning_of(on), at__lt=end_of(on))
    is_end = Q(what="told", details__kind=NoticeKind.RESOLVED.value)
    return of_day.filter(what__in=("told", "escalated")).exclude(is_end)


def _hour(start: datetime, rung: Sequence[datetime]) -> Row:
    own = [at for at in rung if start <= at < start + _HOUR]
    return {
        "hour_at": start,
        "alarms": len(own),
        "most_in_ten_minutes": max((_within(own, at) for at in own), default=0),
        "operators": _operators(start + _HOUR / 2),
    }


def _within(moments: Sequence[datetime], start: datetime) -> int:
    return bisect_left(moments, start + _TEN_MINUTES) - bisect_left(moments, start)


def _operators(at: datetime) -> int:
    """How many people were on a shift at that moment, whatever was handed over since."""
    running = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at)
    still = running.filter(Q(handed_over_at=None) | Q(handed_over_at__gt=at))
    return still.values("operator").distinct().count()
