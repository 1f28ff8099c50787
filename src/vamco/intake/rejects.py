"""Rejected rows in the sender's own layout, each with its number and its reasons, ready to correct and send back."""

import csv
import io
import shutil
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import xlsxwriter

from vamco.intake.checking import sql
from vamco.intake.checking.check import Checked
from vamco.intake.checking.numbers import Convention, unambiguous
from vamco.intake.checking.raw_rows import guarded, is_stored
from vamco.intake.checking.reading_rows import ORIGINAL
from vamco.intake.checking.returned import OPEN
from vamco.intake.checking.tables import ACCEPTED, DUPLICATES, FINDINGS, REJECTED, ROWS, TEXTS, count_rows
from vamco.intake.reading.text_table import AS_NUMBER, TextTable

ROW_NO_HEADER: Final = "Số dòng gốc"
REASON_HEADER: Final = "Lý do trả lại"
REJECTS_FILE: Final = "rejects.parquet"
REJECTS: Final = "rejects"
"""The table of rows that are still refused: `row_no`, `cells` as sent, `reasons`."""

_WORKBOOKS: Final = frozenset({"xlsx", "xls", "ods", "html"})
_MOST_SHEET_ROWS: Final = 1_000_000
_LONGEST_SHEET_CELL: Final = 32_767
_CELL, _MORE = "\x02", "\x03"
_SAID: Final = "_said"
_UTF8_MARK: Final = b"\xef\xbb\xbf"


def note_rejects(
    connection: duckdb.DuckDBPyConnection,
    table: TextTable,
    checked: Checked,
    places: Sequence[int],
    *,
    is_returned: bool,
) -> int:
    """Make the table of rejects; how many there are. `places` are where the first file's columns stand now.

    Where a delivery is refused as a whole these are only the rows with a fault of their own.
    """
    commas = _with_commas(checked)
    cells = ", ".join(_as_text(table, place, commas) for place in places)
    refused = f"{TEXTS} AS t JOIN ({_reasons(connection, checked)}) AS e USING (row_no) JOIN {REJECTED} USING (row_no)"
    refused += f" JOIN {ROWS} AS r USING (row_no)" if is_returned else ""
    columns = [f"r.{ORIGINAL} AS row_no" if is_returned else "row_no", f"[{cells}] AS cells", "e.reasons"]
    query = sql.select(columns, refused)
    connection.execute(sql.create_table(REJECTS, _with_open(query) if is_returned else query))
    return count_rows(connection, REJECTS)


def _with_commas(checked: Checked) -> frozenset[int | None]:
    """Where numbers are written with commas for decimals, as far as the file proves it."""
    proven = checked.numbers
    return frozenset(p.place for p in checked.layout.places if proven.get(p.column.name) is Convention.COMMA)


def _as_text(table: TextTable, place: int, commas: Container[int | None]) -> str:
    """A kept cell as text. What the file held as a number is text in the rejects, and may not become ambiguous.

    It is written as its column proves to be, lest our own writing speak against the sender's.
    """
    cell = f"t.cells[{place + 1}]"
    if place < 0 or not table.stored or AS_NUMBER not in table.stored[place]:
        return cell
    number = unambiguous(cell)
    number = f"replace({number}, '.', ',')" if place in commas else number
    return sql.cases((is_stored(place, letters="t.cells[-1]"), number), otherwise=cell)


def _reasons(connection: duckdb.DuckDBPyConnection, checked: Checked) -> str:
    """SELECT of each refused row's reasons in words. The words are filled in by the engine, not row by row."""
    connection.execute(sql.create_empty(_SAID, "fault INTEGER, reason VARCHAR, template VARCHAR"))
    kinds = connection.execute(sql.select(["DISTINCT fault", "reason"], FINDINGS)).fetchall()
    said = [
        (number, reason, checked.faults[number].say("vi", reason, _CELL, _MORE))
        for number, reason in kinds
        if checked.faults[number].rejects
    ]
    sql.insert_rows(connection, _SAID, said)
    words = "s.template"
    for mark, value in ((_CELL, "f.cell"), (_MORE, "f.more")):
        words = f"replace({words}, {sql.literal(mark)}, COALESCE({value}, ''))"
    joined = f"{FINDINGS} AS f JOIN {_SAID} AS s USING (fault, reason)"
    return sql.select(
        ["f.row_no", f"string_agg({words}, ' | ' ORDER BY fault) AS reasons"], joined, group_by="f.row_no"
    )


