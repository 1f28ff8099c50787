"""A distributed engine (Sail, two workers) against DuckDB: the same trees, the same answers."""

from contextlib import ExitStack
from datetime import date, timedelta

import pytest
from django.db import transaction
from sqlglot import parse_one
from tests.warehouse.deliveries import CASES
from tests.web.iceberg.servers import our_door, sail

from vamco.vocabulary.errors import Refused
from vamco.warehouse import engine, ledger
from vamco.warehouse.compaction import compact
from vamco.warehouse.models import Version
from vamco.warehouse.schema import declare
from vamco.warehouse.writing import stage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:::pyspark"),
]

COLUMNS = [("commune", "VARCHAR"), ("n", "INTEGER"), ("onset_on", "DATE"), ("sent_at", "TIMESTAMP")]
LATER = [("cost", "DECIMAL(12,2)"), ("severe", "BOOLEAN")]
ROWS = """
    CREATE OR REPLACE TABLE given AS SELECT
        i AS row_no,
        'Xã ' || (i * {delivery}) % 96 || ' có tên dài hơn mười sáu chữ' AS commune,
        CASE WHEN i % 7 > 0 THEN i % 50 END AS n,
        DATE '2026-01-01' + (i % 90)::INTEGER AS onset_on,
        TIMESTAMP '2026-01-01 07:00:00.123456' + INTERVAL (i) MINUTE AS sent_at,
        ((i % 1000) / 8)::DECIMAL(12,2) AS cost,
        i % 3 = 0 AS severe
    FROM range(1, {n_rows} + 1) AS numbers(i)
"""
AGGREGATES = {
    "count": "SELECT count(*) AS n FROM health.cases",
    "sum by unit": "SELECT commune, CAST(sum(n) AS BIGINT) AS n FROM health.cases GROUP BY commune ORDER BY commune",
    "average by month": """
        SELECT CAST(date_trunc('month', onset_on) AS DATE) AS month, round(avg(n), 6) AS mean
        FROM health.cases GROUP BY CAST(date_trunc('month', onset_on) AS DATE) ORDER BY month""",
    "distinct": "SELECT count(DISTINCT commune) AS n, min(commune) AS lo, max(sent_at) AS hi FROM health.cases",
    "filter and group": """
        SELECT CASE WHEN n >= 25 THEN 'many' WHEN n IS NULL THEN 'unknown' ELSE 'few' END AS size,
               count(*) AS n_rows, CAST(sum(cost) AS DECIMAL(18,2)) AS cost
        FROM health.cases WHERE onset_on < DATE '2026-03-01' AND severe IS DISTINCT FROM TRUE
        GROUP BY CASE WHEN n >= 25 THEN 'many' WHEN n IS NULL THEN 'unknown' ELSE 'few' END ORDER BY size""",
}


@pytest.fixture
def sc(tmp_path, key, settings):
    """The address of a Sail that reads through our door."""
    with ExitStack() as stack:
        door = stack.enter_context(our_door(tmp_path))
        url = stack.enter_context(sail(tmp_path, door, key()))
        stack.callback(lambda: engine._opened(url).session.stop())
        yield url


@pytest.fixture
def deliver(deliveries):
    def record(delivery_id, columns, n_rows=2000, supersedes=()):
        schema = declare(CASES, columns, sort=["commune"])
        deliveries.connection.execute(ROWS.format(delivery=delivery_id, n_rows=n_rows))
        staged = stage(deliveries.connection, "given", schema, delivery_id=delivery_id, n_rows=n_rows)
        arrival = ledger.Arrival(CASES, delivery_id, 0, "2026-01", date(2026, 1, 1), date(2026, 1, 31))
        with transaction.atomic():
            return ledger.record(arrival, staged, supersedes=[entry.seq for entry in supersedes])

    return record


def answers(sql, **options):
    return engine.engine().table(parse_one(sql, dialect="duckdb"), **options).to_pylist()


def test_five_aggregates_answer_the_same_on_both_engines_now_and_as_known_then(sc, deliver, settings):
    first = deliver(1, COLUMNS)
    deliver(2, COLUMNS)
    compact(CASES)
    deliver(3, COLUMNS + LATER, supersedes=[first])
    deliver(4, COLUMNS + LATER)
    moments = [None, *Version.objects.exclude(change="declared").values_list("at", flat=True)]
    for moment in moments:
        for name, sql in AGGREGATES.items():
            if (
                moment
                and moment < Version.objects.filter(change="declared").latest("seq").at
                and "cost" in sql
            ):
                continue  # the column was not there yet
            settings.ENGINE_URL = ""
            expected = answers(sql, as_known_at=moment)
            settings.ENGINE_URL = sc
            assert answers(sql, as_known_at=moment) == expected, (name, moment)
            assert expected


def test_snapshots_can_be_read_by_number_and_by_moment(sc, deliver, settings):
    first = deliver(1, COLUMNS, 10)
    deliver(2, COLUMNS, 20)
    compact(CASES)
    deliver(3, COLUMNS, 40, supersedes=[first])
    spark = engine._opened(sc).session
    for version in Version.objects.exclude(change="declared"):
        [[expected]] = [
            row.values() for row in answers("SELECT count(*) FROM health.cases", as_known_at=version.at)
        ]
        for past in (f"VERSION AS OF {version.seq}", f"TIMESTAMP AS OF '{_after(version)}'"):
            assert spark.sql(f"SELECT count(*) FROM vamco.health.cases {past}").collect()[0][0] == expected


def test_an_engine_that_fails_is_a_refusal(sc, deliver, settings):
    deliver(1, COLUMNS, 10)
    settings.ENGINE_URL = sc
    with pytest.raises(Refused, match="engine_failed"):
        answers("SELECT nothing FROM health.cases")


def _after(version):
    """The first whole millisecond at which the version is known."""
    whole = version.at.replace(microsecond=version.at.microsecond // 1000 * 1000)
    return (whole + timedelta(milliseconds=whole < version.at)).isoformat(sep=" ", timespec="milliseconds")
