from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.notifying.restraint import ZONE, Limit, QuietHours, wait_after

NIGHT = QuietHours(time(22), time(6))
NOON_REST = QuietHours(time(11, 30), time(13, 30))


@pytest.mark.parametrize(
    ("clock", "ends"),
    [
        ("2026-01-05T21:59", None),
        ("2026-01-05T22:00", "2026-01-06T06:00"),
        ("2026-01-06T05:59", "2026-01-06T06:00"),
        ("2026-01-06T06:00", None),
    ],
)
def test_a_quiet_night_runs_past_midnight_on_the_clocks_of_the_province(clock: str, ends: str | None) -> None:
    now = datetime.fromisoformat(clock).replace(tzinfo=ZONE)
    expected = ends and datetime.fromisoformat(ends).replace(tzinfo=ZONE)
    assert NIGHT.until(now.astimezone(UTC)) == expected


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.sampled_from([NIGHT, NOON_REST]))
def test_quiet_always_ends_later_within_a_day_and_does_not_begin_anew_at_its_end(naive, quiet) -> None:
    now = naive.replace(tzinfo=ZONE)
    ends = quiet.until(now)
    if ends is not None:
        assert now < ends <= now + timedelta(days=1)
        assert quiet.until(ends) is None


def test_who_had_enough_messages_waits_until_the_oldest_that_counts_is_past() -> None:
    limit = Limit(2, timedelta(minutes=10))
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    minutes = [noon - timedelta(minutes=each) for each in (30, 8, 3)]
    assert limit.until(minutes[:2], noon) is None
    assert limit.until(minutes, noon) == noon + timedelta(minutes=2)


def test_each_failure_doubles_the_wait_up_to_an_hour() -> None:
    assert [wait_after(n).total_seconds() for n in (1, 2, 3, 8, 400)] == [30, 60, 120, 3600, 3600]
