"""Robust seasonal baselines for ordinary indicators: STL with median and MAD, and bands by slot of the week."""

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from vamco.alerts.detectors.baseline import (
    Moments,
    in_deviations,
    known_median,
    robust_moments,
    without,
)
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


@dataclass(frozen=True, slots=True)
class StlOptions:
    """Seasonal and trend decomposition by loess, robust, of the past alone; residuals scored by MAD.

    Cleveland RB, Cleveland WS, McRae JE, Terpenning I (1990), "STL: a seasonal-trend decomposition
    procedure based on loess", J Official Statistics 6:3-73. What is expected is the last trend plus the
    season of one `period` before. `seasonal` is the span of the seasonal smoother, in periods (odd).
    """

    period: int = 52
    seasonal: int = 7
    n_sd: float = 3.5
    min_periods: float = 2.0
    min_known: float = 0.6
    two_sided: bool = True


@dataclass(frozen=True, slots=True)
class BandOptions:
    """Median and scaled MAD of the last `depth` known values in the same slot (weekday, hour).

    Iglewicz B, Hoaglin DC (1993), "How to detect and handle outliers": 3.5 scaled deviations.
    """

    n_sd: float = 3.5
    depth: int = 8
    min_known: int = 4
    min_sd: float = 0.0
    two_sided: bool = True


class Decomposed(NamedTuple):
    """Trend and season [n_times]; observed less both is the residual."""

    trend: Floats
    season: Floats


def stl(
    series: ArrayLike, at: Asked, options: StlOptions | None = None, *, leave_out: Flags | None = None
) -> Bounds:
    """Judge the asked periods of every series [n_series, n_times] by STL of what came before each."""
    options = options or StlOptions()
    table = as_table(series)
    past, asked = without(table, leave_out), as_indices(at, table.shape[1])
    expected, sd = np.full((2, len(table), len(asked)), np.nan)
    for line, column in np.ndindex(expected.shape):
        expected[line, column], sd[line, column] = _forecast(past[line, : asked[column]], options)
    quiet = Moments(np.full(expected.shape, 0), expected, sd)
    return _banded(table[:, asked], quiet, options, known=~np.isnan(expected))


def decompose(values: Floats, period: int, seasonal: int = 7) -> Decomposed:
    """Robust STL of one series; unknown values are filled by what the decomposition itself expects."""
    known = ~np.isnan(values)
    filled = np.where(known, values, _by_phase(values, period))
    if not known.all():
        first = _fit(filled, period, seasonal)
        filled = np.where(known, values, first.trend + first.season)
    return _fit(filled, period, seasonal)


def bands(
    series: ArrayLike,
    at: Asked,
    slots: Ints,
    options: BandOptions | None = None,
    *,
    leave_out: Flags | None = None,
) -> Bounds:
    """Judge by the median of the same slot; `slots` [n_times] numbers them, e.g. by `week_slots`."""
    options = options or BandOptions()
    table = as_table(series)
    past, asked = without(table, leave_out), as_indices(at, table.shape[1])
    windows = [_last_of_slot(past, slots, int(time), options.depth) for time in asked]
    quiet = robust_moments(np.stack(windows, axis=1))
    quiet = quiet._replace(sd=np.maximum(quiet.sd, options.min_sd))
    return _banded(table[:, asked], quiet, options, known=quiet.n >= options.min_known)


def week_slots(moments: ArrayLike, *, by_hour: bool = False) -> Ints:
    """The weekday (Monday 0) of local moments (datetime64) or, by hour, the hour of the week."""
    local = np.asarray(moments, dtype="datetime64[h]")
    hours = local.astype(np.int64) + 3 * 24  # 1 January 1970 was a Thursday
    return np.asarray(hours % (7 * 24) if by_hour else hours // 24 % 7)


def _banded(observed: Floats, quiet: Moments, options: StlOptions | BandOptions, *, known: Flags) -> Bounds:
    score = in_deviations(observed - quiet.mean, quiet.sd)
    surprise = np.abs(score) if options.two_sided else score
    return verdicts(
        observed,
        quiet.mean,
        quiet.mean + options.n_sd * quiet.sd,
        lower=quiet.mean - options.n_sd * quiet.sd,
        score=score,
        p=np.where(quiet.sd > 0, ndtr(-surprise) * (1 + options.two_sided), np.nan),
        alarm=surprise > options.n_sd,
        reason=enough(known),
    )


def _forecast(past: Floats, options: StlOptions) -> tuple[float, float]:
    """What STL of the past expects next and how far residuals stray; NaN where the past is too short."""
    known = ~np.isnan(past)
    if len(past) < options.min_periods * options.period or known.mean() < options.min_known:
        return np.nan, np.nan
    found = decompose(past, options.period, options.seasonal)
    stray = robust_moments(past - found.trend - found.season)
    return float(found.trend[-1] + found.season[-options.period]), float(stray.sd)


def _fit(values: Floats, period: int, seasonal: int) -> Decomposed:
    # statsmodels takes seconds to import, and only this method needs it
    from statsmodels.tsa.seasonal import STL

    smoothing = _jumps(period, seasonal)
    found = STL(values, period=period, seasonal=seasonal, robust=True, **smoothing).fit()
    return Decomposed(np.asarray(found.trend), np.asarray(found.seasonal))


def _jumps(period: int, seasonal: int) -> dict[str, int]:
    """Smooth at every tenth of a window and draw lines between, as R does: ten times quicker, alike."""
    trend = 1.5 * period / (1 - 1.5 / seasonal)
    return {"trend_jump": ceil(trend / 10), "low_pass_jump": ceil(period / 10)}


def _by_phase(values: Floats, period: int) -> Floats:
    """The median of the same phase of other periods, or of all where a phase is never known."""
    padded = np.append(values, np.full(-len(values) % period, np.nan)).reshape(-1, period)
    phase = known_median(padded.T)
    phase = np.where(np.isnan(phase), known_median(values), phase)
    return np.resize(phase, len(values))


def _last_of_slot(past: Floats, slots: Ints, time: int, depth: int) -> Floats:
    """The last `depth` periods of the slot of `time`, before it [n_series, depth]; unknown where fewer."""
    earlier = np.flatnonzero(slots[:time] == slots[time])[-depth:]
    window = np.full((len(past), depth), np.nan)
    window[:, : len(earlier)] = past[:, earlier]
    return window
