"""Numbers, dates and nothings as readers of each language write them."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from vamco.packs.contract import Column, Kind
from vamco.vocabulary.observation import Nothing
from vamco.vocabulary.text import Text
from vamco.web.charts import score_chart
from vamco.web.templatetags import figures
from vamco.web.templatetags.audit_words import brief
from vamco.web.templatetags.contract_words import written
from vamco.web.templatetags.indicator_words import doubts

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


def test_the_four_nothings_have_four_marks():
    marks = {figures.nothing_mark(kind)["mark"] for kind in Nothing}
    assert len(marks) == len(Nothing)


def test_the_number_of_a_document_stays_on_one_line_and_can_be_searched_for():
    shown = figures.unbroken("Khoản 1 Điều 2, 1682/NQ-UBTVQH15 <b>")
    assert shown == 'Khoản 1 Điều 2, <span class="nowrap">1682/NQ-UBTVQH15</span> &lt;b&gt;'


def test_a_fingerprint_is_shown_by_its_beginning_and_other_values_whole():
    assert brief("ab" * 32) == f'<abbr title="{"ab" * 32}">{("ab" * 6)}…</abbr>'
    assert brief("<i>") == "&lt;i&gt;"


def test_words_below_a_chart_stay_inside_it():
    points = [(f"kỳ {n}", 90.0, "") for n in range(4)]
    labels = score_chart(points, (75, 90)).labels
    assert [label.anchor for label in labels] == ["start", "middle", "middle", "end"]
    assert [label.is_between for label in labels] == [False, True, True, False]


def test_a_score_is_never_rounded_up_to_full_marks():
    with translation.override("vi"):
        assert [figures.score(each) for each in (100.0, 99.99, 90.04)] == ["100", "99,9", "90,0"]
        assert figures.score(None) == "không áp dụng"


def test_a_period_that_nobody_can_read_is_shown_as_it_was_written():
    assert figures.period("kỳ lạ") == "kỳ lạ"


def test_values_of_a_dataset_keep_every_digit():
    with translation.override("vi"):
        counted = Column("n", Kind.DECIMAL, Text("Số", "Number"))
        assert [written(each, counted) for each in (12, 1234.25, 0.1, True, None)] == [
            "12",
            "1.234,25",
            "0,1",
            "có",
            None,
        ]


@pytest.mark.parametrize(("high", "is_said"), [(1.24, False), (1.9, True)])
def test_bounds_that_are_written_alike_are_no_range(high, is_said):
    figure = SimpleNamespace(
        value=1.2, is_estimated=True, estimated_share=0.5, low=1.16, high=high, missing_units=(),
        missing_periods=(), status="estimated", reason=None,
    )  # fmt: skip
    indicator = SimpleNamespace(is_percentage=False, decimals=1)
    assert any("chắc chắn" in said for said in doubts(figure, indicator)) is is_said
