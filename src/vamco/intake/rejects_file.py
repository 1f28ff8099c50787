"""The file of rejects that a sender corrects and sends back: a workbook for a workbook, else CSV, in either language."""

import csv
import io
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import duckdb
import xlsxwriter
from django.conf import settings

from vamco.intake.checking import sql
from vamco.intake.checking.raw_rows import GUARDED, UNSAFE, escaped, guarded
from vamco.intake.models import Receipt
from vamco.intake.reading.text_table import TextTable
from vamco.intake.rejects import REJECTS_FILE
from vamco.vocabulary.messages import Language

ROW_NO_HEADER: Final[Mapping[Language, str]] = {"vi": "Số dòng gốc", "en": "Original row"}
REASON_HEADER: Final[Mapping[Language, str]] = {"vi": "Lý do trả lại", "en": "Why it was returned"}

_WORKBOOKS: Final = frozenset({"xlsx", "xls", "ods", "html"})
_ENDINGS: Final[Mapping[Language, str]] = {"vi": "can-sua", "en": "to-correct"}
_SHEETS: Final[Mapping[Language, str]] = {"vi": "Cần sửa", "en": "To correct"}
_MOST_SHEET_ROWS: Final = 1_000_000
_LONGEST_SHEET_CELL: Final = 32_767
_UTF8_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Form:
    """How the sender wrote: the headers of the first file, the format, the delimiter of a CSV."""

    headers: Sequence[str]
    source_format: str
    delimiter: str | None


def as_sent(table: TextTable) -> TextTable:
    """The table with the headers as the sender has them, without the apostrophes that we had put before them."""
    unguarded = {column: column[1:] if re.match(GUARDED, column) else column for column in table.columns}
    return replace(
        table,
        columns=tuple(map(unguarded.__getitem__, table.columns)),
        header_units={unguarded[column]: unit for column, unit in table.header_units.items()},
    )


def rejects_in(receipt: Receipt, language: Language) -> Path | None:
    """The sender's file of rejects in that language, written when first asked for; None when there are none."""
    if language == "vi" or receipt.rejects_path is None:
        return receipt.rejects_path
    kept, first = receipt.rejects_path, receipt.part.delivery.first_part.receipts.latest("id")
    read = receipt.report["read"]
    form = Form(first.report["tasks"][0]["labels"], read["format"], read["delimiter"])
    target = kept.with_stem(f"{kept.stem.removesuffix(_ENDINGS['vi'])}{_ENDINGS[language]}")
    if not target.is_file():
        unfinished = target.with_stem(f"{target.stem}-{uuid4().hex}")
        with duckdb.connect() as connection:
            _write(connection, form, Path(settings.HOME) / receipt.folder, unfinished, language)
        unfinished.replace(target)
    return target


def write_rejects(
    connection: duckdb.DuckDBPyConnection, form: Form, folder: Path, stem: str, n_rows: int
) -> str:
    """Write the kept rejects for the sender, in Vietnamese; the name of the file."""
    is_sheet = form.source_format in _WORKBOOKS and n_rows <= _MOST_SHEET_ROWS
    name = f"{stem}-{_ENDINGS['vi']}.{'xlsx' if is_sheet else 'csv'}"
    _write(connection, form, folder, folder / name, "vi")
    return name


def _write(
    connection: duckdb.DuckDBPyConnection, form: Form, folder: Path, target: Path, language: Language
) -> None:
    kept = f"read_parquet({sql.literal(str(folder / REJECTS_FILE))})"
    header = [ROW_NO_HEADER[language], *map(_guarded_header, form.headers), REASON_HEADER[language]]
    is_sheet = target.suffix == ".xlsx"
    cells = [f"nullif(cells[{place}], '')" for place in range(1, len(form.headers) + 1)]
    values = ["row_no", *map(escaped if is_sheet else guarded, cells), f"reasons.{language}"]
    lines = f"{sql.select(values, kept)} ORDER BY row_no"
    if is_sheet:
        _write_sheet(connection, header, lines, target, _SHEETS[language])
    else:
        _write_csv(connection, header, lines, target, form.delimiter or ",")


def _guarded_header(header: str) -> str:
    return f"'{header}" if re.match(UNSAFE, header) else header


def _write_csv(
    connection: duckdb.DuckDBPyConnection, header: Sequence[str], lines: str, target: Path, delimiter: str
) -> None:
    body = target.with_suffix(".body")
    options = f"FORMAT csv, HEADER false, DELIMITER {sql.literal(delimiter)}, NULLSTR ''"
    connection.execute(f"COPY ({lines}) TO {sql.literal(str(body))} ({options})")
    with target.open("wb") as file:
        file.write(_UTF8_MARK + _header_line(header, delimiter))
        with body.open("rb") as rows:
            shutil.copyfileobj(rows, file)
    body.unlink()


def _header_line(header: Sequence[str], delimiter: str) -> bytes:
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(header)
    return line.getvalue().encode("utf-8")


def _write_sheet(
    connection: duckdb.DuckDBPyConnection, header: Sequence[str], lines: str, target: Path, name: str
) -> None:
    """Every cell is written as text, so that no office program runs any."""
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet(name)
        _write_line(sheet, 0, header)
        for number, line in enumerate(_rows(connection, lines), 1):
            _write_line(sheet, number, line)


def _rows(connection: duckdb.DuckDBPyConnection, lines: str) -> Iterator[Sequence[Any]]:
    found = connection.execute(lines)
    while batch := found.fetchmany(1_000):
        yield from batch


def _write_line(sheet: Any, number: int, line: Sequence[Any]) -> None:
    for place, value in enumerate(line):
        if value is not None:
            sheet.write_string(number, place, str(value)[:_LONGEST_SHEET_CELL])
