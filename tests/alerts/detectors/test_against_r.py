"""Our detectors give what R's `surveillance` gives on its own series and on dengue in Long An."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.alerts.detectors.references import Reference, assert_same

from vamco.alerts.detectors import control_charts, ears, farrington
from vamco.alerts.detectors.anniversaries import by_date
from vamco.alerts.detectors.ears import EarsOptions, Method
from vamco.alerts.detectors.farrington import IMPROVED, FarringtonOptions


@pytest.fixture
def newport(shared):
    return Reference(shared, "salmNewport_agg_reference.csv")


@pytest.fixture
def agona(shared):
    return Reference(shared, "reference_salmonella_agona_alarms.csv")


@pytest.fixture
def agona_counts(shared):
    return Reference(shared, "data_salmonella.agona.csv")["observed1"]


@pytest.fixture
def long_an(shared):
    return Reference(shared, "reference_longan_dengue_monthly_alarms.csv")


@pytest.fixture
def long_an_counts(shared):
    """R took the missing months as zero; only to meet its answers do we do the same here."""
    return np.nan_to_num(Reference(shared, "longan_dengue_monthly.csv")["dengue_longan"], nan=0.0)


@pytest.mark.parametrize(("method", "n_points"), [("C1", 521), ("C2", 519), ("C3", 517)])
def test_ears_equals_r_on_every_week_of_salmonella_newport(newport, method, n_points):
    options = EarsOptions(Method(method), alpha=0.001, min_known=7, r_compat=True)
    found = ears.detect(newport["obs"], slice(None), options)
    wanted = newport[f"{method}_ub"]
    assert (~np.isnan(wanted)).sum() == n_points
    np.testing.assert_array_equal(np.isnan(found.upper[0]), np.isnan(wanted))
    np.testing.assert_allclose(found.upper[0], wanted, rtol=1e-12, atol=1e-12)
    alarms = np.nan_to_num(newport[f"{method}_al"]).astype(bool)
    np.testing.assert_array_equal(found.alarm[0], alarms)


def test_farrington_flexible_equals_r_on_salmonella_newport(newport):
    weeks = [date.fromisoformat(day) for day in newport.text("date")]
    at = np.arange(317, 528)
    found = farrington.detect(newport["obs"], at, IMPROVED, anniversaries=by_date(weeks, 5))
    assert_same(found.upper[0], newport["FF_ub"][at])
    assert_same(found.expected[0], newport["FF_exp"][at], rtol=1e-5)
    np.testing.assert_array_equal(found.alarm[0], newport["FF_al"][at] == 1)
    assert found.alarm.sum() == 7


def test_farrington_flexible_equals_r_on_salmonella_agona(agona, agona_counts):
    found = farrington.detect(agona_counts, slice(249, 312), replace(IMPROVED, years=4))
    assert_same(found.upper[0], agona["farrFlex_upper"])
    assert_same(found.expected[0], agona["farrFlex_expected"], rtol=1e-5)
    np.testing.assert_array_equal(found.alarm[0], agona["farrFlex_alarm"] == 1)


@pytest.mark.parametrize("r_compat", [True, False])
def test_farrington_flexible_reproduces_the_dengue_alarms_of_long_an(long_an, long_an_counts, r_compat):
    options = FarringtonOptions(
        half_window=1, n_seasons=6, past_excluded=3, alpha=0.01, period=12, r_compat=r_compat
    )
    found = farrington.detect(long_an_counts, slice(96, 204), options)
    np.testing.assert_array_equal(found.alarm[0], long_an["farrFlex_alarm"] == 1)
    assert found.alarm.sum() == 10
    if r_compat:
        assert_same(found.upper[0], long_an["farrFlex_upper"])


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_ears_reproduces_the_dengue_alarms_of_long_an(long_an, long_an_counts, method):
    options = EarsOptions(Method(method), alpha=0.001, r_compat=True)
    found = ears.detect(long_an_counts, slice(96, 204), options)
    assert_same(found.upper[0], long_an[f"ears{method}_upper"], rtol=1e-10)
    np.testing.assert_array_equal(found.alarm[0], long_an[f"ears{method}_alarm"] == 1)


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_ears_equals_r_on_salmonella_agona(agona, agona_counts, method):
    options = EarsOptions(Method(method), alpha=0.001, r_compat=True)
    found = ears.detect(agona_counts, slice(249, 312), options)
    assert_same(found.upper[0], agona[f"ears{method}_upper"], rtol=1e-10)


def test_cusum_equals_r_with_its_default_options(agona_counts):
    found = control_charts.cusum(agona_counts, slice(249, 312))
    assert found.expected[0, 0] == pytest.approx(2.8032128514056)
    assert found.score[0, :5] == pytest.approx([0.8693506038, 0, 0, 0, 0.2720788697])
    assert found.alarm.sum() == 12
    assert list(np.flatnonzero(found.alarm[0])[:5]) == [13, 14, 15, 16, 35]
    assert list(np.ceil(found.upper[0, :8])) == [9, 7, 9, 9, 9, 8, 9, 9]
