"""Panels of figures: what the observation ledger says, unit by unit, on today's map."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import numpy as np
from django.utils import timezone

from vamco.alerts.panel import CALM, Labels, Numbers, Panel
from vamco.geography.unit import Level
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.targets import progress
from vamco.packs.alert_rule import AlertRule, Condition, FigureWatch, Kind
from vamco.packs.indicator import Indicator
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

_PER_YEAR: Final = {
    PeriodType.DAY: 366,
    PeriodType.WEEK: 53,
    PeriodType.MONTH: 12,
    PeriodType.QUARTER: 4,
    PeriodType.HALF_YEAR: 2,
}
_NEWEST: Final = 4  # periods, more than are promised by now, of which the last known one is judged
_YEARS_OF_PAST: Final = {"farrington": 6, "five_years": 6, "percentile": 6, "seasonal": 3}
_SHORT_PAST: Final = 30  # periods that the other detectors look back


@dataclass(frozen=True, slots=True)
class Grid:
    """Figures as rows of units and columns of periods, with the number that is judged of each."""

    units: tuple[str, ...]
    figures: Sequence[Sequence[Figure]]
    values: Numbers


def panel(rule: AlertRule, periods: Sequence[Period], first: int = 0, at: datetime | None = None) -> Panel:
    """What the rule watches in these periods, from the `first` on, as known at that moment (now, when None)."""
    watch = rule.watch
    if not isinstance(watch, FigureWatch):
        raise TypeError(rule.id)
    question = _question(rule, watch, periods, at)
    grid = _paces(question) if rule.when.kind is Kind.PACE else _figures(question)
    labels = tuple(labels_of(rule, watch, unit) for unit in grid.units)
    return replace(
        panel_of(question, grid, labels), others=_others(rule.when, question, grid.units), first=first
    )


def periods_until(indicator: Indicator, on: date, n: int) -> tuple[Period, ...]:
    """The last `n` periods of the indicator that have begun by that day, oldest first."""
    newest = Period.covering(indicator.period_type, on)
    return (*before(newest, n - 1), newest)


def before(period: Period, n: int) -> tuple[Period, ...]:
    """The `n` periods before that one, oldest first."""
    found = [period]
    while len(found) <= n:
        found.append(found[-1].previous())
    return tuple(reversed(found[1:]))


def newest_panel(rule: AlertRule, today: date, at: datetime | None = None) -> Panel:
    """What the rule watches: the newest periods, and as many before them as it compares with; see `panel`."""
    periods, first = newest_periods(rule, indicator_of(rule.indicator), today)
    return panel(rule, periods, first, at)


def newest_periods(rule: AlertRule, indicator: Indicator, today: date) -> tuple[tuple[Period, ...], int]:
    """The columns of such a panel, and the first that is judged."""
    n_past = past(rule, indicator)
    promised = indicator.promise_days * _per_year(indicator) // 366
    return periods_until(indicator, today, n_past + _NEWEST + promised), n_past


def past(rule: AlertRule, indicator: Indicator) -> int:
    """How many periods before it are needed to judge one."""
    when = rule.when
    a_year = _per_year(indicator)
    if when.kind is Kind.DETECTOR:
        before = _YEARS_OF_PAST.get(when.method, 0) * a_year or _SHORT_PAST
    elif when.kind is Kind.CHANGE:
        before = a_year if when.against == "year_before" else 1
    else:
        before = 0
    return before + when.periods


def _per_year(indicator: Indicator) -> int:
    return _PER_YEAR.get(indicator.period_type, 1)


def _question(
    rule: AlertRule, watch: FigureWatch, periods: Sequence[Period], at: datetime | None
) -> Question:
    return Question(
        indicator_of(rule.indicator),
        tuple(periods),
        Level(watch.level),
        map_on=timezone.localdate(at),
        as_known_at=at,
        breakdown=watch.breakdown,
    )


def labels_of(rule: AlertRule, watch: FigureWatch, unit_id: str) -> Labels:
    """The identity of an alert of the unit."""
    part = {"breakdown": watch.breakdown} if watch.breakdown else {}
    return {"rule": rule.id, "indicator": watch.indicator, "unit": unit_id, **part}


def _figures(question: Question) -> Grid:
    return grid_of(question, [(f, f.value) for f in figures(question, sees_cells=True)])


def _paces(question: Question) -> Grid:
    """Figures of periods that have a target, with the share of what is due by now."""
    told = progress(question, sees_cells=True)
    return grid_of(question, [(replace(p.figure, period=_period(question, p.figure)), p.pace) for p in told])


def _period(question: Question, figure: Figure) -> Period:
    """The period asked for, where the figure is of the year so far."""
    return next(p for p in question.periods if p.end_on == figure.period.end_on)


def grid_of(question: Question, told: Sequence[tuple[Figure, float | None]]) -> Grid:
    """Figures by unit and period, each with the number that is judged of it."""
    units = tuple(dict.fromkeys(figure.unit_id for figure, _ in told))
    found = {(figure.unit_id, figure.period): (figure, value) for figure, value in told}
    cells = [[found.get((unit, period)) for period in question.periods] for unit in units]
    values = [[_number(cell[1] if cell else None) for cell in row] for row in cells]
    seen = [[cell[0] if cell else None for cell in row] for row in cells]
    return Grid(units, seen, np.array(values, dtype=float).reshape(len(units), -1))  # type: ignore[arg-type]


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _others(when: Condition, question: Question, units: Sequence[str]) -> Mapping[str, Numbers]:
    """Values of the indicator that a threshold is taken from, for the same units and periods."""
    if not isinstance(when.bound, str):
        return {}
    other = _figures(question.about(indicator_of(when.bound)))
    places = {unit: place for place, unit in enumerate(other.units)}
    return {when.bound: np.array([other.values[places[unit]] for unit in units])}


def panel_of(question: Question, grid: Grid, labels: tuple[Labels, ...]) -> Panel:
    """The grid as the panel of the question's moment."""
    today = timezone.localdate(question.as_known_at)
    partial = _each(grid, lambda f: _is_partial(f, today), bool)
    counted = _each(grid, lambda f: f.denominator is None, bool)
    is_ratio_of_part = partial & ~counted
    return Panel(
        labels,
        question.periods,
        values=np.where(is_ratio_of_part, np.nan, grid.values),
        numerators=_each(grid, lambda f: _number(f.numerator), float),
        is_growing=partial & counted,
        is_moot=_each(grid, lambda f: f.status is ObservationStatus.NOT_APPLICABLE, bool),
        severities=_each(grid, _severity, np.int8),
        edges=_each(grid, lambda f: _edge(question.indicator, f), float),
        versions=_each(grid, lambda f: f.definition_version or 0, float),
        seen=grid.figures,
    )


def _is_partial(figure: Figure, today: date) -> bool:
    is_known = figure.value is not None
    return is_known and (figure.status is ObservationStatus.PARTIAL or figure.period.end_on >= today)


def _severity(figure: Figure) -> int:
    return CALM if figure.severity is None else figure.severity.rank


def _edge(indicator: Indicator, figure: Figure) -> float:
    """Where the band begins that the figure is in; unknown where another indicator says it."""
    bounds = (band.bound for band in indicator.bands if band.severity is figure.severity)
    return next((float(bound) for bound in bounds if isinstance(bound, Decimal)), np.nan)


def _each(grid: Grid, of: Callable[[Figure], float], dtype: type) -> np.ndarray:
    """An array of what is said of each figure; a cell without one is as nothing."""
    nothing: Iterable[float] = (CALM if dtype is np.int8 else 0,)
    blank = next(iter(nothing))
    told = [[blank if figure is None else of(figure) for figure in row] for row in grid.figures]
    return np.array(told, dtype=dtype).reshape(grid.values.shape)
