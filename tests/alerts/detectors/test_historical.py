from datetime import date, timedelta

import numpy as np
import pytest

from vamco.alerts.detectors import historical
from vamco.alerts.detectors.anniversaries import (
    by_count,
    by_date,
    by_tet,
    new_year_days,
    tet_periods,
    years_before,
)
from vamco.alerts.detectors.historical import MeanOptions, PercentileOptions

MONTHS = 12 * 6
WEEKS = [date(2015, 1, 5) + timedelta(weeks=n) for n in range(600)]


def months(same_month, now):
    series = np.full(MONTHS, 100.0)
    series[MONTHS - 1 - 12 * np.arange(5, 0, -1)] = same_month
    series[-1] = now
    return series


@pytest.mark.parametrize(("now", "alarm"), [(19.4, False), (19.5, True)])
def test_an_outbreak_is_more_than_the_five_year_mean_and_two_deviations(now, alarm):
    found = historical.mean_and_deviations(months([12.0, 14, 18, 16, 15], now), -1, MeanOptions(period=12))
    assert found.expected[0, 0] == 15
    assert found.upper[0, 0] == pytest.approx(15 + 2 * 5**0.5)
    assert found.alarm[0, 0] == alarm


def test_the_third_quartile_of_five_years_is_the_fourth_value():
    found = historical.percentile(months([12.0, 14, 18, 16, 15], 17), -1, PercentileOptions(period=12))
    assert (found.expected[0, 0], found.upper[0, 0], found.alarm[0, 0]) == (15, 16, True)
    assert found.p[0, 0] == pytest.approx(2 / 6)


def test_four_of_five_years_are_too_few_unless_the_rule_says_so():
    series = months([12.0, np.nan, 18, 16, 15], 99)
    assert not historical.mean_and_deviations(series, -1, MeanOptions(period=12)).judged
    assert historical.mean_and_deviations(series, -1, MeanOptions(period=12, min_known=4)).alarm


def test_by_date_a_year_of_53_weeks_shifts_nothing():
    at = WEEKS.index(date(2024, 6, 3))
    dates = [WEEKS[place] for place in by_date(WEEKS, 5)[at]]
    assert all(abs((day.replace(year=2024) - date(2024, 6, 3)).days) <= 3 for day in dates)
    assert WEEKS[by_count(600, 5)[at, -1]] == date(2019, 6, 10)


def test_29_february_has_its_anniversary_on_1_march():
    assert years_before(date(2024, 2, 29), 1) == date(2023, 3, 1)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)


def test_before_the_series_starts_there_is_no_anniversary():
    assert (by_date(WEEKS, 5)[10] < -40).all()
    assert (by_count(600, 5)[10] < 0).all()


def test_tet_weeks_are_compared_with_tet_weeks():
    tet = new_year_days(range(2015, 2027))
    assert (tet[2015], tet[2025], tet[2026]) == (date(2015, 2, 19), date(2025, 1, 29), date(2026, 2, 17))
    at = next(n for n, week in enumerate(WEEKS) if week <= tet[2025] < week + timedelta(weeks=1))
    compared = [WEEKS[place] for place in by_tet(WEEKS, 5)[at]]
    assert all(abs((week - tet[2025 - back - 1]).days) <= 6 for back, week in enumerate(compared))
    june = WEEKS.index(date(2024, 6, 3))
    assert by_tet(WEEKS, 5)[june].tolist() == by_date(WEEKS, 5)[june].tolist()


def test_a_month_is_compared_with_the_same_month_though_tet_moves():
    starts = [date(2018 + n // 12, n % 12 + 1, 1) for n in range(100)]
    assert by_tet(starts, 5).tolist() == by_date(starts, 5).tolist()
    assert by_date(starts, 5)[97].tolist() == [85, 73, 61, 49, 37]


def test_a_single_period_has_no_past():
    assert (by_tet(WEEKS[:1], 5) < 0).all()
    assert tet_periods([date(2026, 2, 17)]).tolist() == [True]


def test_tet_periods_are_those_that_touch_the_days_around_it():
    found = [
        week for week, is_tet in zip(WEEKS, tet_periods(WEEKS, before=0, after=0), strict=True) if is_tet
    ]
    assert date(2025, 1, 27) in found
    assert len(found) == len({week.year for week in WEEKS})
    around = tet_periods(WEEKS, before=7, after=14)
    assert around[WEEKS.index(date(2025, 1, 20)) : WEEKS.index(date(2025, 2, 17))].tolist() == [True] * 4
