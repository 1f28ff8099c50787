"""Rows to Parquet: sorted, carrying their origin, the same bytes for the same rows."""

import shutil
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
GROUPS_PER_FILE: Final = 10
ROWS_PER_FILE: Final = ROWS_PER_GROUP * GROUPS_PER_FILE


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
    is_split = n_rows > ROWS_PER_FILE
    ordered = query.order_by(*(exp.column(name, quoted=True) for name in _order(schema)), copy=True)
    with _scratch() as written, _orderly(connection, one_thread=is_split):
        connection.execute(_copy(ordered, schema, written, is_split=is_split))
        staged = [_keep(file) for file in _files(written)]
    if sum(file.n_rows for file in staged) != n_rows:
        raise ValueError(f"{n_rows} rows announced, {sum(file.n_rows for file in staged)} written")
    return staged


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


def _copy(query: exp.Select, schema: Schema, target: Path, *, is_split: bool) -> str:
    ids = ", ".join(f"{_quoted(c.name)}: {c.field_id}" for c in schema.stored)
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_PER_GROUP}, FIELD_IDS {{{ids}}}"
    if is_split:
        options += f", ROW_GROUPS_PER_FILE {GROUPS_PER_FILE}"
    return f"COPY ({query.sql('duckdb')}) TO {_quoted(str(target))} ({options})"


def _quoted(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")


@contextmanager
def _orderly(connection: duckdb.DuckDBPyConnection, *, one_thread: bool) -> Iterator[None]:
    """Let DuckDB keep the order; when it cuts files by rows, several threads would cut at random places."""
    wanted = {"preserve_insertion_order": "true"} | ({"threads": "1"} if one_thread else {})
    before = {name: _setting(connection, name) for name in wanted}
    try:
        _set(connection, wanted)
        yield
    finally:
        _set(connection, before)


def _setting(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    return str(connection.execute("SELECT current_setting(?)", [name]).fetchall()[0][0])


def _set(connection: duckdb.DuckDBPyConnection, values: dict[str, str]) -> None:
    for name, value in values.items():
        connection.execute(f"SET {name} = {_quoted(value)}")


@contextmanager
def _scratch() -> Iterator[Path]:
    """A name for a file or a folder of files; what is left there in the end is deleted."""
    written = store().scratch()
    try:
        yield written
    finally:
        if written.is_dir():
            shutil.rmtree(written)
        else:
            written.unlink(missing_ok=True)


def _files(written: Path) -> list[Path]:
    """The files that DuckDB wrote, in order: `data_2` before `data_10`."""
    if written.is_dir():
        return sorted(written.iterdir(), key=lambda file: (len(file.name), file.name))
    return [written]


def _keep(file: Path) -> StagedFile:
    return store().keep(file, pyarrow.parquet.read_metadata(file).num_rows)
