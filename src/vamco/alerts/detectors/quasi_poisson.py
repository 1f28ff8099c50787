"""Quasi-Poisson regression of many series at once on one seasonal factor and, if wanted, a trend.

With one column per season the normal equations are diagonal but for the trend, so that a batch is
fitted by sums per season instead of matrix algebra; without trend the fit is a ratio of sums.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vamco.alerts.detectors.bounds import Flags, Floats, Ints

_MAX_ITERATIONS, _TOLERANCE = 25, 1e-8  # those of R's glm.control
_HIGHEST_ETA = 300.0


@dataclass(frozen=True, slots=True)
class Rows:
    """Counts, weights (0 is unknown) and exposure [n_series, n]; time and season number [n]."""

    count: Floats
    weight: Floats
    exposure: Floats
    time: Floats
    season: Ints

    @property
    def seasons(self) -> Floats:
        """One column per season, [n, n_seasons]."""
        return np.eye(int(self.season.max()) + 1)[self.season]

    def part(self, which: Flags) -> "Rows":
        """The rows of some series."""
        return Rows(self.count[which], self.weight[which], self.exposure[which], self.time, self.season)

    def reweighted(self, weight: Floats) -> "Rows":
        """The same rows with other weights."""
        return Rows(self.count, weight, self.exposure, self.time, self.season)


class Fit(NamedTuple):
    """A fitted batch: weights, means, leverages [n_series, n]; rates per season at time 0 [n_series, n_seasons]."""

    weight: Floats
    mean: Floats
    leverage: Floats
    rate: Floats
    dispersion: Floats
    slope: Floats
    slope_spread: Floats
    df: Floats
    converged: Flags


def fit_level(rows: Rows) -> Fit:
    """Fit a rate per season; exact, no iteration."""
    seasons = rows.seasons
    rate = _ratio((rows.weight * rows.count) @ seasons, (rows.weight * rows.exposure) @ seasons)
    mean = rows.exposure * rate[:, rows.season]
    information = rows.weight * mean
    leverage = _ratio(information, (information @ seasons)[:, rows.season])
    nothing = np.full(len(rate), np.nan)
    df = _df(rows)
    converged = np.ones(len(rate), bool)
    dispersion = _dispersion(rows, mean, df)
    return Fit(rows.weight, mean, leverage, rate, dispersion, nothing, nothing, df, converged)


def fit_trend(rows: Rows) -> Fit:
    """Fit a rate per season and one slope in time by reweighted least squares, to R's tolerance."""
    eta, converged = _iterate(rows)
    last = _step(rows, eta)
    mean = np.exp(last.eta)
    leverage = (
        rows.weight
        * np.exp(eta)
        * (last.per_season[:, rows.season] + _ratio(last.apart**2, last.sxx[:, None]))
    )
    df = _df(rows) - 1
    return Fit(
        rows.weight,
        mean,
        leverage,
        np.exp(np.minimum(last.level, _HIGHEST_ETA)),
        _dispersion(rows, mean, df),
        last.slope,
        _ratio(1.0, np.sqrt(last.sxx)),
        df,
        converged,
    )


class _Step(NamedTuple):
    eta: Floats
    level: Floats
    slope: Floats
    per_season: Floats
    apart: Floats
    sxx: Floats


def _iterate(rows: Rows) -> tuple[Floats, Flags]:
    """Linear predictors before the last step and which series converged; the finished are left alone."""
    eta = np.log(rows.count + 0.1)
    deviance = _deviance(rows, eta)
    going = np.ones(len(eta), bool)
    for _ in range(_MAX_ITERATIONS):
        part = rows.part(going)
        following = _step(part, eta[going]).eta
        reached = _deviance(part, following)
        moved = np.abs(reached - deviance[going]) >= _TOLERANCE * (np.abs(reached) + 0.1)
        eta[going], deviance[going] = np.where(moved[:, None], following, eta[going]), reached
        going[going] = moved
        if not going.any():
            break
    return eta, ~going & np.isfinite(deviance)


def _step(rows: Rows, eta: Floats) -> _Step:
    """One weighted least-squares step: regression within seasons."""
    mean, seasons = np.exp(eta), rows.seasons
    information = rows.weight * mean
    target = eta - np.log(rows.exposure) + rows.count / mean - 1
    total = information @ seasons
    per_season = _ratio(1.0, total)
    centre = (information @ (seasons * rows.time[:, None])) * per_season
    height = ((information * target) @ seasons) * per_season
    apart = rows.time - centre[:, rows.season]
    sxx = (information * apart**2).sum(axis=1)
    slope = _ratio((information * apart * (target - height[:, rows.season])).sum(axis=1), sxx)
    level = height - slope[:, None] * centre
    fitted = level[:, rows.season] + slope[:, None] * rows.time + np.log(rows.exposure)
    return _Step(np.clip(fitted, -_HIGHEST_ETA, _HIGHEST_ETA), level, slope, per_season, apart, sxx)


def _deviance(rows: Rows, eta: Floats) -> Floats:
    mean = np.exp(eta)
    surplus = rows.count * (np.log(np.maximum(rows.count, 1e-300)) - eta)
    return np.asarray(2 * (rows.weight * (surplus - rows.count + mean)).sum(axis=1))


def _dispersion(rows: Rows, mean: Floats, df: Floats) -> Floats:
    """Pearson's dispersion, never below Poisson's 1."""
    squares = rows.weight * _ratio((rows.count - mean) ** 2, mean)
    return np.maximum(_ratio(squares.sum(axis=1), df), 1.0)


def _df(rows: Rows) -> Floats:
    known = rows.weight > 0
    used = (known.astype(float) @ rows.seasons > 0).sum(axis=1)
    return np.asarray(np.maximum(known.sum(axis=1) - used, 0), dtype=np.float64)


def _ratio(above: Floats | float, below: Floats) -> Floats:
    """A quotient that is 0 where there is nothing below."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(below > 0, above / np.where(below > 0, below, 1.0), 0.0))
