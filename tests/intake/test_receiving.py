"""What the door understands and refuses before any row is read."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.intake.conftest import column, contract

from vamco.intake.models import Delivery
from vamco.packs.contract import Kind
from vamco.vocabulary.errors import Refused

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
