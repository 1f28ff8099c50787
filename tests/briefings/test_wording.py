"""The grammar of numbers: directions, units, points of per cent, estimates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.indicators.facts import indicator

from vamco.briefings.wording import bound_in_words, change, listed, period_within, value
from vamco.geography.comparability import Comparability, Verdict
from vamco.geography.unit import Level
from vamco.indicators.comparing import Comparison, Kind
from vamco.indicators.figure import Figure
from vamco.packs.indicator import Band
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity
from vamco.vocabulary.text import Text

CASES = replace(indicator(), unit_of_measure=Text("ca", "cases"))
SHARE = replace(CASES, unit_of_measure=Text("%", "%"), is_percentage=True, decimals=1)


def figure(value, share=0.0):
    status = ObservationStatus.ESTIMATED if share else ObservationStatus.NORMAL
    period = Period.parse("2026-10")
    return Figure(
        "health.cases", 1, "25459@2025-07-01", Level.COMMUNE, period, date(2026, 11, 22), status,
        value=value, estimated_share=share,
    )  # fmt: skip


def said(base, now, of=CASES, share=0.0, language="vi"):
    relative = (now - base) / base if base else None
    verdict = Verdict(Comparability.COMPARABLE, "indicators.reason_exact")
    compared = Comparison(
        Kind.YEAR_ON_YEAR, figure(now, share), (figure(base),), verdict, base, now - base, relative
    )
    return change(compared, of, language).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("base", "now", "words"),
    [
        (89, 100, "tăng 12,4 % so với cùng kỳ năm trước (từ 89 lên 100 ca)"),
        (1200, 1000, "giảm 16,7 % so với cùng kỳ năm trước (từ 1.200 xuống 1.000 ca)"),
        (0, 12, "tăng từ 0 lên 12 ca so với cùng kỳ năm trước"),
        (12, 12, "không đổi so với cùng kỳ năm trước (12 ca)"),
    ],
)
def test_a_change_is_said_with_its_direction_its_numbers_and_its_unit(base, now, words):
    assert said(base, now) == words


def test_shares_change_by_points_of_per_cent():
    assert said(0.915, 0.938, SHARE) == (
        "tăng 2,3 điểm phần trăm so với cùng kỳ năm trước (từ 91,5 % lên 93,8 %)"
    )


def test_what_rests_on_estimates_says_about_and_wears_its_sign():
    assert said(89, 100, share=0.3) == (
        "tăng khoảng 12,4 % so với cùng kỳ năm trước (từ khoảng 89 lên 100 ca)"
    )
    assert value(figure(100, 0.3), CASES, "vi") == "≈\N{NO-BREAK SPACE}100\N{NO-BREAK SPACE}ca"


def test_english_writes_its_own_way():
    assert said(1200, 1000, language="en") == (
        "down 16.7 % on the same period last year (from 1,200 to 1,000 cases)"
    )


def test_periods_within_a_sentence_begin_small_and_days_say_that_they_are_days():
    periods = ("2026-W46", "2026-11-22", "2026-Q4")
    assert [period_within(Period.parse(p), "vi") for p in periods] == [
        "tuần 46/2026", "ngày 22/11/2026", "quý IV/2026",
    ]  # fmt: skip


def test_a_band_is_said_as_it_was_declared():
    band = Band(Severity.SEVERE, "<", Decimal("0.955"), "thử")
    assert bound_in_words(band, SHARE, "vi") == "dưới 95,5\N{NO-BREAK SPACE}%"
    assert bound_in_words(Band(Severity.SEVERE, ">=", Decimal(20), "thử"), CASES, "vi").startswith("từ 20")


def test_a_long_list_names_the_first_and_counts_the_others():
    assert listed(list("ABCDE"), "and_other_units", "vi") == "A, B, C, D, E"
    assert listed(list("ABCDEF"), "and_other_units", "vi") == "A, B, C, D và 2 xã, phường khác"
