"""When the worker watches: not before anything ever came, and not while somebody has the figures to themselves."""

from datetime import date

import pytest
from django.utils import timezone

from vamco.alerts.evaluating import Evaluated
from vamco.flow import routines, worker
from vamco.indicators.leasing import alone
from vamco.intake.models import Channel, Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def watched(monkeypatch):
    """What the worker began."""
    begun = []
    monkeypatch.setattr(worker, "evaluate_due", lambda: begun.append("evaluate") or Evaluated(rules=["x.y"]))
    monkeypatch.setattr(routines, "tell_due", lambda: begun.append("tell"))
    return begun


def deliver():
    Delivery.objects.create(
        contract_id="health.notified_cases",
        contract_version="1",
        period="2026-W46",
        period_start_on=date(2026, 11, 9),
        period_end_on=date(2026, 11, 15),
        agency="so-y-te",
        sha256="a" * 64,
        channel=Channel.UPLOAD,
        received_at=timezone.now(),
    )


def test_where_nothing_ever_came_nothing_is_missed(watched):
    assert not worker._watch("w1")
    deliver()
    assert worker._watch("w1")
    assert watched == ["evaluate"]


def test_while_a_province_is_being_made_up_nothing_is_evaluated_and_nobody_is_told(watched):
    deliver()
    with alone("demo"):
        assert not worker._watch("w1")
        routines._tell()
    assert watched == []
    routines._tell()
    assert watched == ["tell"]
