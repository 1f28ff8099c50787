"""Scans what a reader hands on, as an engine does."""

import duckdb

from vamco.intake.reading.text_table import TextTable


def scan(table: TextTable) -> list[tuple[str, ...]]:
    """The data rows, by DuckDB; an empty cell is ''."""
    with duckdb.connect() as engine:
        if table.dialect is None:
            rows = engine.read_parquet(str(table.path)).project(", ".join(table.scan_columns)).fetchall()
        else:
            dialect = table.dialect
            rows = engine.read_csv(
                str(table.path),
                columns=dict.fromkeys(table.scan_columns, "VARCHAR"),
                auto_detect=False,
                header=False,
                skiprows=dialect.header_lines,
                delimiter=dialect.delimiter,
                quotechar=dialect.quote,
                escapechar=dialect.escape or "",
            ).fetchall()
    return [tuple(cell or "" for cell in row) for row in rows]
