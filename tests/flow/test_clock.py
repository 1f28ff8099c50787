"""A routine runs when due, once, whatever crashes."""

from datetime import UTC, datetime, timedelta

import pytest

from vamco.flow.clock import LEASE, Routine, run_due
from vamco.flow.models import RoutineRun

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_new_routine_runs_at_once_and_then_when_due_again():
    ran = []
    routine = Routine("sweep", HOUR, lambda: ran.append(1))
    assert run_due([routine], NOON) == ["sweep"]
    assert run_due([routine], NOON + HOUR / 2) == []
    assert run_due([routine], NOON + HOUR) == ["sweep"]
    assert len(ran) == 2


def test_a_routine_that_somebody_runs_now_is_left_alone_until_its_lease_ends():
    routine = Routine("sweep", HOUR, lambda: None)
    RoutineRun.objects.create(name="sweep", due_at=NOON, lease_until=NOON + LEASE)
    assert run_due([routine], NOON) == []
    assert run_due([routine], NOON + LEASE + HOUR) == ["sweep"]


def test_a_failing_routine_keeps_its_fault_and_is_due_again():
    def fail() -> None:
        raise OSError("disk full")

    assert run_due([Routine("sweep", HOUR, fail)], NOON) == ["sweep"]
    row = RoutineRun.objects.get(name="sweep")
    assert "disk full" in row.error
    assert row.lease_until is None
    assert row.due_at == NOON + HOUR
