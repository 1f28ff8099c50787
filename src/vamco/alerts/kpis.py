"""How well the watch is kept: the figures of EEMUA 191 and ISA-18.2 over a span, each with its limit and source.

What rings for an operator is an incident, so load, floods and priorities count incidents; chattering counts
the alerts inside them, whose coming and going is the rules' own fault.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

import numpy as np
from django.db.models import Q

from vamco.alerts.models import Alert, Incident
from vamco.alerts.plan import watch_plan
from vamco.alerts.rehearsal import FLOOD, TEN_MINUTES, most_within
from vamco.vocabulary.severity import Severity

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WORST: Final = {Severity.EXTREME: "critical", Severity.SEVERE: "serious"}  # all others: attention
_WANTED_SHARES: Final = {"critical": 0.05, "serious": 0.15, "attention": 0.8}
_CHATTERING: Final = 3  # raises within an hour
_FLEETING: Final = 5  # raises within a day
_N_TOP: Final = 10

EEMUA: Final = "EEMUA Publication 191, 3rd ed. (2013)"
ISA: Final = "ANSI/ISA-18.2-2016"
OURS: Final = "Vàm Cỏ"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure; None where there was nothing to count. `is_met` is None where there is no limit to meet."""

    name: str
    value: float | None
    limit: float | None
    source: str
    is_at_most: bool = True

    @property
    def is_met(self) -> bool | None:
        """Whether the limit is kept."""
        if self.value is None or self.limit is None:
            return None
        return self.value <= self.limit if self.is_at_most else self.value >= self.limit

    def as_dict(self) -> dict[str, Any]:
        """It as JSON can carry it."""
        return {
            "name": self.name,
            "value": self.value,
            "limit": self.limit,
            "is_at_most": self.is_at_most,
            "is_met": self.is_met,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a span, and what is behind them."""

    start: datetime
    end: datetime
    kpis: tuple[Kpi, ...]
    top_rules: tuple[tuple[str, int], ...]  # those that opened most incidents
    standing: tuple[int, ...]  # incidents open for more than a day at the end
    chattering: tuple[dict[str, str], ...]  # labels of alerts that keep coming and going

    def as_dict(self) -> dict[str, Any]:
        """It as JSON can carry it."""
        return {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "kpis": [kpi.as_dict() for kpi in self.kpis],
            "top_rules": [{"rule": rule, "incidents": n} for rule, n in self.top_rules],
            "standing": list(self.standing),
            "chattering": list(self.chattering),
        }


def report(start: datetime, end: datetime) -> Report:
    """The figures of what was opened or stood open from `start` to `end` (both aware, `end` excluded)."""
    opened = list(Incident.objects.filter(opened_at__gte=start, opened_at__lt=end))
    standing = _standing(end)
    chattering = tuple(_chattering(start, end))
    top = Counter(incident.rule for incident in opened).most_common(_N_TOP)
    kpis = (
        *_load([incident.opened_at for incident in opened], start, end, watch_plan().operators),
        *_shares(opened),
        Kpi("standing", len(standing), 5, ISA),
        Kpi("chattering", len(chattering), 0, EEMUA),
        *_answers(opened, end),
        Kpi("top_ten_share", _share(sum(n for _, n in top), len(opened)), None, ISA),
    )
    return Report(start, end, kpis, tuple(top), standing, chattering)


def _load(moments: Sequence[datetime], start: datetime, end: datetime, n_operators: int) -> Iterator[Kpi]:
    """Alarms an operator in ten minutes: not on average alone, for an average hides the ten minutes that hurt."""
    each = _by_ten_minutes(moments, start, end) / n_operators
    yield Kpi("mean_in_ten_minutes", float(each.mean()), 1, EEMUA)
    yield Kpi("share_of_time_over_one", float((each > 1).mean()), 0.01, OURS)
    yield Kpi("peak_in_ten_minutes", most_within(moments, TEN_MINUTES) / n_operators, FLOOD, EEMUA)
    yield Kpi("share_of_time_in_flood", float((each > FLOOD).mean()), 0.01, ISA)
    yield Kpi("floods", _runs(each > FLOOD), 0, EEMUA)


def _by_ten_minutes(moments: Sequence[datetime], start: datetime, end: datetime) -> Any:
    """How many in every ten minutes of the span, the quiet ones too."""
    n = max(1, -(-(end - start) // TEN_MINUTES))
    places = [(moment - start) // TEN_MINUTES for moment in moments]
    return np.bincount(places, minlength=n) if places else np.zeros(n)


def _runs(marks: Any) -> int:
    """How many stretches of marked places there are."""
    return int((np.diff(np.concatenate([[0], marks.astype(int)])) == 1).sum())


def _shares(incidents: Sequence[Incident]) -> Iterator[Kpi]:
    counted = Counter(_WORST.get(Severity(one.severity), "attention") for one in incidents)
    for name, wanted in _WANTED_SHARES.items():
        share = _share(counted[name], len(incidents))
        yield Kpi(f"share_{name}", share, wanted, EEMUA, is_at_most=name != "attention")


def _answers(incidents: Sequence[Incident], end: datetime) -> Iterator[Kpi]:
    """How people answered; what nobody has answered yet counts only once its time is up."""
    owed = [one for one in incidents if one.respond_by and (one.acknowledged_at or one.respond_by < end)]
    in_time = sum(map(_is_in_time, owed))
    waits = [
        (one.acknowledged_at - one.opened_at) / TEN_MINUTES * 10 for one in incidents if one.acknowledged_at
    ]
    yield Kpi("acknowledged_in_time", _share(in_time, len(owed)), 0.95, OURS, is_at_most=False)
    yield Kpi("median_minutes_to_acknowledge", median(waits) if waits else None, None, OURS)


def _is_in_time(incident: Incident) -> bool:
    seen_at, due_at = incident.acknowledged_at, incident.respond_by
    return seen_at is not None and due_at is not None and seen_at <= due_at


def _standing(end: datetime) -> tuple[int, ...]:
    is_open = Q(closed_at=None) | Q(closed_at__gte=end)
    found = Incident.objects.filter(is_open, opened_at__lt=end - _DAY).order_by("opened_at")
    return tuple(found.values_list("pk", flat=True))


def _chattering(start: datetime, end: datetime) -> Iterator[dict[str, str]]:
    """Alerts raised three times within an hour, or five times within a day."""
    raised: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in Alert.objects.filter(raised_since__gte=start, raised_since__lt=end):
        raised[alert.fingerprint].append(alert)
    for episodes in raised.values():
        at = [alert.raised_since for alert in episodes if alert.raised_since]
        if _is_chattering(at):
            yield {"rule": episodes[0].rule, **episodes[0].labels}


def _is_chattering(at: Sequence[datetime]) -> bool:
    return most_within(at, _HOUR) >= _CHATTERING or most_within(at, _DAY) >= _FLEETING


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
