"""Rehearsing a rule: what it would have said of the past, by the functions that evaluate it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
from django.utils import timezone

from vamco.alerts import watching_figures, watching_supply
from vamco.alerts.conditions import judge
from vamco.alerts.detectors.discovery import AlarmBudget, level_for_budget
from vamco.alerts.finding import Finding, finding_at, newest
from vamco.alerts.joint import chance, family, is_joint, jointly
from vamco.alerts.judged import Judged
from vamco.alerts.known_events import KnownEvent
from vamco.alerts.panel import Numbers, Panel
from vamco.alerts.plan import WatchPlan, watch_plan
from vamco.alerts.rehearsal import TEN_MINUTES, Caught, Rehearsal, midnight
from vamco.alerts.rules import rules_in_force
from vamco.alerts.stage import Episode, Stage, incidents, patient
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.models import Observation
from vamco.packs.alert_rule import ON_SUPPLY, AlertRule, FigureWatch
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period

_DAY: Final = timedelta(days=1)

Told = Iterator[tuple[datetime, list[Finding]]]


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
    stage, chances, moments = Stage(rule), Chances(), []
    for moment, findings in _told(rule, start_on, end_on, chances, plan, as_known=as_known):
        stage.take(findings, moment)
        moments.append(moment)
    first = moments[0] if moments else midnight(start_on)
    rung = [one for one in stage.episodes if one.raised_at > first]
    allowed = AlarmBudget(plan.operators, plan.alarms * (TEN_MINUTES / plan.span)).alarms_in(plan.span)
    wanted = [event for event in events if event.concerns(rule.pack)]
    return Rehearsal(
        rule,
        start_on,
        end_on,
        as_known,
        len(moments),
        tuple(rung),
        len(stage.episodes) - len(rung),
        tuple(at for at in incidents(rule, stage.episodes) if at > first),
        tuple(one for one in rung if not any(_seen_at(e, one, rule) for e in wanted)),
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
            chances.columns.append(np.array([chance(f) for f in told]))
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
            found.append((midnight(due_on), period))
        period = period.previous()
    return found[::-1]


def _known_moments(rule: AlertRule, start_on: date, end_on: date) -> list[datetime]:
    """When something new was known of the rule's indicator, or ought to have been."""
    start, end = midnight(start_on), midnight(end_on + _DAY)
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
        midnight(day + _DAY): [finding_at(rule, panel, judged, row, place) for row in range(panel.shape[0])]
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
