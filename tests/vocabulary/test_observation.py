"""The kinds of nothing never turn into a number, nor into each other."""

from decimal import Decimal

import pytest

from vamco.vocabulary.observation import Nothing, Observation, ObservationStatus
from vamco.vocabulary.period import Period

WITH_VALUE = {ObservationStatus.NORMAL, ObservationStatus.ESTIMATED, ObservationStatus.PARTIAL}
OCTOBER = Period.parse("2026-10")


def observed(value, status):
    return Observation("health.cases", 1, "27694@2025-07-01", OCTOBER, value, status)


@pytest.mark.parametrize("status", ObservationStatus)
def test_a_status_either_has_a_value_or_has_none(status):
    right, wrong = (Decimal(0), None) if status in WITH_VALUE else (None, Decimal(0))
    assert observed(right, status).value == right
    with pytest.raises(ValueError, match=status):
        observed(wrong, status)


def test_zero_is_a_value():
    assert observed(Decimal(0), ObservationStatus.NORMAL).value == 0


def test_every_kind_of_nothing_is_a_status():
    assert {nothing.value for nothing in Nothing} == {
        s.value for s in ObservationStatus if s not in WITH_VALUE
    }


def test_when_it_became_known_does_not_make_it_another_observation():
    from datetime import UTC, datetime

    one = observed(Decimal(3), ObservationStatus.NORMAL)
    assert one == Observation(
        *("health.cases", 1, "27694@2025-07-01", OCTOBER, Decimal(3), ObservationStatus.NORMAL),
        known_since_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
