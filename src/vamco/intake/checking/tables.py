"""The tables of one check, by name. `rows` is a view: the typed rows with the sender's own row number."""

from typing import Final

import duckdb

from vamco.intake.checking import sql

ROWS: Final = "rows"
FINDINGS: Final = "findings"
REJECTED: Final = "rejected"
DUPLICATES: Final = "duplicates"
DROPPED: Final = "dropped"
TEXTS: Final = "texts"
ACCEPTED: Final = "accepted"
ORIGINAL: Final = "_original"
"""In rows that come back: the number of the row that a row corrects."""
IS_DROPPED: Final = "_is_dropped"
"""In rows that come back: whether the sender says that the row shall be dropped."""

_EMPTY: Final = {
    FINDINGS: "row_no BIGINT, fault INTEGER, reason VARCHAR, cell VARCHAR, more VARCHAR",
    REJECTED: "row_no BIGINT",
    DUPLICATES: "row_no BIGINT, same_as BIGINT",
    DROPPED: "row_no BIGINT, original BIGINT",
    TEXTS: "row_no BIGINT, cells VARCHAR[]",
}


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that hold what a check finds, empty."""
    for name, columns in _EMPTY.items():
        connection.execute(sql.create_empty(name, columns))


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The one number that a query gives."""
    return int(connection.execute(query).fetchall()[0][0])


def count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table or view has."""
    return count(connection, sql.select(["count(*)"], table))


def fill(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> int:
    """Add a query's rows to a table; how many."""
    return count(connection, sql.insert(table, query))
