"""The way in for bytes: a file in any of the forms that senders use becomes one table of text cells."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from vamco.intake.reading.archive import unpack_gzip, unpack_zip
from vamco.intake.reading.csv_file import read_csv
from vamco.intake.reading.encodings.detection import declared_encoding
from vamco.intake.reading.formats import ARCHIVES, WORKBOOKS, Format, format_of, refuse_false_workbook
from vamco.intake.reading.grid import Grid
from vamco.intake.reading.grid_table import has_rows, known_in, stage_grid
from vamco.intake.reading.json_records import read_json
from vamco.intake.reading.parquet_file import read_parquet
from vamco.intake.reading.staging import is_same_table, keep_only, workplace
from vamco.intake.reading.text_table import DEFAULT_LIMITS, Limits, Repair, TextTable
from vamco.intake.reading.workbooks.html import HtmlWorkbook
from vamco.intake.reading.workbooks.ods import OdsWorkbook
from vamco.intake.reading.workbooks.xls import XlsWorkbook
from vamco.intake.reading.workbooks.xlsx import XlsxWorkbook
from vamco.vocabulary.errors import Ambiguous, NotFound, Unreadable


class Workbook(Protocol):
    """A file of several sheets."""

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of all sheets, in order."""

    def is_hidden(self, name: str) -> bool:
        """Whether the sheet is hidden from people."""

    def sheet(self, name: str) -> Grid:
        """The sheet of that name."""


_WORKBOOKS: Final[Mapping[Format, Callable[[Path, Limits], Workbook]]] = {
    Format.XLSX: XlsxWorkbook,
    Format.XLS: XlsWorkbook,
    Format.ODS: OdsWorkbook,
    Format.HTML: HtmlWorkbook,
}


_MOST_SHEETS_COMPARED: Final = 4


@dataclass(frozen=True, slots=True)
class _Content:
    """A file, out of its archive, and what it is."""

    path: Path
    format: Format
    member: str | None = None


def read(
    path: Path,
    *,
    filename: str,
    known_headers: Collection[str] = (),
    sheet: str | None = None,
    staging: Path,
    limits: Limits = DEFAULT_LIMITS,
    encoding: str | None = None,
) -> TextTable:
    """The one table of a file as text cells on disk.

    `filename` only names the file to people; `known_headers` are the names a contract knows its columns by;
    `encoding` is what the sender declares of a text file. What has to be staged goes to the folder `staging`.
    Raises `Unreadable`, `NotFound` for a sheet that is not there, `Ambiguous` when several sheets could be meant.
    """
    with workplace(staging) as folder:
        content = _content(path, folder, limits)
        refuse_false_workbook(content.path, content.member or filename, content.format)
        try:
            table = _read(content, known_headers, sheet, folder, limits, encoding)
        except MemoryError as error:
            limit = limits.unpacked_bytes
            raise Unreadable("intake.read_too_much_text", limit=limit, filename=filename) from error
        keep_only(folder, table.path)
    return replace(table, member=content.member)


def sheet_names(path: Path, *, staging: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """The sheets of a workbook, in order; none for other files. Raises `Unreadable`."""
    with workplace(staging) as folder:
        content = _content(path, folder, limits)
        workbook = _WORKBOOKS.get(content.format)
        names = workbook(content.path, limits).sheet_names if workbook else ()
        keep_only(folder, path)
    return names


def _content(path: Path, staging: Path, limits: Limits) -> _Content:
    found = format_of(path, limits)
    if found not in ARCHIVES:
        return _Content(path, found)
    member: str | None = None
    if found is Format.GZIP:
        unpacked = unpack_gzip(path, staging, limits)
    else:
        unpacked, member = unpack_zip(path, staging, limits)
    inner = format_of(unpacked, limits)
    if inner in ARCHIVES:
        raise Unreadable("intake.read_nested_archive")
    return _Content(unpacked, inner, member)


def _read(
    content: _Content,
    known: Collection[str],
    sheet: str | None,
    staging: Path,
    limits: Limits,
    encoding: str | None,
) -> TextTable:
    if content.format in WORKBOOKS:
        return _read_workbook(content, known, sheet, staging, limits)
    if content.format is Format.PARQUET:
        return read_parquet(content.path, staging=staging, limits=limits)
    if content.format is Format.JSON:
        return read_json(content.path, staging=staging, limits=limits)
    declared = declared_encoding(encoding) if encoding else None
    return read_csv(content.path, known=known, staging=staging, limits=limits, declared=declared)


def _read_workbook(
    content: _Content, known: Collection[str], sheet: str | None, staging: Path, limits: Limits
) -> TextTable:
    workbook = _WORKBOOKS[content.format](content.path, limits)
    stage = partial(
        stage_grid, source_format=str(content.format), known=known, staging=staging, limits=limits
    )
    names = _choose_sheets(workbook, known, sheet, limits)
    first = stage(workbook.sheet(names[0]), sheet=names[0])
    if len(names) == 1:
        return first
    others = (stage(workbook.sheet(name), sheet=name) for name in names[1:])
    if not all(is_same_table(first, other) for other in others):
        raise _which(names)
    same = Repair("intake.read_same_sheets", 0, {"first": names[0], "others": _quoted(names[1:])})
    return replace(first, repairs=(*first.repairs, same))


def _choose_sheets(
    workbook: Workbook, known: Collection[str], asked: str | None, limits: Limits
) -> list[str]:
    """The sheets that could be meant; one when it was asked for."""
    names = workbook.sheet_names
    if asked is not None:
        if asked not in names:
            raise NotFound("intake.read_no_such_sheet", sheet=asked, sheets=list(names))
        return [asked]
    filled = [name for name in names if not workbook.is_hidden(name) and has_rows(workbook.sheet(name))]
    if not filled:
        raise Unreadable("intake.read_empty")
    if len(filled) > 1 and known:
        counts = {name: known_in(workbook.sheet(name), known, limits) for name in filled}
        filled = [name for name in filled if counts[name] == max(counts.values())]
    if len(filled) > _MOST_SHEETS_COMPARED:
        raise _which(filled)
    return filled


def _which(names: Sequence[str]) -> Ambiguous:
    return Ambiguous("intake.read_which_sheet", candidates=list(names), quoted=_quoted(names))


def _quoted(names: Sequence[str]) -> list[str]:
    return [f"“{name}”" for name in names]
