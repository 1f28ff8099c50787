"""Rehearsing a rule: what it would have said of the past, by the functions that evaluate it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
from django.utils import timezone

from vamco.alerts import watching_figures, watching_supply
from vamco.alerts.conditions import judge
from vamco.alerts.detectors.discovery import AlarmBudget, Level, level_for_budget
from vamco.alerts.finding import Finding, finding_at, newest
from vamco.alerts.joint import family, is_joint, jointly
from vamco.alerts.judged import Judged
from vamco.alerts.known_events import KnownEvent
from vamco.alerts.panel import Numbers, Panel
from vamco.alerts.plan import WatchPlan, watch_plan
from vamco.alerts.rules import rules_in_force
from vamco.alerts.stage import Episode, Stage, incidents, patient
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.models import Observation
from vamco.packs.alert_rule import ON_SUPPLY, AlertRule, FigureWatch
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(weeks=1)
TEN_MINUTES: Final = timedelta(minutes=10)
FLOOD: Final = 10
"""EEMUA 191: more alarms than these in ten minutes are a flood."""
CHATTER: Final = 3
"""An alert raised so often within thirty days keeps ringing and falling silent."""
_CHATTER_SPAN: Final = timedelta(days=30)

Told = Iterator[tuple[datetime, list[Finding]]]


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
    """What came of it. Alerts are what the rule said; incidents, grouped, are what rings for an operator."""

    rule: AlertRule
    start_on: date
    end_on: date
    is_as_known: bool
    n_evaluations: int
    episodes: tuple[Episode, ...]
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
        return _midnight(self.end_on + _DAY)

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


def rehearse(
    rule: AlertRule,
    start_on: date,
    end_on: date,
    *,
    as_known: bool = False,
    events: Sequence[KnownEvent] = (),
) -> Rehearsal:
    """What the rule would have said on the days from `start_on` to `end_on`.

    Figures are taken as known now, each from the day after its promise on; `as_known` takes each as it
    was known at the moment, which is slower. Raises `Misused` when the days run backwards.
    """
    if end_on < start_on:
        raise Misused("alerts.days_backwards", since=start_on, on=end_on)
    plan = watch_plan()
    stage, chances, n = Stage(rule), Chances(), 0
    for moment, findings in _told(rule, start_on, end_on, chances, plan, as_known=as_known):
        stage.take(findings, moment)
        n += 1
    allowed = AlarmBudget(plan.operators, plan.alarms * (TEN_MINUTES / plan.span)).alarms_in(plan.span)
    wanted = [event for event in events if event.concerns(rule.pack)]
    return Rehearsal(
        rule,
        start_on,
        end_on,
        as_known,
        n,
        tuple(stage.episodes),
        tuple(incidents(rule, stage.episodes)),
        tuple(one for one in stage.episodes if not any(_seen_at(e, one, rule) for e in wanted)),
        tuple(Caught(event, _first(event, stage.episodes, rule)) for event in wanted),
        allowed,
        level_for_budget(chances.table, allowed) if is_joint(rule) and chances.columns else None,
        plan.false_discovery_rate,
    )


class Chances:
    """The chances of all tests of a joint level, a column for each evaluation."""

    def __init__(self) -> None:
        self.columns: list[Numbers] = []

    @property
    def table(self) -> Numbers:
        """Tests × evaluations."""
        longest = max(map(len, self.columns))
        padded = [np.append(c, np.full(longest - len(c), np.nan)) for c in self.columns]
        return np.stack(padded, axis=1)


def _told(
    rule: AlertRule, start_on: date, end_on: date, chances: Chances, plan: WatchPlan, *, as_known: bool
) -> Told:
    """What was found at each moment, by the rule and all that share its level."""
    if rule.when.kind in ON_SUPPLY:
        yield from _of_supply(rule, start_on, end_on)
        return
    beside = [rule, *(r for r in rules_in_force() if r.id != rule.id and _is_beside(r, rule))]
    if as_known:
        moments = _known_moments(rule, start_on, end_on)
        found = {moment: {r.id: _as_known(r, moment) for r in beside} for moment in moments}
    else:
        found = _in_hindsight(beside, start_on, end_on)
    for moment, basis in patient(found, rule):
        kept = jointly(beside, found[basis], plan.false_discovery_rate)
        if moment == basis and is_joint(rule):
            told = [f for findings in found[basis].values() for f in findings]
            chances.columns.append(np.array([np.nan if f.p is None else f.p for f in told]))
        yield moment, list(kept[rule.id])


def _is_beside(other: AlertRule, rule: AlertRule) -> bool:
    return is_joint(other) and is_joint(rule) and family(other) is family(rule)


def _in_hindsight(
    beside: Sequence[AlertRule], start_on: date, end_on: date
) -> dict[datetime, dict[str, list[Finding]]]:
    """One panel for all the time of each rule; each period is judged on the day after its promise."""
    rule = beside[0]
    asked = due_periods(indicator_of(rule.indicator), start_on, end_on)
    found: dict[datetime, dict[str, list[Finding]]] = {due: {} for due, _ in asked}
    for other in beside if asked else ():
        panel, judged = _whole(other, [period for _, period in asked])
        for place, (due, _) in enumerate(asked, start=panel.first):
            rows = range(panel.shape[0])
            found[due][other.id] = [finding_at(other, panel, judged, row, place) for row in rows]
    return found


def _whole(rule: AlertRule, asked: Sequence[Period]) -> tuple[Panel, Judged]:
    before = watching_figures.before(asked[0], watching_figures.past(rule, indicator_of(rule.indicator)))
    panel = watching_figures.panel(rule, [*before, *asked], first=len(before))
    return panel, judge(rule.when, panel)


def due_periods(indicator: Indicator, start_on: date, end_on: date) -> list[tuple[datetime, Period]]:
    """The periods of which the promise is up on one of these days, with that moment; oldest first."""
    found: list[tuple[datetime, Period]] = []
    period = Period.covering(indicator.period_type, end_on)
    while (due_on := period.end_on + (indicator.promise_days + 1) * _DAY) >= start_on:
        if due_on <= end_on:
            found.append((_midnight(due_on), period))
        period = period.previous()
    return found[::-1]


def _known_moments(rule: AlertRule, start_on: date, end_on: date) -> list[datetime]:
    """When something new was known of the rule's indicator, or ought to have been."""
    start, end = _midnight(start_on), _midnight(end_on + _DAY)
    known = Observation.objects.filter(
        indicator=rule.indicator, known_since_at__gte=start, known_since_at__lt=end
    )
    moments = set(known.values_list("known_since_at", flat=True).distinct().order_by())
    return sorted(moments | {due for due, _ in due_periods(indicator_of(rule.indicator), start_on, end_on)})


