"""EARS C1, C2 and C3: a moving mean of seven periods, for series with little history."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from vamco.alerts.detectors.baseline import Moments, chance_of_next, gather, in_deviations, moments, without
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


class Method(StrEnum):
    """C1 looks at the periods right before, C2 leaves a gap of two, C3 adds up three verdicts of C2."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


_GAP = {Method.C1: 0, Method.C2: 2, Method.C3: 2}
_ALPHA = {Method.C1: 0.001, Method.C2: 0.001, Method.C3: 0.025}
_C3_LIMIT = 2.0  # Hutwagner et al. 2003: C3 warns when the three exceedances add up to more than this


@dataclass(frozen=True, slots=True)
class EarsOptions:
    """Options of EARS, with the defaults of R `surveillance::earsC`.

    Hutwagner L, Thompson W, Seeman GM, Treadwell T (2003), "The bioterrorism preparedness and response
    Early Aberration Reporting System (EARS)", J Urban Health 80(2 Suppl 1):i89-i96. `alpha` None is R's:
    0.001, and 0.025 for C3 in `r_compat`, whose bound cancels today's count (the limit of C3 proper is 2).
    """

    method: Method = Method.C1
    baseline: int = 7
    alpha: float | None = None
    min_sd: float = 0.0
    min_known: int = 5
    r_compat: bool = False

    @property
    def n_sd(self) -> float:
        """The bound's distance from the mean in standard deviations."""
        return float(ndtri(1 - (_ALPHA[self.method] if self.alpha is None else self.alpha)))


def detect(
    series: ArrayLike, at: Asked, options: EarsOptions | None = None, *, leave_out: Flags | None = None
) -> Bounds:
    """Judge the asked periods of every series [n_series, n_times]; NaN is unknown."""
    options = options or EarsOptions()
    table = as_table(series)
    past, asked = without(table, leave_out), as_indices(at, table.shape[1])
    if options.method is not Method.C3:
        return _moving(table, past, asked, options)
    judge = _c3_of_r if options.r_compat else _c3
    return judge(table, past, asked, options)


def _moving(table: Floats, past: Floats, asked: Ints, options: EarsOptions) -> Bounds:
    observed = gather(table, asked)
    before = _before(past, asked, options)
    upper = before.mean + options.n_sd * before.sd
    return verdicts(
        observed,
        before.mean,
        upper,
        score=in_deviations(observed - before.mean, before.sd),
        p=chance_of_next(observed, before),
        alarm=observed > upper,
        reason=enough(before.n >= options.min_known),
    )


def _c3(table: Floats, past: Floats, asked: Ints, options: EarsOptions) -> Bounds:
    """CDC's C3. An unknown earlier exceedance can only add: the alarm stands, its absence does not.

    Where the two earlier exceedances pass the limit alone, it warns below its bound too.
    """
    observed, before = gather(table, asked), _before(past, asked, options)
    earlier = np.stack([_exceedance(past, asked - lag, options) for lag in (1, 2)])
    carried = np.where(np.isnan(earlier), 0.0, earlier).sum(axis=0)
    score = carried + _exceedance_of(observed, before)
    room = np.maximum(_C3_LIMIT - carried, 0.0)
    alarm = score > _C3_LIMIT
    known = (before.n >= options.min_known) & (alarm | ~np.isnan(earlier).any(axis=0))
    return verdicts(
        observed,
        before.mean,
        np.maximum(0.0, before.mean + (1 + room) * before.sd),
        score=score,
        p=np.full_like(observed, np.nan),
        alarm=alarm,
        reason=enough(known),
    )


def _c3_of_r(table: Floats, past: Floats, asked: Ints, options: EarsOptions) -> Bounds:
    observed, before = gather(table, asked), _before(past, asked, options)
    carried = sum(_exceedance(past, asked - lag, options) for lag in (2, 1))
    upper = np.maximum(0.0, observed + before.sd * (options.n_sd - carried))
    return verdicts(
        observed,
        before.mean,
        upper,
        score=np.broadcast_to(carried, observed.shape),
        p=np.full_like(observed, np.nan),
        alarm=observed > upper,
        reason=enough((before.n >= options.min_known) & ~np.isnan(carried)),
    )


def _before(past: Floats, asked: Ints, options: EarsOptions) -> Moments:
    """Moments of the baseline of each asked period, with the least spread that is allowed."""
    last = asked - _GAP[options.method]
    window = last[:, None] - np.arange(options.baseline, 0, -1)
    n, mean, sd = moments(gather(past, window))
    return Moments(n, mean, np.maximum(sd, options.min_sd))


def _exceedance(past: Floats, asked: Ints, options: EarsOptions) -> Floats:
    before = _before(past, asked, options)
    found = _exceedance_of(gather(past, asked), before)
    return np.where(before.n >= options.min_known, found, np.nan)


def _exceedance_of(observed: Floats, before: Moments) -> Floats:
    return np.maximum(0.0, in_deviations(observed - before.mean, before.sd) - 1)
