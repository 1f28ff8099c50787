"""The 96 communes of July 2025, their centres, and their map."""

from datetime import date

import pytest
from tests.geography.conftest import PROVINCES

from vamco.geography.centroids import load_centroids, places_of
from vamco.geography.schematic.layout import lay_out
from vamco.geography.unit import Level


@pytest.fixture(scope="session")
def communes(register):
    return register.units_on(date(2025, 7, 1), Level.COMMUNE)


@pytest.fixture(scope="session")
def places(communes):
    return places_of(communes, load_centroids(PROVINCES / "tay-ninh" / "centroids.csv"))


@pytest.fixture(scope="session")
def drawn(places):
    return lay_out(places)
