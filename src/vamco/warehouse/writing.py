"""Rows to Parquet: carrying their origin, the same bytes for the same rows.

A delivery's rows lie as they came; compaction sorts them. Sorting them at once took as long as everything
else that is done to write them, and all it gave before the first compaction was a unit's rows out of a
million in 40 ms rather than 120.
"""

import math
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet
from sqlglot import exp

from vamco.warehouse.local_storage import StagedFile
from vamco.warehouse.schema import ORIGIN, Column, Schema
from vamco.warehouse.storage import store

ROWS_PER_GROUP: Final = 100_352  # DuckDB fills groups in vectors of 2,048 rows
ROWS_PER_FILE: Final = 10 * ROWS_PER_GROUP
_ROWS_PER_SLICE: Final = ROWS_PER_FILE // 2  # of a delivery, written by one thread


def stage(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    schema: Schema,
    *,
    delivery_id: int,
    part: int = 0,
    n_rows: int,
) -> list[StagedFile]:
    """Store the `n_rows` rows of a table or view, in its order, as files of one part of a delivery.

    They count only once the ledger records them. The table, which is no temporary one, has `row_no` and
    columns of the schema by name, in any order; absent ones become null. No rows, no files.
    Raises `ValueError` when the table has another number of rows.
    """
    if not n_rows:
        return []
    given = {str(name) for name in connection.table(table).columns}
    columns = [_typed(column, _value(column, given, delivery_id, part)) for column in schema.stored]
    query = exp.select(*columns).from_(exp.to_identifier(table, quoted=True))
    slices = [query.where(condition) for condition in _slices(connection, table, n_rows)]
    return _write(connection, slices, schema, n_rows)


def write_sorted(
    connection: duckdb.DuckDBPyConnection, query: exp.Select, schema: Schema, n_rows: int
) -> list[StagedFile]:
    """Store the query's `n_rows` rows (of the schema's stored columns), sorted, in files of a million."""
    order = (exp.column(name, quoted=True) for name in _order(schema))
    return _write(connection, [query.order_by(*order, copy=True)], schema, n_rows) if n_rows else []


def _slices(connection: duckdb.DuckDBPyConnection, table: str, n_rows: int) -> Iterator[exp.Expr]:
    """Conditions that cut a table by its row numbers: the same for the same rows on any machine."""
    row_no = exp.column("row_no", quoted=True)
    ends = exp.select(exp.Min(this=row_no), exp.Max(this=row_no))
    ends = ends.from_(exp.to_identifier(table, quoted=True))
    [(first, last)] = connection.execute(ends.sql("duckdb")).fetchall()
    if first is not None:
        step = math.ceil((last + 1 - first) / math.ceil(n_rows / _ROWS_PER_SLICE))
        for start in range(first, last + 1, step):
            yield exp.and_(row_no >= start, row_no < start + step)


def _write(
    connection: duckdb.DuckDBPyConnection, queries: Sequence[exp.Select], schema: Schema, n_rows: int
) -> list[StagedFile]:
    with _scratch() as folder:
        folders = [folder / str(number) for number in range(len(queries))]
        copies = [_copy(query, schema, target) for query, target in zip(queries, folders, strict=True)]
        _run_in_order(connection, copies)
        written = [(file, _n_rows(file)) for each in folders for file in sorted(each.iterdir(), key=_number)]
        if (n_written := sum(n for _, n in written)) != n_rows:
            raise ValueError(f"{n_rows} rows announced, {n_written} written")
        return [store().keep(file, n) for file, n in written if n]


def _run_in_order(connection: duckdb.DuckDBPyConnection, statements: Sequence[str]) -> None:
    """One thread a statement: several on the same one would lose the order of rows behind a join."""
    with _one_thread_each(connection) as n_threads:
        if len(statements) == 1:
            connection.execute(statements[0])
            return
        with ThreadPoolExecutor(n_threads) as threads:
            list(threads.map(lambda statement: connection.cursor().execute(statement), statements))


def _number(file: Path) -> tuple[int, str]:
    """The place of `data_2.parquet` before `data_10.parquet`."""
    return len(file.name), file.name


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


def _copy(query: exp.Select, schema: Schema, folder: Path) -> str:
    ids = ", ".join(f"{_quoted(c.name)}: {c.field_id}" for c in schema.stored)
    size = f"ROW_GROUP_SIZE {ROWS_PER_GROUP}, ROW_GROUPS_PER_FILE {ROWS_PER_FILE // ROWS_PER_GROUP}"
    small = "COMPRESSION zstd, COMPRESSION_LEVEL 1"  # smaller than at the usual level 3, and quicker
    options = f"FORMAT parquet, {small}, {size}, FIELD_IDS {{{ids}}}"
    return f"COPY ({query.sql('duckdb')}) TO {_quoted(str(folder))} ({options})"


def _quoted(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")


@contextmanager
def _one_thread_each(connection: duckdb.DuckDBPyConnection) -> Iterator[int]:
    """Statements use the thread that runs them and keep the order of rows; how many threads there were before."""
    wanted = {"threads": "1", "preserve_insertion_order": "true"}
    current = (f"current_setting('{name}')" for name in wanted)
    [before] = connection.execute(f"SELECT {', '.join(current)}").fetchall()
    try:
        for name, value in wanted.items():
            connection.execute(f"SET {name} = {value}")
        yield before[0]
    finally:
        for name, value in zip(wanted, before, strict=True):
            connection.execute(f"SET {name} = {value}")


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder to write files in; what is still there in the end is deleted."""
    folder = store().scratch()
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _n_rows(file: Path) -> int:
    return int(pyarrow.parquet.read_metadata(file).num_rows)
