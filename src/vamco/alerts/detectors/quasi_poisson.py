"""Quasi-Poisson regression of many series at once on one seasonal factor and, if wanted, a trend.

Without trend, the rate of a season is a ratio of sums. With a trend, the rates still are once the slope
is known, so that only the slope is sought, and a batch needs sums per season and no matrix algebra.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vamco.alerts.detectors.bounds import Flags, Floats, Ints

_MAX_ITERATIONS, _TOLERANCE = 25, 1e-9
_LONGEST_STEP = 2.0  # of Newton's method: what the trend changes from first to last, on the log scale


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

    def exposed(self, exposure: Floats) -> "Rows":
        """The same rows with another exposure."""
        return Rows(self.count, self.weight, exposure, self.time, self.season)

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
    """Fit a rate per season and one slope in time; given the slope, it is a level fit of a tilted exposure."""
    found = _slope(rows)
    tilted = rows.exposed(rows.exposure * np.exp(found.slope[:, None] * rows.time))
    level = fit_level(tilted)
    apart = rows.time - found.centre[:, rows.season]
    df = level.df - 1
    return level._replace(
        leverage=level.leverage + _ratio(rows.weight * level.mean * apart**2, found.information[:, None]),
        dispersion=_dispersion(rows, level.mean, df),
        slope=found.slope,
        slope_spread=_ratio(1.0, np.sqrt(found.information)),
        df=df,
        converged=found.converged,
    )


class _Slope(NamedTuple):
    slope: Floats
    centre: Floats
    information: Floats
    converged: Flags


def _slope(rows: Rows) -> _Slope:
    """The slope of greatest likelihood by Newton's method, the seasons' rates profiled out."""
    seasons, time = rows.seasons, rows.time[:, None]
    powers = np.hstack([seasons, seasons * time, seasons * time**2])
    counted, exposed = rows.weight * rows.count, rows.weight * rows.exposure
    cases, wanted = counted @ seasons, counted @ rows.time
    slope, longest = np.zeros(len(cases)), _LONGEST_STEP / np.ptp(rows.time)
    for _ in range(_MAX_ITERATIONS):
        sums = np.split((exposed * np.exp(slope[:, None] * rows.time)) @ powers, 3, axis=1)
        centre = _ratio(sums[1], sums[0])
        information = (cases * (_ratio(sums[2], sums[0]) - centre**2)).sum(axis=1)
        step = np.clip(_ratio(wanted - (cases * centre).sum(axis=1), information), -longest, longest)
        slope = slope + step
        converged = np.abs(step) < _TOLERANCE * longest
        if converged.all():
            break
    return _Slope(slope, centre, information, converged & (information > 0))


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
