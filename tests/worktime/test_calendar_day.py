"""A bad calendar file is refused with its file and line."""

from datetime import date

import pytest

from vamco.vocabulary.errors import Misused, NotFound
from vamco.worktime.calendar_day import DayKind, load_calendar_days

HEADER = "date,kind,title,decision,announced_on,source,verified,hours\n"
GOOD = "2026-01-02,day_off,Nghỉ hoán đổi,12729/VPCP-KGVX,2025-12-25,24h,no,\n"


@pytest.fixture
def load(tmp_path):
    def load(text, encoding="utf-8"):
        path = tmp_path / "calendar.csv"
        path.write_text(text, encoding)
        return load_calendar_days(path)

    return load


def test_rows_come_back_typed_and_by_date(load):
    later, first = load(HEADER + GOOD + "2025-01-01,holiday,Tết,,2024-12-01,,yes,\n")[::-1]
    assert first.on == date(2025, 1, 1)
    assert (first.verified, first.is_working) == (True, False)
    assert later.kind is DayKind.DAY_OFF


def test_a_byte_order_mark_is_no_fault(load):
    assert len(load(HEADER + GOOD, "utf-8-sig")) == 1


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("02/01/2026,day_off,,,2025-12-25,,no,", "date"),
        ("2026-01-02,off,,,2025-12-25,,no,", "kind"),
        ("2026-01-02,day_off,,,hôm qua,,no,", "announced_on"),
        ("2026-01-02,day_off,,,2025-12-25,,maybe,", "verified"),
        ("2026-01-02,workday,,,2025-12-25,,no,8-12", "hours"),
    ],
)
def test_a_bad_cell_names_file_line_and_column(load, line, column):
    with pytest.raises(Misused) as refused:
        load(HEADER + GOOD + line + "\n")
    assert (refused.value.details["line"], refused.value.details["column"]) == (3, column)
    assert "calendar.csv, dòng 3" in refused.value.say("vi")["what"]


def test_a_day_decided_twice_names_both_lines(load):
    with pytest.raises(Misused) as refused:
        load(HEADER + GOOD + GOOD)
    assert (refused.value.details["first"], refused.value.details["line"]) == (2, 3)


@pytest.mark.parametrize("text", ["", "date,kind\n", HEADER + "2026-01-02,day_off\n"])
def test_wrong_columns_are_refused(load, text):
    with pytest.raises(Misused, match="bad_columns"):
        load(text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(NotFound, match="no_calendar"):
        load_calendar_days(tmp_path / "calendar.csv")
