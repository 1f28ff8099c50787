"""Laws every detector obeys, whatever the series."""

from dataclasses import fields
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.alerts.detectors import control_charts, ears, farrington, historical, seasonal
from vamco.alerts.detectors.bounds import Reason
from vamco.alerts.detectors.ears import EarsOptions, Method
from vamco.alerts.detectors.historical import MeanOptions, PercentileOptions

N_WEEKS, AT = 300, slice(280, 300)
SLOTS = np.arange(N_WEEKS) % 7
ON_COUNTS = {
    "farrington": farrington.detect,
    "farrington improved": partial(farrington.detect, options=farrington.IMPROVED),
}
ON_ANYTHING = {
    **{method.value: partial(ears.detect, options=EarsOptions(method)) for method in Method},
    "mean": partial(historical.mean_and_deviations, options=MeanOptions(min_known=4)),
    "percentile": partial(historical.percentile, options=PercentileOptions(min_known=4)),
    "ewma": control_charts.ewma,
    "bands": partial(seasonal.bands, slots=SLOTS),
}
ALL = {**ON_COUNTS, **ON_ANYTHING, "cusum": control_charts.cusum}
every_detector = pytest.mark.parametrize("detect", ALL.values(), ids=ALL)


def weekly(seed, n_series=4, level=8.0):
    random = np.random.default_rng(seed)
    season = np.exp(0.6 * np.cos(2 * np.pi * np.arange(N_WEEKS) / 52))
    counts = random.negative_binomial(4, 4 / (4 + level * season), (n_series, N_WEEKS)).astype(float)
    counts[0, -3] += 60
    return counts


def assert_equal(one, other, rtol=1e-9):
    for field in fields(one):
        np.testing.assert_allclose(getattr(one, field.name), getattr(other, field.name), rtol, 1e-9)


@every_detector
@given(seed=st.integers(0, 10_000))
@settings(max_examples=4, deadline=None)
def test_a_batch_gives_what_each_series_gives_alone_in_any_order(detect, seed):
    series, order = weekly(seed), np.random.default_rng(seed).permutation(4)
    together = detect(series[order], AT)
    for place, which in enumerate(order):
        alone = detect(series[which], AT)
        for field in fields(alone):
            part, whole = getattr(alone, field.name)[0], getattr(together, field.name)[place]
            np.testing.assert_allclose(part, whole, 1e-9, 1e-9)


@every_detector
def test_asking_week_by_week_gives_what_asking_at_once_gives(detect):
    series, charts = weekly(3), (control_charts.cusum, control_charts.ewma)
    weeks = [AT.start] if detect in charts else range(AT.start, AT.stop)
    at_once = detect(series, AT)
    for place, week in enumerate(weeks):
        np.testing.assert_allclose(detect(series, week).upper[:, 0], at_once.upper[:, place], 1e-9)


@every_detector
def test_what_comes_after_changes_no_verdict(detect):
    series = weekly(4)
    later = series.copy()
    later[:, 290:] *= 7
    assert_equal(detect(series, slice(280, 290)), detect(later, slice(280, 290)))


@pytest.mark.parametrize("detect", ON_ANYTHING.values(), ids=ON_ANYTHING)
@given(seed=st.integers(0, 10_000), scale=st.sampled_from([0.25, 3.0, 1000.0]))
@settings(max_examples=4, deadline=None)
def test_the_unit_of_measure_changes_no_alarm(detect, seed, scale):
    # irrational noise, so that no value lies on a bound
    series = weekly(seed) + np.random.default_rng(seed).normal(0, 0.01, (4, N_WEEKS))
    small, large = detect(series, AT), detect(series * scale, AT)
    np.testing.assert_allclose(large.upper, small.upper * scale, rtol=1e-9)
    np.testing.assert_array_equal(large.alarm, small.alarm)


@every_detector
def test_a_constant_series_rings_no_alarm_and_a_jump_from_it_does(detect):
    series = np.full((1, N_WEEKS), 6.0)
    assert not detect(series, AT).alarm.any()
    series[0, -1] = 60
    assert detect(series, slice(299, 300)).alarm.all()


@every_detector
def test_an_unknown_week_has_a_bound_and_no_verdict(detect):
    series = weekly(5)
    series[:, -1] = np.nan
    found = detect(series, slice(299, 300))
    assert not found.alarm.any()
    assert (found.reason == Reason.UNKNOWN_PERIOD).all()
    assert np.isnan(found.score).all()
    assert not found.judged.any()


@every_detector
def test_too_short_a_baseline_gives_no_verdict(detect):
    series = weekly(6)
    series[:, -1] = 999
    series[:, :-3] = np.nan
    found = detect(series, slice(299, 300))
    assert (found.reason == Reason.SHORT_BASELINE).all()
    assert not found.alarm.any()
    assert np.isnan(found.upper).all()


@every_detector
def test_unknown_weeks_of_the_past_are_not_taken_as_zero(detect):
    whole = np.full((1, N_WEEKS), 20.0) + np.arange(N_WEEKS) % 2
    holes = whole.copy()
    holes[0, 90:110] = np.nan
    holes[0, 295] = np.nan
    expected = detect(holes, slice(299, 300)).expected
    assert detect(holes, slice(299, 300)).judged.all()
    np.testing.assert_allclose(expected, 20.5, atol=0.6)


@every_detector
def test_weeks_left_out_are_not_in_the_baseline(detect):
    series, tet = weekly(7), np.isin(np.arange(N_WEEKS), [246, 247, 285, 292, 296])
    spoilt = np.where(tet, 999.0, series)
    asked = slice(299, 300)
    assert_equal(detect(spoilt, asked, leave_out=tet), detect(np.where(tet, np.nan, series), asked))
    assert (detect(spoilt, asked).expected != detect(spoilt, asked, leave_out=tet).expected).any()
