import numpy as np

from vamco.alerts.detectors import control_charts
from vamco.alerts.detectors.control_charts import CusumOptions, EwmaOptions

SHIFTED = np.random.default_rng(1).normal(20, 2, (200, 120))
SHIFTED[:, 80:] += 2.5


def test_ewma_finds_a_small_shift_that_single_values_do_not_show():
    found = control_charts.ewma(SHIFTED, slice(70, 100))
    assert found.alarm[:, :10].mean() < 0.02
    assert found.alarm[:, 25:].mean() > 0.6
    assert (SHIFTED[:, 95:100] > 26).mean() < 0.1


def test_cusum_adds_up_what_ewma_smooths():
    found = control_charts.cusum(SHIFTED, slice(70, 110), CusumOptions(k=0.5, h=5, spread="sample"))
    assert found.alarm[:, :10].mean() < 0.05
    assert found.alarm[:, -1].mean() > 0.95


def test_an_unknown_week_leaves_the_sum_as_it_is():
    series = np.array([[9.0, 11] * 10 + [14, np.nan, 10]])
    found = control_charts.cusum(series, slice(20, 23), CusumOptions(k=0, h=9))
    assert found.score[0, 0] > 0
    assert found.score[0, 2] == found.score[0, 0]


def test_a_run_before_the_asked_week_is_part_of_the_chart():
    alone = control_charts.ewma(SHIFTED, 99)
    with_run = control_charts.ewma(SHIFTED, 99, EwmaOptions(run=19))
    assert with_run.alarm.mean() > 0.6 > alone.alarm.mean()


def test_a_fall_is_an_alarm_only_where_both_sides_are_watched():
    falling = 40 - SHIFTED
    assert not control_charts.ewma(falling, slice(90, 100)).alarm.any()
    both = control_charts.ewma(falling, slice(70, 100), EwmaOptions(two_sided=True))
    assert both.alarm[:, -1].mean() > 0.6
