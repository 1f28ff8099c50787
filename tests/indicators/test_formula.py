"""Formulas: what they reach, what they make, and that what is unknown stays unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.indicators.formula import evaluable
from vamco.packs.indicator import Formula
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period

MAY = Period.parse("2026-05")


def value(expression, period=MAY, **series):
    formula = evaluable(Formula(expression, dict.fromkeys(series, "trial.any")))
    flat = {
        (letter, p): number
        for letter, known in series.items()
        for p, number in (known if isinstance(known, dict) else {str(period): known}).items()
    }
    return formula.value(period, lambda letter, needed: flat.get((letter, str(needed))))


@pytest.mark.parametrize(
    ("expression", "made"),
    [
        ("A + 2 * B", 7),
        ("(A + 2) * B", 9),
        ("-A / B", -1 / 3),
        ("LEAST(2, 2 * A / 0.80) + 4 * B", 14),
        ("GREATEST(A, B, 10)", 10),
        ("CASE WHEN A < B THEN 1 ELSE 2 END", 1),
        ("CASE WHEN A > B AND B = 3 THEN 1 WHEN NOT A > B THEN 5 END", 5),
        ("COALESCE(C, A)", 1),
        ("CASE WHEN C IS NULL THEN A ELSE C END", 1),
        ("C + A", None),
        ("LEAST(C, A)", None),
        ("CASE WHEN C > 1 THEN 1 END", None),
    ],
)
def test_arithmetic_is_that_of_sql_and_the_unknown_stays_unknown(expression, made):
    assert value(expression, A=1.0, B=3.0, C=None) == made


def test_the_outbreak_line_is_the_mean_of_five_mays_and_two_deviations():
    mays = {f"{2026 - n}-05": float(n) for n in range(1, 6)}
    assert value("SAME_MONTH_MEAN(A, 5)", A=mays) == 3
    assert value("SAME_MONTH_MEAN(A, 5) + 2 * SAME_MONTH_SD(A, 5)", A=mays) == pytest.approx(3 + 2 * 2.5**0.5)
    del mays["2023-05"]
    assert value("SAME_MONTH_MEAN(A, 5)", A=mays) is None


def test_windows_take_the_periods_they_say():
    series = {"2026-03": 1.0, "2026-04": 2.0, "2026-05": 6.0, "2026-01-01..2026-05-31": 20.0}
    assert value("PREVIOUS(A, 2)", A=series) == 1
    assert value("MOVING_SUM(A, 3)", A=series) == 9
    assert value("MOVING_MEAN(A, 3)", A=series) == 3
    assert value("CUMULATIVE(A)", A=series) == 20
    assert value("MOVING_SUM(A, 4)", A=series) is None


def test_a_formula_names_all_that_it_needs():
    formula = evaluable(Formula("A / SAME_MONTH_MEAN(A, 2) + CUMULATIVE(B)", {"A": "t.a", "B": "t.b"}))
    reached = {f"{letter} {period}" for letter, period in formula.reach(MAY)}
    assert reached == {"A 2026-05", "A 2025-05", "A 2024-05", "B 2026-01-01..2026-05-31"}


@pytest.mark.parametrize(
    "expression",
    ["", "A +", "A; DROP TABLE x", "D + 1", "(SELECT 1)", "ABS(A)", "PREVIOUS(A)", "PREVIOUS(A + 1, 2)",
     "SAME_MONTH_SD(A, 1)", "CUMULATIVE(A, 2)", "x.A", "'text'",
     "A FROM t", "A, A", "A AS x"],
)  # fmt: skip
def test_what_is_not_understood_is_refused(expression):
    with pytest.raises(Misused):
        evaluable(Formula(expression, {"A": "trial.a"}))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from("+-*"))
def test_unknown_is_never_taken_for_zero(a, b, sign):
    assert value(f"A {sign} B", A=a, B=b) is not None
    assert value(f"A {sign} B", A=a, B=None) is None
    assert value(f"A {sign} B", A=None, B=b) is None
