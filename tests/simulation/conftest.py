"""The made-up province of these tests: small, and always the same."""

from pathlib import Path

import pytest

from vamco.geography.loading import province_register
from vamco.intake.contracts import packs
from vamco.simulation.feeds import feeds
from vamco.simulation.world import World
from vamco.worktime.calendar import WorkCalendar

PROVINCES = Path(__file__).parents[2] / "provinces"
DAYS = WorkCalendar.load(PROVINCES / "tay-ninh" / "calendar.csv")


def make_world(seed: int = 80, scale: float = 0.1) -> World:
    return World(province_register(PROVINCES, "tay-ninh"), seed, scale, DAYS)


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()


@pytest.fixture(scope="session")
def feed_of():
    """A feed with its contract, by the contract's id."""

    def find(contract_id: str):
        feed = next(feed for feed in feeds() if feed.contract == contract_id)
        return feed, packs().contract(contract_id)

    return find
