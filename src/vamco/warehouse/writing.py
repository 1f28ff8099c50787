"""Rows to Parquet: sorted, carrying their origin, the same bytes for the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet
from sqlglot import exp

from vamco.warehouse.schema import ORIGIN, Column, Schema
from vamco.warehouse.storage import StagedFile, store

ROWS_PER_GROUP: Final = 100_352  # DuckDB fills groups in vectors of 2,048 rows
ROWS_PER_FILE: Final = 10 * ROWS_PER_GROUP


def stage(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    schema: Schema,
    *,
    delivery_id: int,
    part: int = 0,
    n_rows: int,
) -> list[StagedFile]:
    """Store the `n_rows` rows of a table or view as files of one part of a delivery.

    They count only once the ledger records them. The table has `row_no` and columns of the schema
    by name, in any order; absent ones become null. No rows, no files.
    Raises `ValueError` when the table has another number of rows.
    """
    given = {str(name) for name in connection.table(table).columns}
    columns = [_typed(column, _value(column, given, delivery_id, part)) for column in schema.stored]
    return write(
        connection, exp.select(*columns).from_(exp.to_identifier(table, quoted=True)), schema, n_rows
    )


def write(
    connection: duckdb.DuckDBPyConnection, query: exp.Select, schema: Schema, n_rows: int
) -> list[StagedFile]:
    """Store the query's `n_rows` rows (of the schema's stored columns), sorted, in files of a million."""
    if not n_rows:
        return []
    ordered = query.order_by(*(exp.column(name, quoted=True) for name in _order(schema)), copy=True)
    is_cut = n_rows > ROWS_PER_FILE
    with _insertion_order(connection), _scratch() as whole:
        connection.execute(_copy(ordered, schema, whole, compression="lz4" if is_cut else "zstd"))
        if (n_written := _n_rows(whole)) != n_rows:
            raise ValueError(f"{n_rows} rows announced, {n_written} written")
        return list(_cut(connection, schema, whole, n_rows)) if is_cut else [store().keep(whole, n_rows)]


def _cut(
    connection: duckdb.DuckDBPyConnection, schema: Schema, whole: Path, n_rows: int
) -> Iterator[StagedFile]:
    """A sorted file as files of a million rows; COPY cuts at exact places with a single thread only."""
    for first in range(0, n_rows, ROWS_PER_FILE):
        with _scratch() as part:
            connection.execute(_copy(_rows(schema, whole, first), schema, part, compression="zstd"))
            yield store().keep(part, _n_rows(part))


def _rows(schema: Schema, whole: Path, first: int) -> exp.Select:
    path = exp.Literal.string(str(whole))
    numbered = exp.EQ(this=exp.column("file_row_number"), expression=exp.true())
    scan = exp.Table(this=exp.ReadParquet(expressions=[path, numbered]))
    number = exp.column("file_row_number")
    columns = (exp.column(column.name, quoted=True) for column in schema.stored)
    return exp.select(*columns).from_(scan).where(number >= first, number < first + ROWS_PER_FILE)


def _value(column: Column, given: set[str], delivery_id: int, part: int) -> exp.Expr:
    origin = {"delivery_id": delivery_id, "delivery_part": part}
    if column.name in origin:
        return exp.convert(origin[column.name])
    return exp.column(column.name, quoted=True) if column.name in given else exp.null()


def _typed(column: Column, value: exp.Expr) -> exp.Expr:
    return exp.alias_(exp.cast(value, column.type, dialect="duckdb"), column.name, quoted=True)


def _order(schema: Schema) -> list[str]:
    """The declared order made total, so that equal rows cannot change places between two runs."""
    return [*schema.sort, *(column.name for column in ORIGIN)]


def _copy(query: exp.Select, schema: Schema, target: Path, *, compression: str) -> str:
    ids = ", ".join(f"{_quoted(c.name)}: {c.field_id}" for c in schema.stored)
    options = f"COMPRESSION {compression}, ROW_GROUP_SIZE {ROWS_PER_GROUP}, FIELD_IDS {{{ids}}}"
    return f"COPY ({query.sql('duckdb')}) TO {_quoted(str(target))} (FORMAT parquet, {options})"


def _quoted(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")


@contextmanager
def _insertion_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Rows leave DuckDB in the order in which it reads them, whatever the connection is used to."""
    [(before,)] = connection.execute("SELECT current_setting('preserve_insertion_order')").fetchall()
    try:
        connection.execute("SET preserve_insertion_order = true")
        yield
    finally:
        connection.execute(f"SET preserve_insertion_order = {str(before).lower()}")


@contextmanager
def _scratch() -> Iterator[Path]:
    """A name to write a file at; what is still there in the end is deleted."""
    written = store().scratch()
    try:
        yield written
    finally:
        written.unlink(missing_ok=True)


def _n_rows(file: Path) -> int:
    return int(pyarrow.parquet.read_metadata(file).num_rows)
