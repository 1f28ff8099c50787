"""Running the tests that packs hold for their rules, through the functions that evaluate them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
from django.utils import timezone

from vamco.alerts import watching_figures, watching_supply
from vamco.alerts.conditions import judge
from vamco.alerts.finding import Finding, newest
from vamco.alerts.joint import is_joint, jointly
from vamco.alerts.lifecycle import fingerprint
from vamco.alerts.panel import Labels, Panel
from vamco.alerts.stage import Stage, patient
from vamco.alerts.watching_figures import Grid, grid_of, labels_of, panel_of
from vamco.geography.unit import Level
from vamco.indicators.figure import Figure
from vamco.indicators.judging import Bounds, Judge
from vamco.indicators.question import Question
from vamco.packs.alert_rule import ON_SUPPLY, AlertRule, FigureWatch, Kind
from vamco.packs.alert_scenario import Expected, Scenario, scenarios_of
from vamco.packs.indicator import Additivity
from vamco.packs.pack import Packs
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

_DAY: Final = timedelta(days=1)
_PERIODS_BEFORE: Final = 4  # that are stepped through before the first moment that is asked about
_RATE: Final = 0.05  # false-discovery rate, as a new province plans it
_MADE_UP: Final = "1900-01-01"  # a scenario's units are on no map
_USUAL_COUNT: Final = 1000.0  # denominator of a share where the scenario names none


@dataclass(frozen=True, slots=True)
class Outcome:
    """One expectation and what came instead of it; `found` is None where it was met."""

    rule: str
    scenario: str
    expected: Expected
    found: str | None

    def as_dict(self) -> dict[str, Any]:
        """It as JSON can carry it."""
        return {
            "rule": self.rule,
            "scenario": self.scenario,
            "at": self.expected.at.isoformat(),
            "of": self.expected.thing,
            "expected": _said(self.expected.state, self.expected.severity),
            "found": self.found,
            "is_met": self.found is None,
        }


def run_tests(packs: Packs, rules: Sequence[AlertRule]) -> Iterator[Outcome]:
    """The outcome of every expectation of every scenario of these rules."""
    for rule in rules:
        pack = packs.pack(rule.pack)
        for scenario in scenarios_of(pack, rule.id.partition(".")[2]):
            yield from run(rule, scenario, packs)


def run(rule: AlertRule, scenario: Scenario, packs: Packs) -> Iterator[Outcome]:
    """Evaluate the rule at every moment that matters in the scenario, and compare at those asked about."""
    stage, asked = Stage(rule), {one.at for one in scenario.expected}
    made = _OfSupply(rule, scenario) if rule.when.kind in ON_SUPPLY else _OfFigures(rule, scenario, packs)
    moments = set(made.moments(min(asked), max(asked))) | asked
    for now, _ in patient(moments, rule):
        found = {rule.id: made.findings(now)}
        kept = jointly([rule], found, _RATE) if is_joint(rule) else found
        stage.take(kept[rule.id], now)
        for expected in scenario.expected:
            if expected.at == now:
                yield Outcome(rule.id, scenario.title, expected, _difference(stage, expected, made))


class _OfFigures:
    """A scenario of figures: each is known from the last day of its promise on, unless it is late."""

    def __init__(self, rule: AlertRule, scenario: Scenario, packs: Packs) -> None:
        if not isinstance(rule.watch, FigureWatch):
            raise TypeError(rule.id)
        self.rule, self.scenario, self.watch = rule, scenario, rule.watch
        self.indicator = packs.indicator(rule.indicator)
        self.figures = {thing: dict(_along(scenario.first, v)) for thing, v in scenario.figures.items()}
        self.of = {thing: dict(_along(scenario.first, v)) for thing, v in scenario.of.items()}

    def moments(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """When figures become known, and when the promise of one is up, from a while before the first."""
        patience = self.rule.pending_for + self.rule.keep_firing_for
        before = Period.covering(self.indicator.period_type, first.date())
        for _ in range(_PERIODS_BEFORE):
            before = before.previous()
        begin = _midnight(before.start_on) - patience
        for thing, figures in self.figures.items():
            for period in figures:
                known = self._known_at(thing, period)
                due = _midnight(period.end_on + (self.indicator.promise_days + 1) * _DAY)
                yield from (at for at in (known, due) if begin <= at <= last)

    def labels(self, thing: str) -> Labels:
        """The identity of the unit's alert."""
        return labels_of(self.rule, self.watch, f"{thing}@{_MADE_UP}")

    def findings(self, now: datetime) -> list[Finding]:
        """What the rule says at that moment."""
        today = timezone.localdate(now)
        panel = self._panel(now, today)
        return list(
            newest(self.rule, panel, judge(self.rule.when, panel), today, self.indicator.promise_days)
        )

    def _panel(self, now: datetime, today: date) -> Panel:
        periods, first = watching_figures.newest_periods(self.rule, self.indicator, today)
        question = Question(self.indicator, periods, Level(self.watch.level), map_on=today, as_known_at=now)
        grid = self._grid(question, now, today)
        panel = panel_of(question, grid, tuple(map(self.labels, self.scenario.figures)))
        others = {
            name: np.array([[_number(b.get((name, unit, p))) for p in periods] for unit in grid.units])
            for name, b in self._bounds(periods).items()
        }
        return replace(panel, others=others, first=first)

    def _grid(self, question: Question, now: datetime, today: date) -> Grid:
        made = [
            self._figure(thing, period, now, today)
            for thing in self.scenario.figures
            for period in question.periods
        ]
        bounds: dict[Any, float | None] = {}
        for values in self._bounds(question.periods).values():
            bounds |= values
        banded = Judge(question, sees_cells=True).banded(made, bounds)
        return grid_of(question, [(figure, figure.value) for figure in banded])

    def _figure(self, thing: str, period: Period, now: datetime, today: date) -> Figure:
        value = self.figures[thing].get(period)
        if value is None or self._known_at(thing, period) > now:
            return self._blank(thing, period, today)
        of = self._of(thing, period)
        is_over = period.end_on < today
        return Figure(
            indicator=self.indicator.id,
            definition_version=1,
            unit_id=f"{thing}@{_MADE_UP}",
            level=Level(self.watch.level),
            period=period,
            map_on=today,
            status=ObservationStatus.NORMAL if is_over else ObservationStatus.PARTIAL,
            breakdown=self.watch.breakdown,
            numerator=value if of is None else value * of,
            denominator=of,
            value=value,
        )

    def _blank(self, thing: str, period: Period, today: date) -> Figure:
        return Figure(
            indicator=self.indicator.id,
            definition_version=None,
            unit_id=f"{thing}@{_MADE_UP}",
            level=Level(self.watch.level),
            period=period,
            map_on=today,
            status=ObservationStatus.MISSING,
        )

    def _of(self, thing: str, period: Period) -> float | None:
        """The denominator; None of a count, and of a pace, which is compared as it is."""
        if thing in self.of:
            return self.of[thing].get(period)
        is_share = self.indicator.over_units is Additivity.RATIO
        return _USUAL_COUNT if is_share and self.rule.when.kind is not Kind.PACE else None

    def _known_at(self, thing: str, period: Period) -> datetime:
        promised = _midnight(period.end_on + self.indicator.promise_days * _DAY)
        return self.scenario.known_at.get((thing, period), promised)

    def _bounds(self, periods: Sequence[Period]) -> dict[str, Bounds]:
        return {
            name: {
                (name, f"{thing}@{_MADE_UP}", period): value
                for thing, values in series.items()
                for period, value in _along(self.scenario.first, values)
                if period in periods
            }
            for name, series in self.scenario.bounds.items()
        }


