"""Rows delivered into the warehouse, and indicators over them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
from django.db import transaction

from vamco.packs.indicator import (
    Additivity,
    Aggregation,
    Breakdown,
    Definition,
    Direction,
    Indicator,
    Measure,
)
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.vocabulary.text import Text
from vamco.warehouse import ledger
from vamco.warehouse.schema import declare
from vamco.warehouse.writing import stage

CASES, PEOPLE, SHARES = "health.cases", "reference.people", "reference.commune_shares"
OLD, NEW = "25456@2004-08-31", "25459@2025-07-01"  # Phường 1 of Tây Ninh until, Tân Ninh from 1 July 2025
TAY_NINH, LONG_AN, MERGED = "72@1991-12-26", "80@1991-12-26", "80@2025-07-01"
COLUMNS = {
    CASES: (("onset_on", "DATE"), ("place", "VARCHAR"), ("place__unit", "VARCHAR"), ("sex", "VARCHAR"), ("n", "BIGINT"), ("days", "DOUBLE"), ("code", "VARCHAR")),
    SHARES: (("old_unit__unit", "VARCHAR"), ("new_unit__unit", "VARCHAR"), ("share", "DECIMAL(9,6)"), ("basis", "VARCHAR")),
    PEOPLE: (("year", "BIGINT"), ("unit", "VARCHAR"), ("unit__unit", "VARCHAR"), ("population", "BIGINT")),
}  # fmt: skip
TEXT = Text("Thử", "Trial")


@dataclass
class Warehouse:
    """Deliveries, numbered as they come."""

    connection: duckdb.DuckDBPyConnection
    n: int = 0
    live: dict = field(default_factory=dict)

    def __call__(self, dataset, period, *rows, restates=None, at=None):
        """Deliver rows (dicts) for the period; `restates` is the entry that they take the place of."""
        self.n += 1
        period = Period.parse(period)
        columns = COLUMNS[dataset]
        schema = declare(dataset, columns, at=at)
        declared = ", ".join(f"{name} {type_}" for name, type_ in columns)
        self.connection.execute(f"CREATE OR REPLACE TABLE given (row_no BIGINT, {declared})")
        if rows:
            values = [(no, *(row.get(name) for name, _ in columns)) for no, row in enumerate(rows, 1)]
            marks = ", ".join("?" * (len(columns) + 1))
            self.connection.executemany(f"INSERT INTO given VALUES ({marks})", values)
        staged = stage(self.connection, "given", schema, delivery_id=self.n, n_rows=len(rows))
        arrival = ledger.Arrival(dataset, self.n, 0, str(period), period.start_on, period.end_on)
        with transaction.atomic():
            return ledger.record(arrival, staged, supersedes=[restates.seq] if restates else (), at=at)


def case(day, unit=NEW, **more):
    """One row of cases."""
    return {"onset_on": date.fromisoformat(day), "place__unit": unit, "n": 1, **more}


def people(year, **population):
    """Rows of people: `u25459_2025_07_01=1000`, or a dict under `of`."""
    return [{"year": year, "unit__unit": unit, "population": n} for unit, n in population["of"].items()]


BY_SEX = Breakdown("sex", TEXT)
COUNT = Measure(CASES, Aggregation.COUNT, time="onset_on", unit="place")
SUM = replace(COUNT, aggregation=Aggregation.SUM, column="n")
POPULATION = Measure(PEOPLE, Aggregation.LAST, column="population", time="year", unit="unit")


def indicator(numerator=COUNT, denominator=None, *, name="cases", per=1, **facts):
    """An indicator of one version, by month and commune where nothing else is said."""
    definition = Definition(1, date(1990, 1, 1), None, (), numerator, denominator, per=per)
    made = Indicator(
        id=f"health.{name}",
        title=TEXT,
        short=TEXT,
        question=TEXT,
        agency="so-y-te",
        period_type=PeriodType.MONTH,
        level="commune",
        unit_of_measure=TEXT,
        direction=Direction.LOWER,
        over_units=Additivity.ADDITIVE,
        over_time=Additivity.ADDITIVE,
        definitions=(definition,),
        source=Path("trial.yaml"),
    )
    return replace(made, **facts)


def moment(text):
    return datetime.fromisoformat(text)
