"""Laws of periods: what is written is what is read, and the calendar has no gaps."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period, PeriodType
from vamco.vocabulary.season import SEASONS

DAY = timedelta(days=1)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
calendar_types = st.sampled_from([t for t in PeriodType if t is not PeriodType.RANGE])
on_a_calendar = st.builds(Period.covering, calendar_types, days)
ranges = st.tuples(days, days).map(lambda pair: Period.between(min(pair), max(pair)))
seasons = st.builds(Period.crop, st.sampled_from(sorted(SEASONS)), st.integers(1901, 2198))
declared_seasons = st.builds(
    lambda code, pair: Period.crop(code, max(pair).year, min(pair), max(pair)),
    st.sampled_from(sorted(SEASONS)),
    st.tuples(days, days),
)
periods = st.one_of(on_a_calendar, ranges, seasons, declared_seasons)


@given(periods)
def test_what_is_written_is_read_back_the_same(period):
    assert Period.parse(str(period)) == period


@given(st.one_of(on_a_calendar, seasons, ranges))
def test_the_vietnamese_title_is_read_back_the_same(period):
    assert Period.parse(period.title.vi) == period


@given(calendar_types, days)
def test_every_day_lies_in_one_period_of_a_type(period_type, day):
    period = Period.covering(period_type, day)
    assert period.contains(day)
    assert all(Period.covering(period_type, end) == period for end in (period.start_on, period.end_on))


@given(st.one_of(on_a_calendar, ranges))
def test_neighbours_touch_and_lead_back(period):
    assert period.next().start_on == period.end_on + DAY
    assert period.previous().end_on == period.start_on - DAY
    assert period.next().previous() == period == period.previous().next()
    assert period.next().type is period.type


@given(seasons)
def test_seasons_lead_back_to_themselves(season):
    assert season.next().previous() == season
    assert season.next() > season


@given(on_a_calendar, on_a_calendar)
def test_order_is_the_order_of_time(one, other):
    if one.end_on < other.start_on:
        assert one < other
    assert (one == other) == (hash(one) == hash(other) and str(one) == str(other))


@given(st.builds(Period.covering, st.sampled_from([PeriodType.YEAR, PeriodType.SCHOOL_YEAR]), days))
def test_months_tile_a_year(year):
    months = year.split(PeriodType.MONTH)
    assert len(months) == 12
    assert months[0].start_on == year.start_on
    assert months[-1].end_on == year.end_on
    assert all(a.next() == b for a, b in pairwise(months))
    assert all(year.contains(month) for month in months)


@given(days, st.integers(0, 60))
def test_days_tile_anything(start_on, n_more):
    period = Period.between(start_on, start_on + n_more * DAY)
    assert len(period.split(PeriodType.DAY)) == n_more + 1


@given(on_a_calendar)
def test_the_same_period_last_year_has_the_same_place_in_its_year(period):
    before = period.same_period_last_year()
    if before is not None:
        assert before.type is period.type
        assert before.end_on < period.start_on
        assert str(before)[4:] == str(period)[4:] or period.type is PeriodType.SCHOOL_YEAR


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("Tháng 10/2026", "2026-10"),
        ("tháng 01 năm 2026", "2026-01"),
        ("10/2026", "2026-10"),
        ("Quý IV/2026", "2026-Q4"),
        ("quý 2 năm 2026", "2026-Q2"),
        ("Tuần 47/2026", "2026-W47"),
        ("6 tháng đầu năm 2026", "2026-H1"),
        ("6 tháng cuối năm 2026", "2026-H2"),
        ("Năm 2026", "2026"),
        ("Năm học 2025-2026", "SY2025-2026"),
        ("năm học 2025 – 2026", "SY2025-2026"),
        ("vụ Đông Xuân 2025-2026", "2026-DX"),
        ("Vụ Hè Thu 2026", "2026-HT"),
        ("vụ Mùa năm 2025", "2025-M"),
        ("ngày 22/11/2026", "2026-11-22"),
        ("từ ngày 01/01/2026 đến ngày 15/03/2026", "2026-01-01..2026-03-15"),
        ("2026-DX:2025-10-15..2026-03-10", "2026-DX:2025-10-15..2026-03-10"),
        ("2026-DX:2025-11-01..2026-03-31", "2026-DX"),
    ],
)
def test_periods_are_read_as_people_write_them(written, canonical):
    assert str(Period.parse(written)) == canonical


@pytest.mark.parametrize(
    "written",
    [
        *("", "2026-13", "2026-02-30", "2026-W54", "2025-W53", "2026-Q5", "2026-H3", "SY2025-2027"),
        *(
            "SY2025-2025",
            "2026-XX",
            "2026-03-15..2026-01-01",
            "vụ Hè Thu 2025-2026",
            "vụ Đông Xuân 2024-2026",
        ),
        *("32/01/2026", "0000", "9999-12", "tháng mười", "2026-1", "２０２６"),
    ],
)
def test_what_is_no_period_is_refused_by_name(written):
    with pytest.raises(Misused) as refusal:
        Period.parse(written)
    assert refusal.value.key == "vocabulary.bad_period"
    assert written in refusal.value.say("vi")["what"]


def test_a_period_must_fit_its_type():
    with pytest.raises(Misused):
        Period(date(2026, 1, 2), date(2026, 1, 31), PeriodType.MONTH)
    with pytest.raises(Misused):
        Period(date(2026, 1, 1), date(2026, 1, 31), PeriodType.MONTH, "2026-DX")
    with pytest.raises(Misused):
        Period(date(2026, 1, 1), date(2026, 3, 31), PeriodType.CROP_SEASON, "2026-XX")


@pytest.mark.parametrize("written", ["2020-W53", "2024-02-29", "2024-02-29..2024-03-01"])
def test_some_periods_have_no_counterpart_last_year(written):
    assert Period.parse(written).same_period_last_year() is None


def test_counterparts_last_year():
    pairs = {
        "2021-W01": "2020-W01",
        "2026-DX": "2025-DX",
        "SY2026-2027": "SY2025-2026",
        "2026-10-01..2026-10-15": "2025-10-01..2025-10-15",
    }
    for now, then in pairs.items():
        assert str(Period.parse(now).same_period_last_year()) == then


def test_a_school_year_begins_in_september_and_ends_in_august():
    year = Period.parse("SY2026-2027")
    assert (year.start_on, year.end_on) == (date(2026, 9, 1), date(2027, 8, 31))
    assert Period.covering(PeriodType.SCHOOL_YEAR, date(2026, 8, 31)).title.en == "School year 2025-2026"


def test_three_crops_follow_each_other_and_the_wet_season_stands_alone():
    winter = Period.parse("2026-DX")
    assert [str(winter.next()), str(winter.next().next()), str(winter.previous())] == [
        *("2026-HT", "2026-TD", "2025-TD")
    ]
    assert str(Period.parse("2026-M").next()) == "2027-M"
    assert str(Period.covering(PeriodType.CROP_SEASON, date(2025, 12, 1))) == "2026-DX"


def test_a_season_with_declared_dates_has_no_known_neighbour():
    season = Period.crop("DX", 2026, date(2025, 10, 15), date(2026, 3, 10))
    assert season.same_period_last_year() is None
    with pytest.raises(Misused, match="season_without_calendar"):
        season.next()
    with pytest.raises(Misused, match="season_without_calendar"):
        season.previous()


def test_weeks_do_not_tile_a_month():
    with pytest.raises(Misused, match="period_does_not_split"):
        Period.parse("2026-10").split(PeriodType.WEEK)
    assert len(Period.parse("2026-06-01..2026-06-14").split(PeriodType.WEEK)) == 2


def test_no_range_can_be_found_from_a_day():
    with pytest.raises(Misused, match="range_covers_nothing"):
        Period.covering(PeriodType.RANGE, date(2026, 1, 1))


def test_containing_means_every_day():
    quarter = Period.parse("2026-Q4")
    assert quarter.contains(Period.parse("2026-10"))
    assert not quarter.contains(Period.parse("2026-W40"))
    assert quarter.contains(date(2026, 12, 31))
    assert not quarter.contains(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("canonical", "vi", "en"),
    [
        ("2026-11-05", "05/11/2026", "5 November 2026"),
        ("2026-W47", "Tuần 47/2026", "Week 47, 2026"),
        ("2026-10", "Tháng 10/2026", "October 2026"),
        ("2026-Q4", "Quý IV/2026", "Q4 2026"),
        ("2026-H2", "6 tháng cuối năm 2026", "Second half of 2026"),
        ("2026", "Năm 2026", "2026"),
        ("SY2026-2027", "Năm học 2026-2027", "School year 2026-2027"),
        ("2026-DX", "Vụ Đông Xuân 2025-2026", "Winter-spring crop 2025-2026"),
        ("2026-HT", "Vụ Hè Thu 2026", "Summer-autumn crop 2026"),
        ("2026-01-01..2026-03-15", "01/01/2026 – 15/03/2026", "2026-01-01 – 2026-03-15"),
    ],
)
def test_titles(canonical, vi, en):
    title = Period.parse(canonical).title
    assert (title.vi, title.en) == (vi, en)
