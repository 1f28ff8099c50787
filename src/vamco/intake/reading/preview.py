"""The first rows of a text table, to show to people."""

from collections.abc import Iterator
from itertools import islice

import pyarrow.parquet as pq

from vamco.intake.reading.csv_dialect import Written
from vamco.intake.reading.grid import Row
from vamco.intake.reading.text_table import ROW_NO, Dialect, TextTable


def first_rows(table: TextTable, n_rows: int) -> list[Row]:
    """At most `n_rows` data rows, each with the sender's own row number and its cells."""
    rows = _of_csv(table, table.dialect) if table.dialect else _of_parquet(table)
    return list(islice(rows, n_rows))


def _of_csv(table: TextTable, dialect: Dialect) -> Iterator[Row]:
    with table.path.open(encoding="utf-8-sig", newline="") as file:
        below = islice(file, dialect.header_lines, None)
        for row, _ in Written(dialect.delimiter, dialect.quote).records(below):
            yield Row(row.no + table.first_row_no - 1, row.cells)


def _of_parquet(table: TextTable) -> Iterator[Row]:
    with pq.ParquetFile(table.path) as source:
        for batch in source.iter_batches(columns=[*table.scan_columns, ROW_NO]):
            for *cells, row_no in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield Row(row_no, [cell or "" for cell in cells])
