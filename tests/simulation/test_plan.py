"""Who sends what and when: history first, then each period; late, dirty, once more, or not at all."""

import itertools
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.simulation.conftest import DAYS

from vamco.packs.contract import Kind
from vamco.simulation.feed import as_csv
from vamco.simulation.feeds import feeds
from vamco.simulation.plan import plan

UNTIL = datetime(2026, 11, 22, 17, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture(scope="module")
def shipments(world, feed_of):
    return plan(world, [feed_of(feed.contract) for feed in feeds()], DAYS, UNTIL)


def test_shipments_come_in_order_and_after_what_they_tell(shipments):
    arrivals = [shipment.arrives_at for shipment in shipments]

    assert arrivals == sorted(arrivals)
    assert all(s.arrives_at.date() > s.period.end_on for s in shipments if not s.feed.is_early)


def test_periods_of_a_source_never_overlap(shipments):
    by_contract = {}
    for shipment in shipments:
        if not shipment.edition:
            by_contract.setdefault(shipment.contract.id, []).append(shipment.period)
    for periods in by_contract.values():
        periods.sort(key=lambda period: period.start_on)
        assert all(one.end_on < other.start_on for one, other in itertools.pairwise(periods))


def test_some_are_late_some_dirty_and_some_are_sent_once_more(shipments):
    assert sum(shipment.is_dirty for shipment in shipments) > 3
    again = [shipment for shipment in shipments if shipment.edition]
    assert again
    for shipment in again:
        first = next(
            s for s in shipments if s.is_thin and s.period == shipment.period and s.feed == shipment.feed
        )
        assert first.arrives_at < shipment.arrives_at


def test_the_silent_source_has_sent_nothing_since(shipments, world):
    last = max(s.period.end_on for s in shipments if s.contract.id == "health.medicine_stock")
    others = max(s.period.end_on for s in shipments if s.contract.id == "health.notified_cases")

    assert last < date(2026, 10, 26) < others


def test_a_spoiled_file_differs_in_the_cells_that_were_spoiled_only(feed_of, world):
    feed, contract = feed_of("information-security.restore_tests")
    rows = feed.make(world, plan(world, [(feed, contract)], DAYS, UNTIL)[0].period)
    clean = as_csv(contract, rows).decode("utf-8-sig").splitlines()
    spoiled = as_csv(contract, rows, [(1, "planned_on")]).decode("utf-8-sig").splitlines()

    assert contract.column("planned_on").kind is Kind.DATE
    assert [at for at, (one, other) in enumerate(zip(clean, spoiled, strict=True)) if one != other] == [2]
    assert "31/02/2026" in spoiled[2]
