"""The library proposes, signed rows decide; counting there and back agrees."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vamco.vocabulary.errors import Misused
from vamco.worktime.calendar import Basis, WorkCalendar
from vamco.worktime.calendar_day import CalendarDay, DayKind

PROVINCE = Path(__file__).parents[2] / "provinces" / "tay-ninh" / "calendar.csv"
TAY_NINH = WorkCalendar.load(PROVINCE)
PROPOSED = WorkCalendar()

days = st.dates(date(2019, 1, 1), date(2030, 12, 31))
counts = st.integers(0, 60)
law = settings(deadline=None, max_examples=60)  # the library is slow to load a first year


@st.composite
def calendars(draw):
    decided = draw(st.dictionaries(days, st.sampled_from(DayKind), max_size=40))
    return WorkCalendar.of(CalendarDay(on, kind, "", "", on, "", False) for on, kind in decided.items())


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-02-11", 10, "2026-03-04"),  # across Tết
        ("2025-12-30", 3, "2026-01-06"),  # 2 January swapped with 10 January
        ("2026-01-08", 2, "2026-01-10"),  # … which is a Saturday at work
        ("2026-08-21", 5, "2026-08-27"),  # Saturday 22 August is worked
        ("2026-11-20", 2, "2026-11-25"),  # Culture Day, new in 2026
        ("2026-04-24", 1, "2026-04-28"),  # the Hùng Kings' day falls on a Sunday: Monday compensates
    ],
)
def test_a_deadline_in_working_days_falls_where_the_offices_have_it(start, n, due):
    assert TAY_NINH.add_working_days(date.fromisoformat(start), n) == date.fromisoformat(due)


def test_tet_is_reckoned_in_vietnam_not_in_china():
    assert not PROPOSED.is_working_day(date(2030, 2, 4))
    assert PROPOSED.explain(date(2030, 2, 2)).title == "Tết Nguyên Đán"
    assert PROPOSED.explain(date(2007, 2, 17)).title == "Tết Nguyên Đán"


def test_a_signed_row_wins_over_the_library():
    assert PROPOSED.is_working_day(date(2026, 1, 2))
    verdict = TAY_NINH.explain(date(2026, 1, 2))
    assert (verdict.is_working, verdict.basis) == (False, Basis.SIGNED)
    assert verdict.row is not None
    assert verdict.row.decision == "12729/VPCP-KGVX"


def test_the_basis_of_an_ordinary_day_is_the_week_and_of_a_holiday_the_library():
    assert TAY_NINH.explain(date(2026, 11, 23)).basis is Basis.WEEK
    assert TAY_NINH.explain(date(2026, 11, 24)).basis is Basis.PROPOSED
    assert TAY_NINH.explain(date(2026, 8, 22)).basis is Basis.PROPOSED


def test_the_calendar_as_known_before_an_announcement_ignores_it():
    asked = date(2025, 12, 30)
    assert TAY_NINH.as_known_on(date(2025, 12, 24)).add_working_days(asked, 3) == date(2026, 1, 5)
    assert TAY_NINH.as_known_on(date(2025, 12, 25)).add_working_days(asked, 3) == date(2026, 1, 6)


def test_a_deadline_on_a_day_off_moves_to_the_next_working_day():
    assert TAY_NINH.next_working_day(date(2026, 2, 14)) == date(2026, 2, 23)
    assert TAY_NINH.next_working_day(date(2026, 2, 13)) == date(2026, 2, 13)


def test_days_cannot_be_added_backwards():
    with pytest.raises(Misused, match="negative_days"):
        TAY_NINH.add_working_days(date(2026, 1, 1), -1)


def test_a_year_without_lunar_table_is_refused():
    with pytest.raises(Misused, match="year_out_of_range"):
        TAY_NINH.is_working_day(date(2101, 1, 3))


@law
@given(calendars(), days, counts)
def test_counting_undoes_adding(calendar, start, n):
    assert calendar.working_days_between(start, calendar.add_working_days(start, n)) == n


@law
@given(calendars(), days, counts)
def test_adding_ends_on_a_working_day_and_nothing_is_added_by_zero(calendar, start, n):
    assert calendar.add_working_days(start, 0) == start
    assert calendar.is_working_day(calendar.add_working_days(start, n + 1))


@law
@given(calendars(), days, counts, counts)
def test_adding_in_two_steps_is_adding_at_once(calendar, start, m, n):
    at_once = calendar.add_working_days(start, m + n)
    assert calendar.add_working_days(calendar.add_working_days(start, m), n) == at_once


@law
@given(calendars(), days, st.integers(0, 40), counts)
def test_a_later_start_never_ends_earlier(calendar, start, later, n):
    assert calendar.add_working_days(start, n) <= calendar.add_working_days(start + timedelta(later), n)


@law
@given(calendars(), days, days, days)
def test_spans_add_up_and_turn_round(calendar, a, b, c):
    a, b, c = (date(2026, 1, 1) + timedelta(d.toordinal() % 400) for d in (a, b, c))
    between = calendar.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)
