"""Farrington Flexible: a weekly count against the same weeks of five years, past outbreaks down-weighted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from vamco.alerts.detectors.anniversaries import by_count
from vamco.alerts.detectors.baseline import gather, without
from vamco.alerts.detectors.bounds import (
    Asked,
    Bounds,
    Flags,
    Floats,
    Ints,
    Reason,
    as_indices,
    as_table,
    enough,
    verdicts,
)
from vamco.alerts.detectors.quantiles import chance_of_at_least, count_quantile
from vamco.alerts.detectors.quasi_poisson import Fit, Rows, fit_level, fit_trend

_BATCH = 1024  # fits at a time, so that a batch stays in the processor's cache and memory stays small
_YEARS_FOR_A_TREND = 3


@dataclass(frozen=True, slots=True)
class FarringtonOptions:
    """Options of Farrington Flexible, with the defaults of R `surveillance::farringtonFlexible`.

    Noufaily A, Enki DG, Farrington P, Garthwaite P, Andrews N, Charlett A (2013), "An improved algorithm
    for outbreak detection in multiple surveillance systems", Statistics in Medicine 32(7):1206-1222. The
    threshold is R's `nbPlugin`, the negative binomial quantile with the fitted mean and dispersion.
    `past_excluded` None is `half_window`; `few_cases` (5, 4): no verdict below 5 cases in 4 periods.
    `min_known` is the share of the baseline, and of its own season, that must be known. `r_compat` tests
    the trend as version 1.20 of R's package does after reweighting: with the spread of the unweighted
    relative residuals in place of Pearson's dispersion, which keeps other trends.
    """

    years: int = 5
    half_window: int = 3
    n_seasons: int = 1
    past_excluded: int | None = None
    reweight: bool = True
    weights_threshold: float = 2.58
    trend: bool = True
    p_threshold_trend: float = 0.05
    alpha: float = 0.05
    few_cases: tuple[int, int] = (5, 4)
    period: int = 52
    min_known: float = 0.6
    r_compat: bool = False

    @property
    def excluded(self) -> int:
        """How many periods before the asked one are left out of the baseline."""
        return self.half_window if self.past_excluded is None else self.past_excluded


IMPROVED = FarringtonOptions(n_seasons=10, past_excluded=26, p_threshold_trend=1.0, alpha=0.01)


class _Design(NamedTuple):
    """Rows of a baseline, newest first: how many periods before the asked one, and in which season."""

    back: Ints
    season: Ints

    @property
    def own(self) -> int:
        """The season of the asked period, the last one."""
        return int(self.season.max())


class _Forecast(NamedTuple):
    mean: Floats
    dispersion: Floats


def detect(
    series: ArrayLike,
    at: Asked,
    options: FarringtonOptions | None = None,
    *,
    anniversaries: Ints | None = None,
    population: ArrayLike | None = None,
    leave_out: Flags | None = None,
) -> Bounds:
    """Judge the asked periods of every series of counts [n_series, n_times]; NaN is unknown.

    `anniversaries` [n_times, years] says where the same period of past years is (by default, every
    `period` periods); `population` [n_series, n_times] or [n_times] is the exposure; `leave_out` marks
    periods that no baseline may use.
    """
    options = options or FarringtonOptions()
    table = as_table(series)
    past, asked = without(table, leave_out), as_indices(at, table.shape[1])
    people = np.broadcast_to(1.0 if population is None else as_table(population), table.shape)
    if anniversaries is None:
        anniversaries = by_count(table.shape[1], options.years, options.period)
    mean, dispersion = np.full((2, len(table), len(asked)), np.nan)
    for design, columns in _designs(asked, anniversaries, options):
        forecast = _forecast(past, people, asked[columns], design, options)
        mean[:, columns], dispersion[:, columns] = forecast
    return _judge(table, asked, _Forecast(mean, dispersion), options)


def _judge(table: Floats, asked: Ints, forecast: _Forecast, options: FarringtonOptions) -> Bounds:
    observed = gather(table, asked)
    upper = count_quantile(*forecast, 1 - options.alpha)
    return verdicts(
        observed,
        forecast.mean,
        upper,
        lower=count_quantile(*forecast, options.alpha),
        score=_exceedance(observed, forecast.mean, upper),
        p=chance_of_at_least(observed, *forecast),
        alarm=observed > upper,
        reason=np.where(
            np.isnan(forecast.mean), enough(~np.isnan(forecast.mean)), _few_cases(table, asked, options)
        ),
    )


def _exceedance(observed: Floats, mean: Floats, upper: Floats) -> Floats:
    """Noufaily's score: above 1 beyond the bound."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(observed == mean, 0.0, (observed - mean) / (upper - mean))


def _few_cases(table: Floats, asked: Ints, options: FarringtonOptions) -> Ints:
    """FEW_CASES where the last periods hold too few known cases to call anything an outbreak."""
    n_cases, n_periods = options.few_cases
    recent = gather(table, asked[:, None] - np.arange(n_periods))
    return np.where(np.nansum(recent, axis=-1) >= n_cases, Reason.JUDGED, Reason.FEW_CASES)


