from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vamco.alerts.detectors.discovery import (
    AlarmBudget,
    adjusted,
    discoveries,
    level_for_budget,
    level_without_history,
)

# Benjamini and Hochberg 1995, the fifteen tests of their example
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
PAPER += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
chances = arrays(float, st.tuples(st.integers(1, 30), st.integers(1, 5)), elements=st.floats(0, 1))


def test_the_example_of_the_paper_finds_its_four():
    assert discoveries(PAPER, 0.05).sum() == 4
    assert discoveries(PAPER, 0.05, dependent=True).sum() == 3
    assert adjusted(PAPER)[3] == pytest.approx(0.0095 * 15 / 4)


@given(chances)
def test_adjusting_keeps_the_order_and_lowers_nothing(p):
    least = adjusted(p)
    assert (least >= p - 1e-12).all()
    assert (np.diff(np.take_along_axis(least, np.argsort(p, axis=0), axis=0), axis=0) >= 0).all()
    assert (adjusted(p, dependent=True) >= least - 1e-12).all()


@given(chances)
def test_periods_are_families_of_their_own_and_no_verdict_is_no_test(p):
    alone = np.stack([adjusted(column) for column in p.T], axis=1)
    np.testing.assert_allclose(adjusted(p), alone)
    holes = np.vstack([p, np.full((3, p.shape[1]), np.nan)])
    np.testing.assert_allclose(adjusted(holes)[:-3], alone)
    assert not discoveries(holes, 1.0)[-3:].any()


@given(chances, st.floats(0, 10))
def test_the_level_fits_the_budget_and_the_next_does_not(p, budget):
    level = level_for_budget(p, budget)
    rung = discoveries(p, level.rate).sum() if level.rate else 0
    assert rung == pytest.approx(level.alarms_per_period * p.shape[1])
    assert rung <= budget * p.shape[1]
    more = np.unique(adjusted(p))
    more = more[(more > level.rate) & (more <= 0.2)]
    assert all(discoveries(p, rate).sum() > int(budget * p.shape[1]) for rate in more[:1])


def test_96_communes_times_20_indicators_ring_few_false_alarms_in_quiet_weeks():
    p = np.random.default_rng(1).uniform(size=(1920, 200))
    assert (p <= 0.01).sum() / 200 == pytest.approx(19.2, abs=1)
    assert discoveries(p, 0.05).sum() / 200 < 0.15
    p[:4] = 1e-7
    assert discoveries(p, 0.05)[:4].all()


def test_one_alarm_in_ten_minutes_makes_the_budget_of_a_week_of_duty():
    assert AlarmBudget(operators=2).alarms_in(timedelta(hours=8)) == 96
    assert AlarmBudget(share=0.05).alarms_in(timedelta(hours=40)) == pytest.approx(12)


def test_without_history_the_level_is_the_budget_over_the_tests():
    assert level_without_history(1920, 6.0) == pytest.approx(1 / 320)
    assert level_without_history(10, 6.0) == 0.01
