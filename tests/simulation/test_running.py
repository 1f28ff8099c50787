"""A run that can be broken off, taken up again, and done once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.simulation.conftest import DAYS

from vamco.intake.models import Delivery, State
from vamco.simulation import running
from vamco.simulation.plan import Shipment, plan
from vamco.simulation.running import run

UNTIL = datetime(2025, 2, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def shipments(world, feed_of):
    return plan(world, [feed_of("information-security.restore_tests")], DAYS, UNTIL)


@pytest.fixture(autouse=True)
def no_figures(monkeypatch):
    """What is computed of deliveries is no part of these tests."""
    monkeypatch.setattr(running, "catch_up", lambda _holder: None)


@pytest.mark.django_db
def test_a_run_that_was_broken_off_is_taken_up_where_it_stood(world, shipments):
    run(world, shipments[:1], lambda _: None, lambda: None)

    n_new = run(world, shipments, lambda _: None, lambda: None)

    assert n_new == len(shipments) - 1
    assert Delivery.objects.filter(state=State.ACCEPTED, is_simulated=True).count() == len(shipments)


@pytest.mark.django_db
def test_what_was_delivered_is_not_made_up_again(world, shipments, monkeypatch):
    run(world, shipments, lambda _: None, lambda: None)
    monkeypatch.setattr(Shipment, "content", None)

    assert run(world, shipments, lambda _: None, lambda: None) == 0


@pytest.mark.django_db
def test_deliveries_came_when_their_agencies_sent_them(world, shipments):
    run(world, shipments, lambda _: None, lambda: None)

    came = set(Delivery.objects.values_list("received_at", flat=True))
    assert came == {shipment.arrives_at for shipment in shipments}