def _as_known(rule: AlertRule, moment: datetime) -> list[Finding]:
    today = timezone.localdate(moment)
    panel = watching_figures.newest_panel(rule, today, moment)
    promise = indicator_of(rule.indicator).promise_days
    return list(newest(rule, panel, judge(rule.when, panel), today, promise))


def _of_supply(rule: AlertRule, start_on: date, end_on: date) -> Told:
    """The supply of every day, as it stood in the evening: deliveries know when they came."""
    days = [start_on + n * _DAY for n in range((end_on - start_on).days + 1)]
    panel = watching_supply.panel(rule, days, packs())
    judged = judge(rule.when, panel)
    found = {
        _midnight(day + _DAY): [finding_at(rule, panel, judged, row, place) for row in range(panel.shape[0])]
        for place, day in enumerate(days)
    }
    yield from ((moment, found[basis]) for moment, basis in patient(found, rule))


def _first(event: KnownEvent, episodes: Sequence[Episode], rule: AlertRule) -> datetime | None:
    seen = (_seen_at(event, episode, rule) for episode in episodes)
    return min((at for at in seen if at), default=None)


def _seen_at(event: KnownEvent, episode: Episode, rule: AlertRule) -> datetime | None:
    """When the alert first spoke of a period in which the event went on."""
    level = rule.watch.level if isinstance(rule.watch, FigureWatch) else ""
    if not event.is_of(episode.labels, level):
        return None
    return next((at for at, period in episode.sightings if event.overlaps(period)), None)


def busiest(moments: Sequence[datetime]) -> int:
    """The most of them within ten minutes."""
    return most_within(moments, TEN_MINUTES)


def most_within(moments: Sequence[datetime], span: timedelta) -> int:
    """The most of them within a span that begins with any of them."""
    at = np.array(sorted(moment.timestamp() for moment in moments))
    ends = np.searchsorted(at, at + span.total_seconds(), side="left")
    return int((ends - np.arange(len(at))).max()) if len(at) else 0


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
