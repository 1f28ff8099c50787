"""Simple bounds from the same periods of past years: mean and deviations, or a percentile."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vamco.alerts.detectors.anniversaries import by_count
from vamco.alerts.detectors.baseline import (
    chance_of_next,
    gather,
    in_deviations,
    known_quantile,
    moments,
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
class MeanOptions:
    """Above the mean of the same period in `years` years by more than `n_sd` standard deviations.

    The rule of circular 15/2026/TT-BYT for outbreaks (same month, five years, 2 SD), where `period` is 12;
    after Cullen JR et al. (1984), "An epidemiological early warning system for malaria control in
    northern Thailand", Bull WHO 62(1):107-114. `min_known` counts the known periods of the baseline.
    """

    years: int = 5
    half_window: int = 0
    n_sd: float = 2.0
    min_known: int = 5
    period: int = 52


@dataclass(frozen=True, slots=True)
class PercentileOptions:
    """Above a percentile of the same periods of past years; WHO's third quartile of five years.

    WHO (2004), "Field guide for malaria epidemic assessment and reporting"; Teklehaimanot HD et al.
    (2004), "Alert threshold algorithms and malaria epidemic detection", Emerg Infect Dis 10(7):1220-1226.
    """

    years: int = 5
    half_window: int = 0
    percentile: float = 75.0
    min_known: int = 5
    period: int = 52


def mean_and_deviations(
    series: ArrayLike,
    at: Asked,
    options: MeanOptions | None = None,
    *,
    anniversaries: Ints | None = None,
    leave_out: Flags | None = None,
) -> Bounds:
    """Judge the asked periods by mean + n SD of the same periods of past years; NaN is unknown."""
    options = options or MeanOptions()
    observed, window = _compared(series, at, options, anniversaries, leave_out)
    past = moments(window)
    upper = past.mean + options.n_sd * past.sd
    return verdicts(
        observed,
        past.mean,
        upper,
        score=in_deviations(observed - past.mean, past.sd),
        p=chance_of_next(observed, past),
        alarm=observed > upper,
        reason=enough(past.n >= options.min_known),
    )


def percentile(
    series: ArrayLike,
    at: Asked,
    options: PercentileOptions | None = None,
    *,
    anniversaries: Ints | None = None,
    leave_out: Flags | None = None,
) -> Bounds:
    """Judge the asked periods by a percentile of the same periods of past years; the score is the rank."""
    options = options or PercentileOptions()
    observed, window = _compared(series, at, options, anniversaries, leave_out)
    n = (~np.isnan(window)).sum(axis=-1)
    upper = known_quantile(window, options.percentile / 100)
    return verdicts(
        observed,
        known_quantile(window, 0.5),
        upper,
        score=(window < observed[..., None]).sum(axis=-1) / np.maximum(n, 1),
        p=(1 + (window >= observed[..., None]).sum(axis=-1)) / (n + 1),
        alarm=observed > upper,
        reason=enough(n >= options.min_known),
    )


def _compared(
    series: ArrayLike,
    at: Asked,
    options: MeanOptions | PercentileOptions,
    anniversaries: Ints | None,
    leave_out: Flags | None,
) -> tuple[Floats, Floats]:
    """The asked values [n_series, n_asked] and the periods around their anniversaries, one axis more."""
    table = as_table(series)
    asked = as_indices(at, table.shape[1])
    if anniversaries is None:
        anniversaries = by_count(table.shape[1], options.years, options.period)
    around = np.arange(-options.half_window, options.half_window + 1)
    index = anniversaries[asked][:, :, None] + around
    return gather(table, asked), gather(without(table, leave_out), index.reshape(len(asked), -1))