def _with_open(returned: str) -> str:
    """What comes back wrong again in place of what was open; what is accepted now, or twice, is closed."""
    twice = sql.select([ORIGINAL], f"{ROWS} JOIN {DUPLICATES} USING (row_no)")
    wrong = sql.select(["*"], sql.within(returned, "returned"), f"row_no IN (FROM {OPEN} SELECT row_no)")
    once = f"{wrong} QUALIFY row_number() OVER (PARTITION BY row_no) = 1"
    closed = f"row_no NOT IN (FROM {ACCEPTED} SELECT row_no) AND row_no NOT IN ({twice})"
    still = sql.select(
        ["row_no", "cells", "reasons"],
        OPEN,
        f"{closed} AND row_no NOT IN ({sql.select(['row_no'], sql.within(wrong, 'wrong'))})",
    )
    return f"({once}) UNION ALL ({still})"


def write_rejects(
    connection: duckdb.DuckDBPyConnection, table: TextTable, headers: Sequence[str], folder: Path, stem: str
) -> str:
    """Write the rejects for us (Parquet) and for the sender; the name of the sender's file."""
    ours = (
        f"COPY (FROM {REJECTS} ORDER BY row_no) TO {sql.literal(str(folder / REJECTS_FILE))} (FORMAT parquet)"
    )
    connection.execute(ours)
    is_sheet = table.source_format in _WORKBOOKS and count_rows(connection, REJECTS) <= _MOST_SHEET_ROWS
    name = f"{stem}-can-sua.{'xlsx' if is_sheet else 'csv'}"
    if is_sheet:
        _write_sheet(connection, headers, folder / name)
    else:
        _write_csv(connection, headers, folder / name, table.dialect.delimiter if table.dialect else ",")
    return name


def _lines(headers: Sequence[str], *, is_guarded: bool) -> str:
    cells = [f"nullif(cells[{place}], '')" for place in range(1, len(headers) + 1)]
    values = ["row_no", *(map(guarded, cells) if is_guarded else cells), "reasons"]
    return sql.select(values, REJECTS) + " ORDER BY row_no"


def _write_csv(
    connection: duckdb.DuckDBPyConnection, headers: Sequence[str], target: Path, delimiter: str
) -> None:
    body = target.with_suffix(".body")
    options = f"FORMAT csv, HEADER false, DELIMITER {sql.literal(delimiter)}, NULLSTR ''"
    connection.execute(f"COPY ({_lines(headers, is_guarded=True)}) TO {sql.literal(str(body))} ({options})")
    with target.open("wb") as file:
        file.write(_UTF8_MARK + _header_line(headers, delimiter))
        with body.open("rb") as rows:
            shutil.copyfileobj(rows, file)
    body.unlink()


def _header_line(headers: Sequence[str], delimiter: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(
        [ROW_NO_HEADER, *headers, REASON_HEADER]
    )
    return line.getvalue().encode("utf-8")


def _write_sheet(connection: duckdb.DuckDBPyConnection, headers: Sequence[str], target: Path) -> None:
    """Every cell is written as text, so that no office program runs any."""
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Cần sửa")
        _write_line(sheet, 0, [ROW_NO_HEADER, *headers, REASON_HEADER])
        for number, line in enumerate(_rows(connection, headers), 1):
            _write_line(sheet, number, line)


def _rows(connection: duckdb.DuckDBPyConnection, headers: Sequence[str]) -> Iterator[Sequence[Any]]:
    found = connection.execute(_lines(headers, is_guarded=False))
    while batch := found.fetchmany(1_000):
        yield from batch


def _write_line(sheet: Any, number: int, line: Sequence[Any]) -> None:
    for place, value in enumerate(line):
        if value is not None:
            sheet.write_string(number, place, str(value)[:_LONGEST_SHEET_CELL])
