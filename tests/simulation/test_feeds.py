"""What the made-up sources send: it passes the real intake clean, and fails it where it was spoiled."""

import io
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.simulation.conftest import DAYS, make_world

from vamco.accounts.policy import PROGRAM
from vamco.intake.contracts import packs
from vamco.intake.models import Channel, Receipt, State
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one
from vamco.simulation.feeds import feeds
from vamco.simulation.plan import Shipment, plan

UNTIL = datetime(2026, 11, 22, 17, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
IDS = sorted(feed.contract for feed in feeds())
QUICK = {
    "education.attendance",
    "information-security.alerts",
    "public-administration.dossiers",
    "public-administration.ratings",
    "sharing-platform.quality_tickets",
}


def shipments_of(world, feed_of, contract_id: str) -> list[Shipment]:
    return plan(world, [feed_of(contract_id)], DAYS, UNTIL)


def check(world, shipment: Shipment) -> Receipt:
    content = io.BytesIO(shipment.content(world))
    received = receive(
        PROGRAM,
        shipment.contract.id,
        str(shipment.period),
        content,
        shipment.filename,
        Channel.COMMAND_LINE,
        is_simulated=True,
        simulated_at=shipment.arrives_at,
    )
    return Receipt.objects.get(part__delivery=check_one(received.delivery, "test"))


def clean(shipment: Shipment) -> Shipment:
    return replace(shipment, is_dirty=False, is_thin=False)


@pytest.mark.parametrize(
    "contract_id", [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in IDS]
)
@pytest.mark.django_db
def test_a_clean_delivery_is_accepted_without_a_finding(world, feed_of, contract_id):
    last = clean(shipments_of(world, feed_of, contract_id)[-1])

    receipt = check(world, last)

    assert receipt.outcome == State.ACCEPTED
    assert list(receipt.findings.values_list("column", "reason", "example_cell")) == []


@pytest.mark.parametrize("contract_id", IDS)
@pytest.mark.slow
@pytest.mark.django_db
def test_the_history_of_a_source_is_accepted_without_a_finding(world, feed_of, contract_id):
    """A year of it, across the merger where the history reaches so far back."""
    shipments = shipments_of(world, feed_of, contract_id)
    over_the_merger = [s for s in shipments if s.period.contains(date(2025, 6, 30))]

    receipt = check(world, clean((over_the_merger or shipments)[0]))

    assert (receipt.outcome, receipt.n_rejected) == (State.ACCEPTED, 0)


@pytest.mark.django_db
def test_a_dirty_delivery_is_accepted_in_part(world, feed_of):
    last = shipments_of(world, feed_of, "education.schools")[-1]

    receipt = check(world, replace(clean(last), is_dirty=True))

    assert receipt.outcome == State.PARTLY_ACCEPTED
    assert 0 < receipt.n_rejected < receipt.n_accepted


def test_every_scheduled_contract_of_the_five_services_has_a_source():
    owed = {contract.id for contract in packs().contracts if contract.schedule}
    by_the_program = {one for one in owed if one.startswith("operations.")}
    # the budget is published by the state, so it is not made up
    assert owed - by_the_program - set(IDS) == {"reference.provincial_budget"}


def test_the_same_seed_gives_the_same_bytes_in_any_order_and_another_seed_others(feed_of):
    one, again, other = make_world(), make_world(), make_world(seed=81)
    for contract_id in ("public-administration.dossiers", "information-security.alerts"):
        shipments = shipments_of(one, feed_of, contract_id)[-3:]
        first = [shipment.content(one) for shipment in shipments]
        backwards = [shipment.content(again) for shipment in reversed(shipments)]

        assert first == backwards[::-1]
        assert first[-1] != shipments[-1].content(other)