def _designs(asked: Ints, anniversaries: Ints, options: FarringtonOptions) -> Iterator[tuple[_Design, Ints]]:
    """The few different baselines (years have 52 or 53 weeks) and the asked periods that use each."""
    distances = asked[:, None] - anniversaries[asked]
    patterns, which = np.unique(distances, axis=0, return_inverse=True)
    for number, distance in enumerate(patterns):
        yield _design(distance, options), np.flatnonzero(which.reshape(-1) == number)


def _design(distance: Ints, options: FarringtonOptions) -> _Design:
    """Windows around the anniversaries are the own season; the time between is cut in the others."""
    reach, n_others = options.half_window, options.n_seasons - 1
    season = np.full(int(distance[-1]) + reach + 1, -1)
    season[: reach + 1] = n_others
    for recent, past in zip((0, *distance[:-1]), distance, strict=True):
        season[past - reach : past + reach + 1] = n_others
        between = np.arange(past - reach - 1, recent + reach, -1)
        for number, block in enumerate(np.array_split(between, n_others) if n_others else ()):
            season[block] = number
    season[: options.excluded + 1] = -1
    back = np.flatnonzero(season >= 0)
    return _Design(back, season[back])


def _forecast(
    past: Floats, people: Floats, asked: Ints, design: _Design, options: FarringtonOptions
) -> _Forecast:
    """Mean and dispersion [n_series, n_asked] of the asked periods; every (series, period) is one fit."""
    n_fits = len(past) * len(asked)
    mean, dispersion = np.full((2, n_fits), np.nan)
    for first in range(0, n_fits, _BATCH):
        batch = np.arange(first, min(first + _BATCH, n_fits))
        line, now = batch // len(asked), asked[batch % len(asked)]
        rows = _rows(past, people, line, now, design)
        known = _known_enough(rows, design, options)
        fitted = _predict(rows.part(known), people[line, now][known], design, options)
        mean[batch[known]], dispersion[batch[known]] = fitted
    shape = (len(past), len(asked))
    return _Forecast(mean.reshape(shape), dispersion.reshape(shape))


def _rows(past: Floats, people: Floats, line: Ints, now: Ints, design: _Design) -> Rows:
    index = now[:, None] - design.back
    place = line[:, None], np.maximum(index, 0)
    count, exposure = past[place], people[place]
    known = (index >= 0) & ~np.isnan(count) & (exposure > 0)
    return Rows(
        count=np.where(known, count, 0.0),
        weight=known.astype(np.float64),
        exposure=np.where(known, exposure, 1.0),
        time=-design.back.astype(np.float64),
        season=design.season,
    )


def _known_enough(rows: Rows, design: _Design, options: FarringtonOptions) -> Flags:
    own = design.season == design.own
    whole, season = rows.weight.mean(axis=1), rows.weight[:, own].mean(axis=1)
    return np.asarray(np.minimum(whole, season) >= options.min_known)


def _predict(rows: Rows, people_now: Floats, design: _Design, options: FarringtonOptions) -> _Forecast:
    level = fit_level(rows)
    chosen = _refit(rows, level, options)
    mean, dispersion = chosen.rate[:, design.own] * people_now, chosen.dispersion
    if options.trend and options.years >= _YEARS_FOR_A_TREND:
        sloped = fit_trend(rows)
        refitted = _refit(rows, sloped, options)
        sloped_mean = refitted.rate[:, design.own] * people_now
        trusted = sloped.converged & (sloped_mean <= rows.count.max(axis=1))
        trusted &= _slope_chance(rows, refitted, options) < options.p_threshold_trend
        mean = np.where(trusted, sloped_mean, mean)
        dispersion = np.where(trusted, refitted.dispersion, dispersion)
    return _Forecast(mean, dispersion)


def _refit(rows: Rows, fit: Fit, options: FarringtonOptions) -> Fit:
    """The fit once more with past outbreaks down-weighted."""
    if not options.reweight:
        return fit
    again = rows.reweighted(_weights(rows, fit, options.weights_threshold))
    return fit_level(again) if np.isnan(fit.slope).all() else fit_trend(again)


def _weights(rows: Rows, fit: Fit, threshold: float) -> Floats:
    """Weights that fall with the square of an Anscombe residual above the threshold, and sum to n."""
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = 1.5 * (rows.count ** (2 / 3) * fit.mean ** (-1 / 6) - np.sqrt(fit.mean))
        residual = residual / np.sqrt(fit.dispersion[:, None] * (1 - fit.leverage))
        weight = rows.weight * np.where(residual > threshold, residual**-2, 1.0)
    per_row = rows.weight.sum(axis=1) / np.maximum(weight.sum(axis=1), np.finfo(float).tiny)
    return np.asarray(weight * per_row[:, None])


def _slope_chance(rows: Rows, fit: Fit, options: FarringtonOptions) -> Floats:
    """Two-sided p of the slope by Student's t."""
    spread = _relative_spread(rows, fit) if options.r_compat and options.reweight else fit.dispersion
    with np.errstate(invalid="ignore", divide="ignore"):
        t = fit.slope / (np.sqrt(spread) * fit.slope_spread)
        return np.asarray(2 * stdtr(fit.df, -np.abs(t)))


def _relative_spread(rows: Rows, fit: Fit) -> Floats:
    return np.asarray((fit.weight * (rows.count / fit.mean - 1) ** 2).sum(axis=1) / fit.df)
