import shutil
import subprocess

import numpy as np
import pytest

from vamco.alerts.detectors import seasonal
from vamco.alerts.detectors.seasonal import BandOptions, StlOptions, decompose, week_slots

TIME = np.arange(144)
SEASON = 10 * np.sin(2 * np.pi * TIME / 12)


@pytest.fixture
def monthly():
    return 100 + 0.2 * TIME + SEASON + np.random.default_rng(1).normal(0, 1, TIME.size)


def test_stl_finds_trend_and_season_in_spite_of_wild_and_unknown_values(monthly):
    monthly[[30, 77]] += 80
    monthly[[50, 51, 90]] = np.nan
    found = decompose(monthly, 12)
    assert np.abs(found.trend - 100 - 0.2 * TIME).max() < 2.5
    assert np.abs(found.season - SEASON).max() < 3


def test_a_value_out_of_season_is_found_though_it_is_within_the_usual_range(monthly):
    lowest = int(np.argmin(SEASON[132:])) + 132
    monthly[lowest] += 15
    found = seasonal.stl(monthly, lowest, StlOptions(period=12))
    assert monthly[lowest] < monthly.max()
    assert found.alarm.all()
    assert found.lower < found.expected < found.upper
    assert not seasonal.stl(monthly, lowest - 1, StlOptions(period=12)).alarm.any()


def test_less_than_two_years_give_no_verdict(monthly):
    assert not seasonal.stl(monthly[:20], -1, StlOptions(period=12)).judged.any()


def test_bands_by_hour_know_the_night_from_the_morning():
    moments = np.datetime64("2026-03-02T00") + np.arange(24 * 7 * 9)
    slots = week_slots(moments, by_hour=True)
    calls = np.where(slots % 24 == 9, 50.0, 2.0) + np.random.default_rng(2).normal(0, 0.5, slots.size)
    nine = int(np.flatnonzero(slots % 24 == 9)[-1])
    calls[nine + 6] = 50
    found = seasonal.bands(calls, [nine, nine + 6], slots)
    assert found.alarm.tolist() == [[False, True]]
    assert found.expected[0] == pytest.approx([50, 2], abs=1)


def test_bands_follow_the_last_weeks_and_forget_old_ones():
    slots, calls = np.arange(210) % 7, 20 + np.random.default_rng(4).normal(0, 1, 210)
    calls[:140] += 100
    assert seasonal.bands(calls, -1, slots).expected[0, 0] == pytest.approx(20, abs=2)


def test_stl_leaves_out_what_it_is_told_to(monthly):
    wild = np.isin(TIME, [127, 131])
    spoilt, unknown = np.where(wild, 999.0, monthly), np.where(wild, np.nan, monthly)
    options = StlOptions(period=12)
    left_out = seasonal.stl(spoilt, -1, options, leave_out=wild)
    assert left_out.expected == seasonal.stl(unknown, -1, options).expected


def test_a_silent_hour_is_an_alarm_only_where_both_sides_are_watched():
    slots, calls = np.arange(70) % 7, 20 + np.random.default_rng(3).normal(0, 1, 70)
    calls[-1] = 0
    assert seasonal.bands(calls, -1, slots).alarm.all()
    assert not seasonal.bands(calls, -1, slots, BandOptions(two_sided=False)).alarm.any()


def test_the_week_begins_on_monday():
    assert week_slots(np.array(["2026-03-02", "2026-03-08"], "datetime64[D]")).tolist() == [0, 6]
    assert week_slots(np.array(["2026-03-08T23"], "datetime64[h]"), by_hour=True).tolist() == [167]


@pytest.mark.slow
def test_stl_stays_close_to_r_on_its_own_series():
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("needs R (Debian: apt-get install r-base-core)")
    program = (
        "s <- stl(nottem, s.window=7, s.degree=1, robust=TRUE)$time.series;"
        "write(rbind(c(nottem), s[,1], s[,2]), '', 3)"
    )
    printed = subprocess.run([rscript, "-e", program], check=True, capture_output=True, text=True).stdout
    values, season, trend = np.array(printed.split(), float).reshape(-1, 3).T
    found = decompose(values, 12)
    # the last decimals of a robust fit hang on the number of its inner rounds
    np.testing.assert_allclose(found.season, season, atol=0.1)
    np.testing.assert_allclose(found.trend, trend, atol=0.05)
