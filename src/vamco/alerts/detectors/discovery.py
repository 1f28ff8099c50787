"""False-discovery control over units × indicators, at the level that fits the operators' alarm budget."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import ArrayLike

from vamco.alerts.detectors.bounds import Flags, Floats

_TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class AlarmBudget:
    """How many alarms people can answer: EEMUA 191's one per operator in ten minutes, in steady state.

    `share` is the part of it that the judged rules may use; the rest is for everything else that rings.
    """

    operators: float = 1.0
    per_ten_minutes: float = 1.0
    share: float = 1.0

    def alarms_in(self, duty: timedelta) -> float:
        """Alarms that fit in so much time on duty."""
        return self.operators * self.per_ten_minutes * self.share * (duty / _TEN_MINUTES)


@dataclass(frozen=True, slots=True)
class Level:
    """The false-discovery rate chosen, and the alarms per period it would have rung in the history."""

    rate: float
    alarms_per_period: float


def adjusted(p: ArrayLike, *, dependent: bool = False) -> Floats:
    """The least false-discovery rate at which each test of a column [n_tests] or [n_tests, n_periods] is found.

    Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300; `dependent`, Benjamini Y, Yekutieli D (2001),
    Annals of Statistics 29:1165-1188, for any dependence among neighbours. Every period is one family;
    NaN (no verdict) is no test.
    """
    chances = np.asarray(p, dtype=np.float64)
    n = (~np.isnan(chances)).sum(axis=0)
    order = np.argsort(chances, axis=0)
    ranks = np.arange(1, len(chances) + 1).reshape(-1, *(1,) * (chances.ndim - 1))
    scaled = np.take_along_axis(chances, order, axis=0) * _penalty(n, dependent=dependent) / ranks
    # NaN sorts last and fmin steps over it
    least = np.fmin.accumulate(scaled[::-1], axis=0)[::-1]
    found = np.empty_like(chances)
    np.put_along_axis(found, order, np.minimum(least, 1.0), axis=0)
    return np.where(np.isnan(chances), np.nan, found)


def discoveries(p: ArrayLike, rate: float, *, dependent: bool = False) -> Flags:
    """Which tests ring when at most `rate` of those that ring may be false, on average."""
    return np.asarray(adjusted(p, dependent=dependent) <= rate)


def level_for_budget(
    p: ArrayLike, alarms_per_period: float, *, dependent: bool = False, highest: float = 0.2
) -> Level:
    """The highest false-discovery rate (up to `highest`) whose alarms over a history fit the budget.

    `p` [n_tests, n_periods] is a replay of quiet and loud periods alike. Tests with the same p ring
    together or not at all. With no rate that fits, the rate is 0 and nothing rings.
    """
    least = adjusted(p, dependent=dependent)
    ordered = np.sort(least[~np.isnan(least)])
    n_periods = 1 if least.ndim == 1 else least.shape[1]
    rate = _highest_rate(ordered, int(alarms_per_period * n_periods), highest)
    return Level(rate, float(np.searchsorted(ordered, rate, side="right")) / n_periods if rate else 0.0)


def level_without_history(n_tests: int, alarms_per_period: float, *, highest: float = 0.01) -> float:
    """The chance per test at which quiet times ring no more than the budget, where nothing can be replayed."""
    return min(alarms_per_period / n_tests, highest) if n_tests else highest


def _highest_rate(ordered: Floats, n_allowed: int, highest: float) -> float:
    if n_allowed >= len(ordered) or ordered[n_allowed] > highest:
        return highest
    fitting = ordered[: n_allowed + 1] < ordered[n_allowed]
    return float(ordered[: n_allowed + 1][fitting][-1]) if fitting.any() else 0.0


def _penalty(n: np.ndarray[tuple[int, ...], np.dtype[np.int64]], *, dependent: bool) -> Floats:
    """The factor on p for n tests: n, and n times the harmonic sum under dependence."""
    if not dependent:
        return np.asarray(n, dtype=np.float64)
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, np.max(n) + 1))])
    return np.asarray(n * harmonic[n])
