"""What number formats say, and numbers as text that lose nothing."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.intake.reading.grid import Place
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.workbooks.number_format import Meaning, NumberWriter, number_format, plain_number


@pytest.mark.parametrize(
    "code", ["dd/mm/yyyy", "[$-42A]d mmmm yyyy", "m/d/yy h:mm", "hh:mm:ss", 'dd" tháng "mm', "mm-dd-yy"]
)
def test_formats_of_days_and_hours_mean_dates(code):
    assert number_format(code).meaning is Meaning.DATE


@pytest.mark.parametrize(
    "code",
    ["General", "#,##0", "0.00", "[h]:mm", "_(* #,##0_)", '#,##0" đ"', "@", "[Red]0.0", "0", "0.00E+00"],
)
def test_other_formats_mean_plain_numbers(code):
    assert number_format(code).meaning is Meaning.NUMBER


@pytest.mark.parametrize(
    ("code", "n_digits"), [("00000", 5), ('000"-"000', 6), ("0000\\ 000\\ 000", 10), ("00;-00", 2)]
)
def test_formats_of_zeros_mean_codes(code, n_digits):
    assert (number_format(code).meaning, number_format(code).n_digits) == (Meaning.ZEROS, n_digits)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_text_is_the_same_number_without_exponent(number):
    text = plain_number(number)
    assert float(text) == number
    assert "e" not in text
    assert not text.endswith(".0")


@given(st.integers())
def test_a_whole_number_stored_as_text_keeps_all_its_digits(number):
    assert plain_number(str(number)) == str(number)


@given(st.dates(min_value=dt.date(1900, 3, 1)))
def test_a_day_number_is_its_day(day):
    serial = (day - dt.date(1899, 12, 30)).days
    assert NumberWriter(Repairs()).write(serial, "dd/mm/yyyy", Place(1, 0)) == day.isoformat()


@pytest.mark.parametrize(
    ("serial", "text"),
    [
        (1, "1900-01-01"),
        (59, "1900-02-28"),
        (60, "60"),
        (61, "1900-03-01"),
        (-1, "-1"),
        (2_958_466, "2958466"),
        (45_839.75, "2025-07-01 18:00:00"),
    ],
)
def test_the_day_that_never_was_stays_a_number(serial, text):
    assert NumberWriter(Repairs()).write(serial, "dd/mm/yyyy", Place(1, 0)) == text


def test_places_have_the_names_of_a_spreadsheet():
    assert [str(Place(12, column)) for column in (0, 25, 26, 701, 702)] == [
        "A12",
        "Z12",
        "AA12",
        "ZZ12",
        "AAA12",
    ]
