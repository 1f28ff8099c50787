"""The past against which a period is judged; what is unknown is left out, never taken as zero."""

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr

from vamco.alerts.detectors.bounds import Flags, Floats, Ints

MAD_TO_SD = 1.482602218505602  # the median absolute deviation of a normal law is sd / this


class Moments(NamedTuple):
    """Count, mean and sample standard deviation of the known values along the last axis."""

    n: Ints
    mean: Floats
    sd: Floats


def without(series: Floats, leave_out: Flags | None) -> Floats:
    """The series with the periods left out (Tết weeks, an earlier outbreak) unknown; [n_times] or whole."""
    return series if leave_out is None else np.where(leave_out, np.nan, series)


def gather(series: Floats, indices: Ints) -> Floats:
    """Values at `indices` of any shape, [n_series, *shape]; before the start of the series is unknown."""
    return np.where(indices >= 0, series[:, np.maximum(indices, 0)], np.nan)


def moments(values: Floats) -> Moments:
    """Moments of the known values along the last axis; NaN where there are too few of them."""
    known = ~np.isnan(values)
    n = known.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, values, 0.0).sum(axis=-1) / n
        apart = np.where(known, values - mean[..., None], 0.0)
        sd = np.sqrt((apart**2).sum(axis=-1) / np.where(n > 1, n - 1, np.nan))
    return Moments(n, mean, sd)


def chance_of_next(value: Floats, past: Moments) -> Floats:
    """Chance that the next value is at least this high, by Student's t with the spread itself uncertain.

    A baseline without spread says only that the value would be the highest of n + 1.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        t = (value - past.mean) / (past.sd * np.sqrt(1 + 1 / past.n))
        by_rank = np.where(value > past.mean, 1 / (past.n + 1), 1.0)
        return np.where(past.sd > 0, stdtr(past.n - 1.0, -t), by_rank)


def in_deviations(apart: Floats, sd: Floats) -> Floats:
    """Distance in standard deviations; no distance is 0 and any distance is infinite without spread."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(apart == 0, 0.0, apart / sd)


def robust_moments(values: Floats) -> Moments:
    """As `moments` with median and scaled MAD, which a few wild values in the past do not move."""
    n = (~np.isnan(values)).sum(axis=-1)
    middle = known_median(values)
    return Moments(n, middle, MAD_TO_SD * known_median(np.abs(values - middle[..., None])))


def known_median(values: Floats) -> Floats:
    """Median of the known values along the last axis, NaN where none is known."""
    return known_quantile(values, 0.5)


def known_quantile(values: Floats, share: float) -> Floats:
    """Quantile of the known values along the last axis (linear between ranks), NaN where none is known."""
    ordered = np.sort(values, axis=-1)
    n = (~np.isnan(values)).sum(axis=-1, keepdims=True)
    rank = share * np.maximum(n - 1, 0)
    below = np.floor(rank).astype(np.int64)
    low = np.take_along_axis(ordered, below, axis=-1)
    high = np.take_along_axis(ordered, np.minimum(below + 1, np.maximum(n - 1, 0)), axis=-1)
    return np.asarray((low + (high - low) * (rank - below))[..., 0])
