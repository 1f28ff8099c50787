import numpy as np
import pytest

from vamco.alerts.detectors import ears
from vamco.alerts.detectors.bounds import Reason
from vamco.alerts.detectors.ears import EarsOptions, Method

QUIET = [10.0, 12, 11, 9, 10, 11, 12, 10, 9, 11, 10]


def judged(values, method, **options):
    return ears.detect(np.array(values, float), -1, EarsOptions(method, **options))


def test_c2_still_sees_an_outbreak_that_has_raised_the_mean_of_c1():
    growing = [*QUIET, 14, 16, 18]
    assert not judged(growing, Method.C1).alarm.any()
    assert judged(growing, Method.C2).alarm.all()


def test_c3_adds_up_today_and_the_two_periods_before():
    values = np.array([*QUIET, 13, 13, 13], float)
    mean_sd = [(values[t - 9 : t - 2].mean(), values[t - 9 : t - 2].std(ddof=1)) for t in (11, 12, 13)]
    exceedances = [max(0, (13 - mean) / sd - 1) for mean, sd in mean_sd]
    found = judged(values, Method.C3)
    assert found.score[0, 0] == pytest.approx(sum(exceedances))
    assert found.alarm[0, 0] == (sum(exceedances) > 2)


@pytest.mark.parametrize(("today", "alarm"), [(11.0, False), (11.1, True)])
def test_c3_warns_above_two(today, alarm):
    found = judged([10.0] * 9 + [12, 12, today], Method.C3, min_sd=1)
    assert found.score[0, 0] == pytest.approx(today - 9)
    assert found.alarm[0, 0] == alarm


@pytest.mark.parametrize(("today", "alarm"), [(0.99, False), (1.01, True)])
def test_the_bound_of_c3_is_where_its_sum_reaches_two(today, alarm):
    values = np.array([*QUIET, 12, 12, 0], float)
    values[-1] = judged(values, Method.C3).upper[0, 0] * today
    assert judged(values, Method.C3).alarm[0, 0] == alarm


def test_the_c3_of_r_does_not_look_at_today():
    low, high = ([*QUIET, 12, 12, today] for today in (8, 80))
    assert judged(low, Method.C3, r_compat=True).score == judged(high, Method.C3, r_compat=True).score
    assert judged(high, Method.C3).alarm.all()
    assert not judged(high, Method.C3, r_compat=True).alarm.any()


def test_an_unknown_period_can_hide_an_alarm_of_c3_but_not_deny_one():
    hidden = judged([*QUIET, np.nan, 12, 11], Method.C3)
    assert hidden.reason[0, 0] == Reason.SHORT_BASELINE
    assert judged([*QUIET, np.nan, 12, 40], Method.C3).alarm.all()


def test_one_more_than_never_is_the_highest_of_eight_and_no_certainty():
    assert judged([0.0] * 10 + [1], Method.C1).p[0, 0] == pytest.approx(1 / 8)


def test_a_chance_of_one_in_twenty_comes_once_in_twenty_quiet_periods():
    quiet = np.random.default_rng(1).normal(size=(40_000, 8))
    assert (ears.detect(quiet, -1).p < 0.05).mean() == pytest.approx(0.05, abs=0.004)


def test_a_least_deviation_keeps_single_cases_quiet():
    assert judged([0.0] * 10 + [1], Method.C1).alarm.all()
    assert not judged([0.0] * 10 + [1], Method.C1, min_sd=0.5).alarm.any()
