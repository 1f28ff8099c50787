"""What came of a rehearsal: how often a rule rings, what it caught, and whether operators could answer."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
from django.utils import timezone

from vamco.alerts.detectors.discovery import Level
from vamco.alerts.known_events import KnownEvent
from vamco.alerts.stage import Episode, incidents
from vamco.packs.alert_rule import AlertRule

_DAY: Final = timedelta(days=1)
TEN_MINUTES: Final = timedelta(minutes=10)
FLOOD: Final = 10
"""EEMUA 191: more alarms than these in ten minutes are a flood."""
CHATTER: Final = 3
"""An alert raised so often within thirty days keeps ringing and falling silent."""
_CHATTER_SPAN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Caught:
    """What the rule made of a known event; `at` is when it was first seen, None where it was missed."""

    event: KnownEvent
    at: datetime | None

    @property
    def days_after_start(self) -> int | None:
        """Days from its beginning until the alarm."""
        return (timezone.localdate(self.at) - self.event.start_on).days if self.at else None

    @property
    def lead_days(self) -> int | None:
        """Days from the alarm until it was over: the time there was to act."""
        return (self.event.end_on - timezone.localdate(self.at)).days if self.at else None

    def as_dict(self) -> dict[str, Any]:
        """It as JSON can carry it."""
        return {
            "name": self.event.name,
            "unit": self.event.unit,
            "from": self.event.start_on.isoformat(),
            "to": self.event.end_on.isoformat(),
            "caught_at": self.at.isoformat() if self.at else None,
            "days_after_start": self.days_after_start,
            "lead_days": self.lead_days,
        }


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it. Alerts are what the rule said; incidents, grouped, are what rings for an operator.

    What was bad at the first evaluation rang before, nobody knows when: it is counted apart.
    """

    rule: AlertRule
    start_on: date
    end_on: date
    is_as_known: bool
    n_evaluations: int
    episodes: tuple[Episode, ...]
    n_standing_at_start: int
    incidents: tuple[datetime, ...]
    false: tuple[Episode, ...]  # of no known event
    caught: tuple[Caught, ...]
    allowed: float  # incidents that operators can answer at once, on average of all evaluations
    level: Level | None  # of a joint rule: the false-discovery rate that its family can afford
    rate: float  # the false-discovery rate in force

    @property
    def n_weeks(self) -> float:
        """Length of the time rehearsed."""
        return ((self.end_on - self.start_on).days + 1) / 7

    @property
    def fits_budget(self) -> bool:
        """Whether operators could have answered: on average at every evaluation, and never a flood."""
        per_evaluation = len(self.incidents) / max(self.n_evaluations, 1)
        is_low_enough = self.level is None or self.rate <= self.level.rate
        return per_evaluation <= self.allowed and busiest(self.incidents) <= FLOOD and is_low_enough

    @property
    def longest(self) -> Episode | None:
        """The alert that stood the longest."""
        return max(self.episodes, key=lambda one: one.lasted(self._end), default=None)

    @property
    def chattering(self) -> tuple[Mapping[str, str], ...]:
        """The labels of alerts that were raised and resolved again and again."""
        raised: defaultdict[str, list[datetime]] = defaultdict(list)
        labels = {one.finding.fingerprint: one.labels for one in self.episodes}
        for one in self.episodes:
            raised[one.finding.fingerprint].append(one.raised_at)
        return tuple(labels[name] for name, at in raised.items() if most_within(at, _CHATTER_SPAN) >= CHATTER)

    @property
    def _end(self) -> datetime:
        return midnight(self.end_on + _DAY)

    def by_week(self) -> dict[date, int]:
        """Alerts raised in each week that had any, by its Monday."""
        days = (timezone.localdate(one.raised_at) for one in self.episodes)
        return dict(sorted(Counter(day - day.weekday() * _DAY for day in days).items()))

    def as_dict(self) -> dict[str, Any]:
        """It as JSON can carry it: for the command line and the page of the rule."""
        longest = self.longest
        return {
            "rule": self.rule.id,
            "from": self.start_on.isoformat(),
            "to": self.end_on.isoformat(),
            "as_known": self.is_as_known,
            "evaluations": self.n_evaluations,
            "alerts": len(self.episodes),
            "alerts_a_week": round(len(self.episodes) / self.n_weeks, 2),
            "standing_at_start": self.n_standing_at_start,
            "incidents": len(self.incidents),
            "incidents_a_week": round(len(self.incidents) / self.n_weeks, 2),
            "false_alerts_a_week": round(len(self.false) / self.n_weeks, 2),
            "false_incidents_a_week": round(len(incidents(self.rule, self.false)) / self.n_weeks, 2),
            "busiest_ten_minutes": {
                "alerts": busiest([one.raised_at for one in self.episodes]),
                "incidents": busiest(self.incidents),
            },
            "is_flooding": busiest(self.incidents) > FLOOD,
            "longest_days": longest.lasted(self._end).days if longest else 0,
            "longest": dict(longest.labels) if longest else None,
            "chattering": [dict(labels) for labels in self.chattering],
            "events": [caught.as_dict() for caught in self.caught],
            "budget": {
                "allowed_each_evaluation": self.allowed,
                "each_evaluation": round(len(self.incidents) / max(self.n_evaluations, 1), 3),
                "rate_in_force": self.rate,
                "highest_rate": self.level.rate if self.level else None,
                "fits": self.fits_budget,
            },
            "weeks": {day.isoformat(): n for day, n in self.by_week().items()},
        }


def busiest(moments: Sequence[datetime]) -> int:
    """The most of them within ten minutes."""
    return most_within(moments, TEN_MINUTES)


def most_within(moments: Sequence[datetime], span: timedelta) -> int:
    """The most of them within a span that begins with any of them."""
    at = np.array(sorted(moment.timestamp() for moment in moments))
    ends = np.searchsorted(at, at + span.total_seconds(), side="left")
    return int((ends - np.arange(len(at))).max()) if len(at) else 0


def midnight(day: date) -> datetime:
    """The moment at which the day begins here."""
    return timezone.make_aware(datetime.combine(day, time()))
