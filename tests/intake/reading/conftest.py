"""A way to hand bytes to the reader and to scan what it hands on, as an engine does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from vamco.intake.reading.reader import read
from vamco.intake.reading.text_table import TextTable


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[..., TextTable]:
    """Read bytes as if they had been sent under some name."""

    def reader(raw: bytes, **options: Any) -> TextTable:
        path = tmp_path / "sent.bin"
        path.write_bytes(raw)
        return read(path, filename="sent.bin", staging=tmp_path / "staging", **options)

    return reader


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
