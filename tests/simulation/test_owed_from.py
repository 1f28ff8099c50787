"""The made-up sources owe nothing from before they had anything to deliver."""

from datetime import date

import pytest
from tests.packs.shipped import shipped_packs

from vamco.intake.supply import owed_periods
from vamco.simulation.feeds import feeds

FEEDS = [feed for feed in feeds() if shipped_packs().contract(feed.contract).schedule]


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.contract)
def test_no_period_is_owed_from_before_the_source_began(feed):
    schedule = shipped_packs().contract(feed.contract).schedule
    first = next(iter(owed_periods(schedule, date(2026, 11, 22))))
    assert first.start_on >= feed.starts_on
