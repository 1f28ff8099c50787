"""What the door understands and refuses before any row is read."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.intake.conftest import column, contract

from vamco.intake.models import Delivery, State
from vamco.intake.supply import supplies
from vamco.packs.contract import Kind, Schedule
from vamco.vocabulary.errors import Misused, Refused
from vamco.warehouse.models import LedgerEntry

pytestmark = pytest.mark.django_db
CASES = contract(column("code", Kind.CODE, required=True))
FILE = "code\nA1\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-10-01..2026-10-31", "2026-10"),
        ("2026-07-01..2026-09-30", "2026-Q3"),
        ("2025-01-01..2025-12-31", "2025"),
        ("2026-10-01..2026-10-30", "2026-10-01..2026-10-30"),
    ],
)
def test_a_range_that_is_a_whole_month_quarter_or_year_is_that(deliver, written, kept):
    assert deliver(CASES, FILE, period=written).period == kept


def test_a_period_far_ahead_is_taken_for_a_slip(deliver):
    far = timezone.localdate() + timedelta(days=800)
    with pytest.raises(Refused, match="period_far_ahead"):
        deliver(CASES, FILE, period=f"{far.year}-12")
    assert deliver(CASES, FILE, period=f"{timezone.localdate().year}-12").pk


def test_the_same_file_declared_otherwise_is_not_quietly_ignored(deliver):
    first = deliver(CASES, FILE)
    with pytest.raises(Refused, match="sent_with_other_options"):
        deliver(CASES, FILE, options={"map_on": "2025-06-30"})
    assert Delivery.objects.get() == first


MONTHLY = contract(*CASES.columns, schedule=Schedule("month", 5, date(2026, 1, 1)))


def test_the_history_of_a_source_that_joins_comes_as_one_delivery_of_many_periods(deliver):
    then = datetime(2026, 7, 2, tzinfo=UTC)
    came = deliver(MONTHLY, FILE, period="2026-01-01..2026-06-30", is_simulated=True, simulated_at=then)
    entries = supplies(date(2026, 7, 20))
    assert [entry.delivery == came for entry in entries] == [True] * 6 + [False]


@pytest.mark.parametrize("period", ["2026-01-15..2026-02-28", "2026-W05", "2026-01-10"])
def test_a_period_that_is_not_made_of_whole_owed_ones_is_refused(deliver, period):
    with pytest.raises(Misused, match="wrong_period_type"):
        deliver(MONTHLY, FILE, period=period)


def test_a_month_that_an_accepted_history_covers_is_not_taken_twice(deliver):
    deliver(MONTHLY, FILE, period="2026-Q1")
    with pytest.raises(Refused, match="period_overlaps"):
        deliver(MONTHLY, "code\nA2\n", period="2026-02")
    assert deliver(MONTHLY, "code\nA3\n", period="2026-Q1").state == State.ACCEPTED


def test_made_up_data_is_decided_in_the_time_it_was_made_for_and_real_data_never(deliver):
    then = datetime(2026, 3, 5, 9, tzinfo=UTC)
    made_up = deliver(CASES, FILE, period="2026-02", is_simulated=True, simulated_at=then)
    assert then <= made_up.decided_at < then + timedelta(minutes=1)
    assert LedgerEntry.objects.get().known_since_at == made_up.decided_at
    real = deliver(CASES, "code\nA2\n", period="2026-03", simulated_at=then)
    assert real.received_at > then + timedelta(days=1)
