"""Numbers, dates and nothings as readers of each language write them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from vamco.vocabulary.observation import Nothing
from vamco.web.templatetags import figures
from vamco.web.templatetags.contract_words import written

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "vi",
            (
                "1.234,5",
                f"93,8{NBSP}%",
                "22/11/2026",
                "Tháng 10/2026",
                f"1,5{NBSP}MB",
                f"19:05{NBSP}22/11/2026",
            ),
        ),
        (
            "en",
            ("1,234.5", "93.8%", "22 Nov 2026", "October 2026", f"1.5{NBSP}MB", f"19:05{NBSP}22 Nov 2026"),
        ),
    ],
)
def test_figures_are_written_as_each_language_writes_them(language, said):
    with translation.override(language):
        assert said == (
            figures.number(1234.5, 1),
            figures.percent(0.938),
            figures.day(date(2026, 11, 22)),
            figures.period("2026-10"),
            figures.size(1_500_000),
            figures.moment(datetime(2026, 11, 22, 12, 5, tzinfo=UTC)),
        )


def test_zero_is_a_number_and_the_four_nothings_are_four_words():
    with translation.override("vi"):
        words = [figures.number(0), *(figures.nothing(kind) for kind in Nothing)]
    assert words[0] == "0"
    assert len(set(words)) == 5


def test_a_score_is_never_rounded_up_to_full_marks():
    with translation.override("vi"):
        assert [figures.score(each) for each in (100.0, 99.99, 90.04)] == ["100", "99,9", "90,0"]
        assert figures.score(None) == "không áp dụng"


def test_a_period_that_nobody_can_read_is_shown_as_it_was_written():
    assert figures.period("kỳ lạ") == "kỳ lạ"


def test_values_of_a_dataset_keep_every_digit():
    with translation.override("vi"):
        assert [written(each) for each in (12, 1234.25, 0.1, True, None)] == [
            "12",
            "1.234,25",
            "0,1",
            "có",
            None,
        ]
