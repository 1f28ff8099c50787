"""Small real deliveries: staged as Parquet, recorded in the ledger."""

from dataclasses import dataclass
from datetime import date

import duckdb
from django.db import transaction
from sqlglot import parse_one

from vamco.warehouse import engine, ledger
from vamco.warehouse.schema import declare
from vamco.warehouse.writing import stage

CASES = "health.cases"
COLUMNS = [("commune", "VARCHAR"), ("n", "INTEGER")]


@dataclass
class Deliveries:
    connection: duckdb.DuckDBPyConnection
    dataset: str = CASES

    def __call__(self, delivery_id, rows, *, part=0, supersedes=(), at=None, month=1):
        """Deliver `rows`, pairs (commune, n); numbers of rows count from 1."""
        staged = self.stage(delivery_id, rows, part=part)
        arrival = ledger.Arrival(
            self.dataset, delivery_id, part, f"2026-{month:02}", date(2026, month, 1), date(2026, month, 28)
        )
        with transaction.atomic():
            return ledger.record(arrival, staged, supersedes=[e.seq for e in supersedes], at=at)

    def stage(self, delivery_id, rows, *, part=0):
        schema = declare(self.dataset, COLUMNS, sort=["commune"])
        self.connection.execute("CREATE OR REPLACE TABLE given (commune VARCHAR, n INTEGER, row_no BIGINT)")
        if rows:
            numbered = [(*row, number) for number, row in enumerate(rows, start=1)]
            self.connection.executemany("INSERT INTO given VALUES (?, ?, ?)", numbered)
        return stage(self.connection, "given", schema, delivery_id=delivery_id, part=part, n_rows=len(rows))


def ask(sql, values=None, **options):
    """The rows of a query, as tuples."""
    table = engine.engine().table(parse_one(sql, dialect="duckdb"), values, **options)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def rows_of(dataset=CASES, **options):
    """Every row of the dataset: (delivery_id, delivery_part, row_no, commune, n), sorted."""
    query = f"SELECT delivery_id, delivery_part, row_no, commune, n FROM {dataset} ORDER BY 1, 2, 3"
    return ask(query, **options)
