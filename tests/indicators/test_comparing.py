"""Comparisons give a number and a verdict, or no number and a reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.indicators.ledger import LONG_AN, OLD_TAY_NINH, TAY_NINH, TODAY, definition, indicator, write

from vamco.geography.comparability import Comparability
from vamco.geography.unit import Level
from vamco.indicators.comparing import Kind, compare
from vamco.indicators.question import Question
from vamco.indicators.targets import progress
from vamco.packs.indicator import Direction, Target
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASES = indicator(level="province")


def about(one, period="2026-05", **more):
    known = {"map_on": TODAY, "as_known_at": NOW, **more}
    return Question(one, (Period.parse(period),), Level.PROVINCE, **known)


def compared(kind, one=CASES, period="2026-05", n=None, **more):
    (found,) = compare(about(one, period, **more), kind, n=n, sees_cells=True)
    return found


def test_the_new_province_is_compared_with_the_sum_of_both_old_ones():
    write(CASES, LONG_AN, "2025-05", 30)
    write(CASES, OLD_TAY_NINH, "2025-05", 10)
    write(CASES, TAY_NINH, "2026-05", 50)
    found = compared(Kind.YEAR_ON_YEAR)
    assert (found.base, found.absolute, found.relative) == (40, 10, 0.25)
    assert found.verdict.comparability is Comparability.COMPARABLE
    assert found.verdict.reason == "geography.reason_sum_of_whole"
    assert "Tây Ninh" in found.verdict.say("vi")


def test_with_one_of_two_old_provinces_there_is_no_number():
    write(CASES, LONG_AN, "2025-05", 30)
    write(CASES, TAY_NINH, "2026-05", 50)
    found = compared(Kind.YEAR_ON_YEAR)
    assert (found.base, found.absolute, found.relative) == (None, None, None)
    assert found.verdict.reason == "indicators.reason_partial"
    assert found.verdict.say("vi").endswith("Số liệu Tháng 5/2025 chưa đủ nên không so sánh.")


def test_another_definition_is_another_thing():
    old = definition(valid_to_on=date(2026, 4, 30))
    changed = indicator(definitions=(old, definition(2, valid_from_on=date(2026, 5, 1))))
    write(changed, TAY_NINH, "2026-04", 30)
    write(changed, TAY_NINH, "2026-05", 30, definition_version=2)
    found = compared(Kind.PREVIOUS, changed)
    assert (found.absolute, found.verdict.reason) == (None, "indicators.reason_other_definition")


def test_what_is_missing_is_compared_with_nothing():
    write(CASES, TAY_NINH, "2026-05", 50)
    found = compared(Kind.PREVIOUS)
    assert (found.base, found.verdict.reason) == (None, "indicators.reason_late")


def test_a_base_of_zero_has_no_relative_change():
    write(CASES, TAY_NINH, "2026-04", 0)
    write(CASES, TAY_NINH, "2026-05", 50)
    found = compared(Kind.PREVIOUS)
    assert (found.base, found.absolute, found.relative) == (0, 50, None)


def test_cumulative_figures_are_compared_with_those_of_the_same_months():
    for month in ("01", "02", "03"):
        write(CASES, LONG_AN, f"2025-{month}", 1)
        write(CASES, OLD_TAY_NINH, f"2025-{month}", 1)
        write(CASES, TAY_NINH, f"2026-{month}", 4)
    found = compared(Kind.CUMULATIVE, period="2026-03")
    assert (found.figure.value, found.base, found.relative) == (12, 6, 1)
    assert str(found.figure.period) == "2026-01-01..2026-03-31"


def test_a_window_is_compared_with_the_one_before_it():
    for month, n in (("01", 1), ("02", 1), ("03", 2), ("04", 2)):
        write(CASES, TAY_NINH, f"2026-{month}", n)
    found = compared(Kind.MOVING, period="2026-04", n=2)
    assert (found.figure.value, found.base) == (4, 2)


def test_five_years_give_mean_spread_and_how_many():
    for year, n in ((2021, 4), (2022, 6), (2024, 8), (2025, 10)):
        write(CASES, LONG_AN, f"{year}-05", n)
        write(CASES, OLD_TAY_NINH, f"{year}-05", 0)
    write(CASES, TAY_NINH, "2026-05", 14)
    found = compared(Kind.FIVE_YEARS)
    assert (found.base, found.n, found.absolute) == (7, 4, 7)
    assert found.spread == pytest.approx((20 / 3) ** 0.5)
    assert compared(Kind.FIVE_YEARS, period="2023-05").base is None


def test_every_comparison_of_figures_that_are_not_there_has_a_reason_in_words():
    for kind in Kind:
        found = compared(kind)
        assert found.verdict.comparability is Comparability.NOT_COMPARABLE
        assert len(found.verdict.say("vi")) > 20
        assert found.absolute is None


def test_a_yearly_target_is_due_by_the_day():
    target = Target(Decimal(365), "trial", date(2026, 1, 1), is_yearly_pace=True)
    hired = indicator(level="province", targets=(target,), direction=Direction.HIGHER)
    for month in ("01", "02"):
        write(hired, TAY_NINH, f"2026-{month}", 30)
    (found,) = progress(about(hired, "2026-02"), sees_cells=True)
    assert (found.figure.value, found.due, found.is_met) == (60, 59, True)
    assert found.share == pytest.approx(60 / 365)
    (partial,) = progress(about(hired, "2026-03"), sees_cells=True)
    assert (partial.share, partial.is_met) == (None, None)
    assert progress(about(hired, "2025-03"), sees_cells=True) == []