class _OfSupply:
    """A scenario of supply: days of silence, or scores of quality, by contract and day."""

    def __init__(self, rule: AlertRule, scenario: Scenario) -> None:
        self.rule, self.scenario = rule, scenario

    def moments(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Every midnight from some days before the first moment asked about."""
        day = timezone.localdate(first) - _PERIODS_BEFORE * _DAY
        while _midnight(day) <= last:
            yield _midnight(day)
            day += _DAY

    def labels(self, thing: str) -> Labels:
        """The identity of the contract's alert."""
        return {"rule": self.rule.id, "contract": thing, "agency": "agency"}

    def findings(self, now: datetime) -> list[Finding]:
        """What the rule says at that moment."""
        today = timezone.localdate(now)
        day = Period.covering(self.scenario.first.type, today)
        told = [dict(_along(self.scenario.first, v)).get(day) for v in self.scenario.figures.values()]
        labels = tuple(map(self.labels, self.scenario.figures))
        values = np.array([[_number(value)] for value in told])
        panel = watching_supply.panel_of(labels, [today], values, [[None]] * len(labels))
        return list(newest(self.rule, panel, judge(self.rule.when, panel), today, 0))


def _difference(stage: Stage, expected: Expected, made: _OfFigures | _OfSupply) -> str | None:
    name = fingerprint(stage.rule.id, made.labels(expected.thing))
    state, severity = stage.standing(name).state, stage.severity(name)
    is_as_severe = expected.severity is None or expected.severity is severity
    return None if state.value == expected.state and is_as_severe else _said(state.value, severity)


def _said(state: str, severity: Any) -> str:
    return f"{state} {severity.value}" if severity else state


def _along(first: Period, values: Sequence[float | None]) -> Iterator[tuple[Period, float | None]]:
    period = first
    for value in values:
        yield period, value
        period = period.next()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _number(value: float | None) -> float:
    return np.nan if value is None else value
