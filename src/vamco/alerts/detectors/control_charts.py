"""CUSUM and EWMA: charts that add up small shifts which no single period shows."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from vamco.alerts.detectors.baseline import Moments, in_deviations, moments, without
from vamco.alerts.detectors.bounds import (
    Asked,
    Bounds,
    Flags,
    Floats,
    Ints,
    as_indices,
    as_table,
    enough,
    verdicts,
)


class Spread(StrEnum):
    """Where the standard deviation comes from: the law of counts, or the sample."""

    POISSON = "poisson"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class CusumOptions:
    """One-sided CUSUM, with the defaults of R `surveillance::cusum`.

    Page ES (1954), "Continuous inspection schemes", Biometrika 41:100-115; Rossi G, Lampugnani L, Marchi M
    (1999), Statistics in Medicine 18:2111-2122. `k` is the allowance and `h` the decision interval, in
    standard deviations. The chart starts `run` periods before the first asked; all before is in control.
    """

    k: float = 1.04
    h: float = 2.26
    spread: Spread = Spread.POISSON
    run: int = 0
    min_known: int = 8


@dataclass(frozen=True, slots=True)
class EwmaOptions:
    """Exponentially weighted moving average with limits that widen from the start of the chart.

    Roberts SW (1959), "Control chart tests based on geometric moving averages", Technometrics 1:239-250;
    Lucas JM, Saccucci MS (1990), Technometrics 32:1-12. `share` is the weight of the newest value.
    """

    share: float = 0.2
    n_sd: float = 3.0
    spread: Spread = Spread.SAMPLE
    run: int = 0
    min_known: int = 8
    two_sided: bool = False


class _Chart(NamedTuple):
    """The values from the start of the chart [n_series, n], which of them are asked, and quiet times."""

    values: Floats
    asked: Ints
    quiet: Moments


def cusum(
    series: ArrayLike, at: Asked, options: CusumOptions | None = None, *, leave_out: Flags | None = None
) -> Bounds:
    """Judge by the sum of exceedances; `upper` is the value from which the sum reaches `h`.

    An unknown period adds nothing and takes nothing away.
    """
    options = options or CusumOptions()
    chart = _chart(series, at, options, leave_out)
    mean, sd = chart.quiet.mean, chart.quiet.sd
    before, after = _sums(in_deviations(chart.values - mean, sd) - options.k)
    observed, score = chart.values[:, chart.asked], after[:, chart.asked]
    return verdicts(
        observed,
        np.broadcast_to(mean, observed.shape),
        mean + sd * (options.h + options.k - before[:, chart.asked]),
        score=score,
        p=np.full_like(observed, np.nan),
        alarm=score >= options.h,
        reason=_reason(chart, options),
    )


def ewma(
    series: ArrayLike, at: Asked, options: EwmaOptions | None = None, *, leave_out: Flags | None = None
) -> Bounds:
    """Judge by the smoothed value in units of its own spread; bounds are for the smoothed value."""
    options = options or EwmaOptions()
    chart = _chart(series, at, options, leave_out)
    smoothed, sd = _smoothed(chart, options)
    mean = np.broadcast_to(chart.quiet.mean, smoothed.shape)
    score = in_deviations(smoothed - mean, sd)
    return verdicts(
        chart.values[:, chart.asked],
        mean[:, chart.asked],
        (mean + options.n_sd * sd)[:, chart.asked],
        lower=(mean - options.n_sd * sd)[:, chart.asked],
        score=score[:, chart.asked],
        p=(2 * ndtr(-np.abs(score)) if options.two_sided else ndtr(-score))[:, chart.asked],
        alarm=((np.abs(score) if options.two_sided else score) > options.n_sd)[:, chart.asked],
        reason=_reason(chart, options),
    )


def _chart(
    series: ArrayLike, at: Asked, options: CusumOptions | EwmaOptions, leave_out: Flags | None
) -> _Chart:
    table = as_table(series)
    asked = as_indices(at, table.shape[1])
    start = max(int(asked.min()) - options.run, 0)
    n, mean, sd = moments(without(table, leave_out)[:, :start])
    if options.spread is Spread.POISSON:
        sd = np.sqrt(mean)
    quiet = Moments(n[:, None], mean[:, None], sd[:, None])
    return _Chart(table[:, start : int(asked.max()) + 1], asked - start, quiet)


def _sums(steps: Floats) -> tuple[Floats, Floats]:
    """The sum before and after each period, never below 0."""
    before, after = np.empty((2, *steps.shape))
    total = np.zeros(len(steps))
    for time, step in enumerate(steps.T):
        before[:, time] = total
        total = np.maximum(0.0, total + np.where(np.isnan(step), 0.0, step))
        after[:, time] = total
    return before, after


def _smoothed(chart: _Chart, options: EwmaOptions) -> tuple[Floats, Floats]:
    """The smoothed values and their standard deviation; an unknown period changes neither."""
    smoothed, sd = np.empty((2, *chart.values.shape))
    value, variance = chart.quiet.mean[:, 0], np.zeros(len(chart.values))
    for time, new in enumerate(chart.values.T):
        known = ~np.isnan(new)
        value = np.where(known, value + options.share * (new - value), value)
        variance = np.where(known, (1 - options.share) ** 2 * variance + options.share**2, variance)
        smoothed[:, time], sd[:, time] = value, np.sqrt(variance)
    return smoothed, sd * chart.quiet.sd


def _reason(
    chart: _Chart, options: CusumOptions | EwmaOptions
) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    is_enough = (chart.quiet.n >= options.min_known) & ~np.isnan(chart.quiet.sd)
    return enough(np.broadcast_to(is_enough, (len(chart.values), len(chart.asked))))
