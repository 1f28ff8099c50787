"""The texts of refused rows that nobody doubted while typing: what joins found."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

import duckdb

from vamco.intake.checking import sql
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.raw_rows import raw_columns
from vamco.intake.checking.reading_rows import Reading
from vamco.intake.checking.tables import FINDINGS, TEXTS, fill
from vamco.intake.reading.text_table import Dialect, TextTable

_BLOCK: Final = 1 << 20
_WANTED: Final = "wanted"


def fetch_texts(
    connection: duckdb.DuckDBPyConnection, table: TextTable, reading: Reading, faults: Sequence[Fault]
) -> None:
    """Add the missing texts of rows with a finding that refuses them."""
    rejecting = [number for number, fault in enumerate(faults) if fault.rejects]
    if not rejecting:
        return
    undoubted = f"{FINDINGS} ANTI JOIN {TEXTS} USING (row_no)"
    found = sql.select(["DISTINCT row_no"], undoubted, f"fault IN {sql.literals(rejecting)}")
    connection.execute(sql.create_table(_WANTED, found))
    wanted = [row_no for (row_no,) in connection.execute(f"FROM {_WANTED} ORDER BY row_no").fetchall()]
    if not wanted:
        return
    if (
        table.form == "csv"
        and table.dialect
        and not reading.is_returned
        and not _has_quotes(table, table.dialect)
    ):
        sql.insert_rows(connection, TEXTS, list(_lines(table, table.dialect, wanted)))
    else:
        fill(connection, TEXTS, _scanned(table, reading))


def _has_quotes(table: TextTable, dialect: Dialect) -> bool:
    """Whether a cell may hold delimiters or line breaks, so that a line is not yet a row."""
    if not dialect.quote:
        return False
    quote = dialect.quote.encode()
    with table.path.open("rb") as file:
        return any(quote in block for block in iter(partial(file.read, _BLOCK), b""))


def _lines(
    table: TextTable, dialect: Dialect, wanted: Sequence[int]
) -> Iterator[tuple[int, list[str | None]]]:
    """Rows that are lines: going through a file line by line is much quicker than parsing it again."""
    width = len(table.columns)
    row_no = table.first_row_no - dialect.header_lines
    with table.path.open("rb") as file:
        for wanted_no in wanted:
            line = next(islice(file, wanted_no - row_no, None))
            row_no = wanted_no + 1
            cells = line.decode("utf-8").rstrip("\r\n").split(dialect.delimiter)
            beyond = "\t".join(filter(None, map(str.strip, cells[width:])))
            padding = [None] * (width - len(cells))
            yield wanted_no, [*cells[:width], *padding, beyond or None]


def _scanned(table: TextTable, reading: Reading) -> str:
    texts = f"[{', '.join(map(sql.name, raw_columns(table)))}] AS cells"
    row_no = reading.source.row_no.replace("rowid", "row_number() OVER () - 1")
    numbered = sql.select([f"{row_no} AS row_no", texts], sql.within(reading.source.query, "raw"))
    return sql.select(["*"], sql.within(numbered, "numbered"), f"row_no IN (FROM {_WANTED})")
