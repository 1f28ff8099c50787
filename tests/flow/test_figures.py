"""Numbers, days and tables are written as readers of each language write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from vamco.flow.figures import cell, number, table


@pytest.fixture(params=["vi", "en"])
def tongue(request, monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", request.param)
    return request.param


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (12687, "12.687", "12,687"),
        (Decimal("97.400000"), "97,4", "97.4"),
        (Decimal("1200.00"), "1.200", "1,200"),
        (Decimal("0.000"), "0", "0"),
        (0.5, "0,5", "0.5"),
        (-3, "-3", "-3"),
    ],
)
def test_numbers_are_grouped_and_say_no_needless_zeros(tongue, value, vi, en):
    assert number(value) == (vi if tongue == "vi" else en)


def test_cells_say_moments_days_and_nothing(tongue):
    assert cell(None) == ""
    assert cell(True) == ("có" if tongue == "vi" else "yes")
    assert cell(date(2026, 11, 2)) == ("02/11/2026" if tongue == "vi" else "2 Nov 2026")
    assert cell(datetime(2026, 11, 1, 18, tzinfo=UTC)).startswith("01:00 ")


def test_a_table_is_aligned_with_numbers_to_the_right(tongue):
    lines = list(table(["Tên", "n"], [["Hoà Bình", 5], ["A", None], ["B", 10]]))
    assert lines == ["Tên        n", "Hoà Bình   5", "A", "B         10"]


def test_a_table_without_rows_is_its_header(tongue):
    assert list(table(["a", "b"], [])) == ["a  b"]
