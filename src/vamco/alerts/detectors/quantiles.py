"""Quantiles and tails of counts, without the slow import of scipy.stats."""

import numpy as np
from scipy.special import betainc, betaincc, nbdtrik, pdtr, pdtrc, pdtrik

from vamco.alerts.detectors.bounds import Floats


def count_quantile(mean: Floats, dispersion: Floats, share: float) -> Floats:
    """The smallest count whose cumulative chance reaches `share`.

    The law is negative binomial with variance `dispersion` × mean where that passes 1, else Poisson.
    """
    spread = dispersion > 1
    quantile = np.zeros_like(mean)
    if some := (mean > 0).any():
        quantile = np.where(spread, _of_negative_binomial(mean, dispersion, share), quantile)
        quantile = np.where(~spread, _of_poisson(mean, share), quantile)
    return np.where(np.isnan(mean), np.nan, quantile if some else 0.0)


def chance_of_at_least(count: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Chance of a count at least this high under the law of `count_quantile`."""
    below = np.ceil(count) - 1
    size, prob = _size_and_prob(mean, dispersion)
    tail = np.where(
        dispersion > 1, betaincc(size, np.maximum(below, 0) + 1, prob), pdtrc(np.maximum(below, 0), mean)
    )
    tail = np.where(mean > 0, tail, 0.0)
    return np.where(np.isnan(count + mean), np.nan, np.where(below < 0, 1.0, tail))


def _of_negative_binomial(mean: Floats, dispersion: Floats, share: float) -> Floats:
    size, prob = _size_and_prob(mean, dispersion)
    guess = np.ceil(nbdtrik(share, size, prob))
    lower = np.maximum(guess - 1, 0)
    return np.asarray(np.where(betainc(size, lower + 1, prob) >= share, lower, guess))


def _of_poisson(mean: Floats, share: float) -> Floats:
    guess = np.ceil(pdtrik(share, mean))
    lower = np.maximum(guess - 1, 0)
    return np.asarray(np.where(pdtr(lower, mean) >= share, lower, guess))


def _size_and_prob(mean: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    """Size and success chance of the negative binomial; a harmless pair where it does not apply."""
    applies = (dispersion > 1) & (mean > 0)
    over = np.where(applies, dispersion, 2.0)
    return np.where(applies, mean, 1.0) / (over - 1), 1 / over
