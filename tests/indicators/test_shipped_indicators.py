"""Every indicator of the shipped packs can be computed over the columns of its contracts."""

import pytest
from django.db import transaction

from vamco.indicators.computing import compute, jobs
from vamco.indicators.declarations import datasets
from vamco.indicators.declared import packs
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import territory_now
from vamco.intake.checking.cells import DUCKDB_TYPES
from vamco.vocabulary.period import Period
from vamco.warehouse import ledger
from vamco.warehouse.schema import declare

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2026")


@pytest.fixture
def empty_deliveries(db):
    """Each contract has a delivery without rows."""
    for number, contract in enumerate(packs().contracts, start=1):
        columns = [(column.name, DUCKDB_TYPES[column.kind]) for column in contract.columns]
        columns += [(f"{column.name}__unit", "VARCHAR") for column in contract.columns if column.unit]
        declare(contract.id, columns)
        arrival = ledger.Arrival(contract.id, number, 0, str(YEAR), YEAR.start_on, YEAR.end_on)
        with transaction.atomic():
            ledger.record(arrival, [])


def test_every_shipped_indicator_can_be_computed(empty_deliveries):
    """All at once, since they share queries; the error names the dataset and the part that does not fit."""
    measured = [one for one in packs().indicators if datasets(one)]
    wanted = [(one, [Period.covering(one.period_type, YEAR.start_on)]) for one in measured]
    rows = compute(Snapshot.now(), territory_now(), jobs(wanted))
    zeros = {one.id for one in measured if _is_count(one)}
    assert zeros <= {row.indicator for row in rows}


def _is_count(indicator):
    """Whether it is zero where a delivery has no rows, so that it has a figure in any case."""
    measure = indicator.definition(YEAR.start_on).numerator
    return measure is not None and measure.aggregation == "count" and measure.absent == "zero"
