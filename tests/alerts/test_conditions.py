"""What each kind of condition says, and what none may ever say: that the unknown is good or bad."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.alerts.panels import UNKNOWN, panel

from vamco.alerts.conditions import judge
from vamco.alerts.judged import Judged
from vamco.alerts.panel import CALM, WORST_FIRST
from vamco.packs.alert_rule import Condition, Kind
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.severity import Severity

ABOVE_TEN = Condition(Kind.THRESHOLD, ">", Decimal(10))
CONDITIONS = [
    ABOVE_TEN,
    Condition(Kind.THRESHOLD, "<", Decimal(3), periods=2),
    Condition(Kind.CHANGE, ">", Decimal("0.5")),
    Condition(Kind.PACE, "<", Decimal(5)),
    Condition(Kind.COUNT, ">=", Decimal(12), periods=3),
    Condition(Kind.DETECTOR, method="ears_c1"),
    Condition(Kind.SILENCE),
    Condition(Kind.QUALITY, "<", Decimal(5)),
]
figures = arrays(float, (3, 14), elements=st.sampled_from([0.0, 1.0, 4.0, 9.0, 11.0, 40.0, UNKNOWN]))
each_condition = pytest.mark.parametrize("when", CONDITIONS, ids=lambda when: when.kind.value)


def bad(when, rows, **facts):
    return judge(when, panel(rows, **facts)).is_bad.tolist()


def test_a_threshold_may_be_a_number_or_the_figure_of_another_indicator():
    assert bad(ABOVE_TEN, [[10, 11, UNKNOWN]]) == [[False, True, False]]
    by_other = replace(ABOVE_TEN, bound="trial.limit")
    found = judge(by_other, panel([[10, 11, 12]], others={"trial.limit": np.array([[9, 12, UNKNOWN]])}))
    assert found.is_bad.tolist() == [[True, False, False]]
    assert found.is_known.tolist() == [[True, True, False]]


def test_too_few_are_not_bad_however_high_their_share():
    few = {"numerators": np.array([[3.0, 8.0]])}
    assert bad(replace(ABOVE_TEN, at_least=5), [[50, 50]], **few) == [[False, True]]


def test_a_count_that_still_grows_is_bad_when_above_and_unknown_when_below():
    grows = {"is_growing": np.array([[True, True]])}
    above = judge(ABOVE_TEN, panel([[11, 9]], **grows))
    assert (above.is_bad.tolist(), above.is_known.tolist()) == ([[True, False]], [[True, False]])
    below = judge(Condition(Kind.THRESHOLD, "<", Decimal(10)), panel([[11, 9]], **grows))
    assert not below.is_bad.any()


def test_a_change_is_told_only_between_figures_of_one_definition():
    rise = Condition(Kind.CHANGE, ">", Decimal("0.5"))
    assert bad(rise, [[4, 7, 7]]) == [[False, True, False]]
    assert bad(rise, [[4, 7, 7]], versions=np.array([[1, 2, 2]])) == [[False, False, False]]


def test_a_change_against_the_year_before_meets_the_same_month():
    fall = Condition(Kind.CHANGE, "<", Decimal("-0.1"), against="year_before")
    rows = [[100.0] + [50.0] * 11 + [80.0]]
    assert bad(fall, rows, first_period="2025-09")[0].index(True) == 12


def test_a_count_adds_up_periods_and_rings_before_all_are_known():
    three = Condition(Kind.COUNT, ">=", Decimal(3), periods=2)
    found = judge(three, panel([[1, 2, UNKNOWN, 3, 0]]))
    assert found.is_bad.tolist() == [[False, True, False, True, True]]
    assert found.is_known.tolist() == [[False, True, False, True, True]]


def test_bands_say_how_severe_it_is():
    graded = np.array([[CALM, WORST_FIRST.index(Severity.EXTREME)]], dtype=np.int8)
    found = judge(Condition(Kind.BANDS), panel([[1, 2]], severities=graded))
    assert found.is_bad.tolist() == [[False, True]]
    assert found.severities is graded


def test_what_does_not_apply_is_calm():
    found = judge(ABOVE_TEN, panel([[UNKNOWN]], is_moot=np.array([[True]])))
    assert (found.is_bad.item(), found.is_known.item()) == (False, True)


@each_condition
@given(rows=figures)
def test_the_unknown_is_never_bad_and_only_the_known_is_judged(when, rows):
    found = judge(when, panel(rows))
    assert not (found.is_bad & ~found.is_known).any()
    if when.kind is not Kind.COUNT:
        assert not found.is_bad[np.isnan(rows)].any()
    if when.kind not in {Kind.COUNT, Kind.DETECTOR}:
        assert not found.is_known[np.isnan(rows)].any()


@each_condition
@given(rows=figures, order=st.permutations(range(3)))
def test_each_row_is_judged_by_itself(when, rows, order):
    found, permuted = judge(when, panel(rows)), judge(when, panel(rows[list(order)]))
    assert (found.is_bad[list(order)] == permuted.is_bad).all()
    assert (found.is_known[list(order)] == permuted.is_known).all()


@given(rows=figures, factor=st.sampled_from([0.5, 2.0, 8.0]))
def test_a_change_does_not_depend_on_the_unit_of_measure(rows, factor):
    rise = Condition(Kind.CHANGE, ">", Decimal("0.5"))
    assert bad(rise, rows) == bad(rise, rows * factor)


@given(rows=figures, factor=st.sampled_from([0.5, 2.0, 8.0]))
def test_ears_does_not_depend_on_the_unit_of_measure(rows, factor):
    ears = Condition(Kind.DETECTOR, method="ears_c2")
    assert bad(ears, rows) == bad(ears, rows * factor)


@given(marks=arrays(bool, (2, 12)), n=st.integers(1, 4))
def test_what_lasts_was_bad_so_many_periods_on_end(marks, n):
    found = Judged(marks, np.ones_like(marks), np.zeros(marks.shape)).lasting(n).is_bad
    for row, column in np.ndindex(marks.shape):
        run = marks[row, max(0, column - n + 1) : column + 1]
        assert found[row, column] == (len(run) == n and run.all())


@pytest.mark.parametrize(
    "method", ["ears_c1", "farrington", "five_years", "percentile", "cusum", "ewma", "seasonal"]
)
def test_an_option_that_a_method_does_not_know_is_refused_by_name(method):
    with pytest.raises(Misused) as refused:
        bad(Condition(Kind.DETECTOR, method=method, options={"colour": "red"}), [[1, 2, 3]])
    assert refused.value.details["names"] == ["colour"]
