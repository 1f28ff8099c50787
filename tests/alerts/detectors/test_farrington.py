from dataclasses import replace

import numpy as np
import pytest
from scipy.special import betainc, pdtr

from vamco.alerts.detectors import farrington
from vamco.alerts.detectors.bounds import Reason
from vamco.alerts.detectors.farrington import IMPROVED, FarringtonOptions
from vamco.alerts.detectors.quantiles import chance_of_at_least, count_quantile

N_WEEKS = 320


@pytest.fixture
def counts():
    season = np.exp(2.5 + 0.5 * np.cos(2 * np.pi * np.arange(N_WEEKS) / 52))
    return np.random.default_rng(1).poisson(season, (3, N_WEEKS)).astype(float)


def test_past_outbreaks_raise_the_bound_little(counts):
    outbreak = counts.copy()
    outbreak[:, 105:111] *= 8
    plain = farrington.detect(counts, -1, IMPROVED)
    kept = farrington.detect(outbreak, -1, IMPROVED)
    naive = farrington.detect(outbreak, -1, replace(IMPROVED, reweight=False))
    assert (kept.upper < 1.6 * plain.upper).all()
    assert (naive.upper > 1.2 * kept.upper).all()


def test_a_trend_is_followed_where_it_is_significant():
    counts = np.random.default_rng(2).poisson(np.linspace(30, 50, N_WEEKS), (3, N_WEEKS)).astype(float)
    following = farrington.detect(counts, -1, FarringtonOptions(half_window=3))
    level = farrington.detect(counts, -1, FarringtonOptions(trend=False))
    assert (following.expected > 1.1 * level.expected).all()


def test_twice_the_people_may_have_twice_the_cases(counts):
    people = np.full(N_WEEKS, 1000.0)
    grown = people.copy()
    grown[-1] = 2000
    options = replace(IMPROVED, trend=False)
    usual = farrington.detect(counts, -1, options, population=people)
    doubled = farrington.detect(counts, -1, options, population=grown)
    np.testing.assert_allclose(doubled.expected, 2 * usual.expected)
    np.testing.assert_allclose(usual.upper, farrington.detect(counts, -1, options).upper)


def test_a_place_without_any_case_in_years_alarms_at_an_outbreak_and_not_at_a_case():
    counts = np.zeros((2, N_WEEKS))
    counts[0, -1], counts[1, -1] = 6, 2
    found = farrington.detect(counts, -1, IMPROVED)
    assert found.alarm.tolist() == [[True], [False]]
    assert found.reason[1, 0] == Reason.FEW_CASES
    assert (found.expected[0], found.upper[0], found.p[0]) == (0, 0, 0)


def test_a_season_that_is_unknown_in_most_years_gives_no_verdict(counts):
    counts = counts.copy()
    for year in range(1, 5):
        counts[:, 319 - 52 * year - 3 : 319 - 52 * year + 4] = np.nan
    assert (farrington.detect(counts, 319, IMPROVED).reason == Reason.SHORT_BASELINE).all()


def test_false_alarms_stay_near_the_level_asked_for():
    counts = np.random.default_rng(3).poisson(12, (400, N_WEEKS)).astype(float)
    found = farrington.detect(counts, -1, replace(IMPROVED, p_threshold_trend=0.05))
    assert 0.001 < found.alarm.mean() < 0.03
    assert (found.p[found.alarm] <= 0.01).all()


@pytest.mark.parametrize(("mean", "dispersion"), [(0.3, 1.0), (4.0, 1.0), (4.0, 2.5), (900.0, 40.0)])
def test_the_quantile_is_the_smallest_count_that_is_likely_enough(mean, dispersion):
    law = np.array([mean]), np.array([dispersion])
    quantile = count_quantile(*law, 0.99)
    assert chance_of_at_least(quantile + 1, *law) <= 0.01 + 1e-12
    assert chance_of_at_least(quantile, *law) > 0.01
    assert chance_of_at_least(np.array([0.0]), *law) == 1


def test_a_quantile_on_the_very_edge_is_not_rounded_up():
    count, mean = np.arange(30.0), np.full(30, 8.0)
    poisson = [count_quantile(mean, np.ones(30), share)[0] for share in pdtr(count, mean)]
    assert poisson == count.tolist()
    shares = betainc(4.0, count + 1, 1 / 3)
    assert [count_quantile(mean, np.full(30, 3.0), share)[0] for share in shares] == count.tolist()


def test_1920_weekly_series_are_judged_in_seconds():
    import time

    from vamco.alerts.detectors import ears

    counts = np.random.default_rng(4).negative_binomial(3, 0.3, (1920, 8 * 52)).astype(float)
    started = time.process_time()
    farrington.detect(counts, -1, IMPROVED)
    for method in ears.Method:
        ears.detect(counts, -1, ears.EarsOptions(method))
    assert time.process_time() - started < 10  # two cores for 5 s
