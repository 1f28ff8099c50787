from pathlib import Path

import duckdb
import pytest
from tests.indicators.facts import TEXT, Warehouse

from vamco.indicators import declared
from vamco.indicators.computing import compute, jobs
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import territory_now
from vamco.packs.pack import Pack, Packs
from vamco.vocabulary.period import Period


@pytest.fixture
def deliver(db):
    """Deliveries of the columns that the tests of this folder use."""
    with duckdb.connect(config={"threads": 1}) as connection:
        yield Warehouse(connection)


@pytest.fixture
def figures(db):
    """The figures of an indicator now, by (unit, period, breakdown)."""

    def ask(indicator, *periods):
        wanted = [(indicator, map(Period.parse, periods))]
        rows = compute(Snapshot.now(), territory_now(), jobs(wanted))
        return {(row.unit_id, row.period, row.breakdown): row for row in rows}

    return ask


@pytest.fixture
def installed(monkeypatch):
    """Make these the indicators of the installation."""

    def use(*made):
        pack = Pack("health", TEXT, "so-y-te", "1", (), (), (), Path("trial"), indicators=made)
        monkeypatch.setattr(declared, "_loaded", lambda _folder: Packs((pack,)))

    return use
