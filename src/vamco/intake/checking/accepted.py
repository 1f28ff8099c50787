"""The rows that a delivery adds to its dataset, with the units that they name."""

from typing import Final

import duckdb

from vamco.intake.checking import sql
from vamco.intake.checking.cells import DUCKDB_TYPES
from vamco.intake.checking.reading_rows import Reading, nothing_name
from vamco.intake.checking.references import join
from vamco.intake.checking.tables import ACCEPTED, DUPLICATES, ORIGINAL, REJECTED, ROWS

_TEXT: Final = "VARCHAR"


def stored_columns(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Names and types of the dataset's columns, in order."""
    return (
        *((cell.column.name, DUCKDB_TYPES[cell.column.kind]) for cell in reading.cells),
        *((nothing_name(cell), _TEXT) for cell in reading.cells if cell.nothing),
        *((reference.unit_column, _TEXT) for reference in reading.references),
        *((name, _TEXT) for name in reading.layout.added.values()),
    )


def make_accepted(connection: duckdb.DuckDBPyConnection, reading: Reading, *, is_returned: bool) -> None:
    """The view of all rows that were neither refused nor declared twice; corrected rows keep their old number."""
    own = [f"r.{sql.name(name)}" for name in reading.columns_read]
    units, joins = [], [f"{ROWS} AS r"]
    for number, reference in enumerate(reading.references):
        condition = join(reference).replace("u.", f"u{number}.")
        joins.append(f"LEFT JOIN {reference.table} AS u{number} ON {condition}")
        units.append(f"u{number}.unit_id AS {sql.name(reference.unit_column)}")
    left_out = [f"r.row_no NOT IN (FROM {table} SELECT row_no)" for table in (REJECTED, DUPLICATES)]
    row_no = f"r.{ORIGINAL} AS row_no" if is_returned else "r.row_no"
    query = sql.select([row_no, *own, *units], " ".join(joins), " AND ".join(left_out))
    connection.execute(sql.create_view(ACCEPTED, query))
