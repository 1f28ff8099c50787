"""What every detector answers: what was expected, from where on it is unusual, and whether it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Asked = int | slice | Sequence[int] | NDArray[np.int64]


class Reason(IntEnum):
    """Why a period got a verdict or none."""

    JUDGED = 0
    UNKNOWN_PERIOD = 1
    SHORT_BASELINE = 2
    FEW_CASES = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """Verdicts as arrays [n_series, n_asked]; NaN where there is none, and `reason` tells why.

    `upper` and `lower` are the last values that are still usual. `score` grows with the surprise, in the
    unit of its detector. `p` is the chance of a value at least as surprising in quiet times (NaN where
    the method has none). `alarm` is never true without a verdict.
    """

    observed: Floats
    expected: Floats
    upper: Floats
    lower: Floats
    score: Floats
    p: Floats
    alarm: Flags
    reason: NDArray[np.int8]

    @property
    def judged(self) -> Flags:
        """Where there is a verdict, [n_series, n_asked]."""
        return np.asarray(self.reason == Reason.JUDGED)


def as_table(series: ArrayLike) -> Floats:
    """The series as floats [n_series, n_times]; one series alone becomes a table of one row."""
    return np.atleast_2d(np.asarray(series, dtype=np.float64))


def as_indices(at: Asked, n_times: int) -> Ints:
    """The asked periods as indices from the start; a single negative index counts from the end."""
    every = np.arange(n_times, dtype=np.int64)
    return every[at] if isinstance(at, slice) else np.atleast_1d(every[np.asarray(at)])


def verdicts(
    observed: Floats,
    expected: Floats,
    upper: Floats,
    *,
    score: Floats,
    p: Floats,
    alarm: Flags,
    reason: NDArray[np.int8],
    lower: Floats | None = None,
) -> Bounds:
    """Bounds with everything blanked that `reason` forbids; an unknown period keeps its bounds."""
    unknown = np.isnan(observed) & (reason != Reason.SHORT_BASELINE)
    reason = np.where(unknown, Reason.UNKNOWN_PERIOD, reason)
    bounded = (reason == Reason.JUDGED) | (reason == Reason.UNKNOWN_PERIOD)
    judged = reason == Reason.JUDGED
    blank = np.full_like(observed, np.nan)
    return Bounds(
        observed=observed,
        expected=np.where(bounded, expected, np.nan),
        upper=np.where(bounded, upper, np.nan),
        lower=blank if lower is None else np.where(bounded, lower, np.nan),
        score=np.where(judged, score, np.nan),
        p=np.where(judged, p, np.nan),
        alarm=judged & alarm,
        reason=reason.astype(np.int8),
    )


def enough(is_enough: Flags) -> NDArray[np.int8]:
    """JUDGED where the baseline is long enough, SHORT_BASELINE elsewhere."""
    return np.where(is_enough, Reason.JUDGED, Reason.SHORT_BASELINE).astype(np.int8)
