"""While deliveries, restatements and compaction go on, an engine reads exactly the accepted rows."""

import sys

import pytest
from tests.warehouse.crew import ROWS, Crew
from tests.warehouse.deliveries import CASES, COLUMNS
from tests.web.iceberg.servers import our_door, sail, upkeep

from vamco.warehouse.iceberg.naming import at_version
from vamco.warehouse.models import Change, Dataset, LedgerEntry, Version
from vamco.warehouse.schema import declare
from vamco.warehouse.verification import verify
from vamco.warehouse.view import view

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:::pyspark"),
]
BY_DELIVERY = "SELECT delivery_id, count(*), sum(n) FROM vamco.{} GROUP BY delivery_id"
RESTATED_FROM = 1000


@pytest.fixture
def crew(tmp_path):
    declare(CASES, COLUMNS, sort=["commune"])
    crew = Crew(tmp_path)
    yield crew
    crew.close()


@pytest.fixture
def spark(crew, tmp_path, key):
    # pyspark ends a process whose main module has no file, as that of a pytest-xdist worker.
    sys.modules["__main__"].__dict__.setdefault("__file__", __file__)
    from pyspark.sql.connect.session import SparkSession

    with our_door(tmp_path) as door, sail(tmp_path, door, key()) as url:
        session = SparkSession.builder.remote(url).create()
        yield session
        session.stop()


class Storm:
    """Rounds of two writers and a restater, one round after the other."""

    def __init__(self, crew):
        self.crew = crew
        self.n_rounds = 0
        self.names = []

    def blow(self):
        if not any(map(self.crew.runs, self.names)):
            self.n_rounds += 1
            self.names = [f"{who}-{self.n_rounds}" for who in ("east", "west", "restater")]
            for name, first in zip(self.names, (1, 501, RESTATED_FROM), strict=True):
                first += 20 * self.n_rounds
                self.crew.start("write", name, first=first, n=20, restate=first > RESTATED_FROM)

    def settle(self):
        self.crew.wait(*self.names)
        assert all(self.crew.log(name)[-1] == "done" for name in self.names)


def whole_deliveries(spark, table):
    """Ids of the deliveries that the engine reads, each of them whole."""
    rows = [tuple(row) for row in spark.sql(BY_DELIVERY.format(table)).collect()]
    assert [row for row in rows if row[1:] != (len(ROWS), sum(n for _, n in ROWS))] == []
    return {row[0] for row in rows}


def in_the_ledger(seq):
    return {entry.delivery_id for entry in view(CASES, seq=seq).entries}


def test_sail_reads_exactly_the_accepted_rows_of_each_version_in_the_middle_of_a_storm(crew, spark, tmp_path):
    assert whole_deliveries(spark, "health.cases") == set()  # its workers are up before the storm begins
    storm, seen, compared = Storm(crew), set(), set()
    with upkeep(tmp_path):
        while len(compared) < 8:
            storm.blow()
            now = whole_deliveries(spark, "health.cases")
            assert {known for known in seen - now if known < RESTATED_FROM} == set()
            assert len([known for known in now if known >= RESTATED_FROM]) <= storm.n_rounds
            seen |= now
            seq = Dataset.objects.get(name=CASES).changed_seq
            assert whole_deliveries(spark, ".".join(at_version(CASES, seq))) == in_the_ledger(seq)
            compared.add(seq)
        storm.settle()
    assert Version.objects.filter(change=Change.COMPACTED).exists()
    assert LedgerEntry.objects.filter(superseded_seq=None).count() == 41 * storm.n_rounds
    for seq in sorted(compared)[::3]:  # before compaction and after, a version shows the same
        assert whole_deliveries(spark, ".".join(at_version(CASES, seq))) == in_the_ledger(seq)
    for version in Version.objects.order_by("-seq")[:5]:
        past = f"health.cases VERSION AS OF {version.seq}"
        assert whole_deliveries(spark, past) == in_the_ledger(version.seq)
    assert verify().faults == ()
