"""XLS workbooks (Excel 5 to 2003): text by cell font and run, numbers by format."""

import io
import struct
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import xlrd
from xlrd.compdoc import CompDoc, CompDocError

from vamco.intake.reading.grid import Merge, Place, Row
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.text_table import Limits
from vamco.intake.reading.workbooks.letters import Run, read_runs
from vamco.intake.reading.workbooks.number_format import NumberWriter
from vamco.vocabulary.errors import Unreadable

_BROKEN: Final = (
    xlrd.XLRDError,
    CompDocError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
_FORMULA: Final = 0x0006
_SHEET_BEGINS, _SHEET_ENDS = 0x0809, 0x000A
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")


class XlsWorkbook:
    """An XLS file, opened. Raises `Unreadable` when it is broken, too large or behind a password."""

    def __init__(self, path: Path, limits: Limits) -> None:
        if path.stat().st_size > limits.workbook_bytes:
            raise Unreadable("intake.read_workbook_too_large", limit=limits.workbook_bytes)
        raw = path.read_bytes()
        if _ENCRYPTED_PACKAGE in raw:
            raise Unreadable("intake.read_password")
        self._stream = _workbook_stream(raw)
        try:
            self._book = xlrd.open_workbook(
                file_contents=raw,
                formatting_info=True,
                on_demand=True,
                ragged_rows=True,
                logfile=io.StringIO(),
            )
        except _BROKEN as error:
            raise _unreadable(error) from error
        if self._book.nsheets > limits.sheets:
            raise Unreadable("intake.read_too_many_sheets", n_sheets=self._book.nsheets, limit=limits.sheets)
        self._limits = limits

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of all sheets, in order."""
        return tuple(self._book.sheet_names())

    def sheet(self, name: str) -> "XlsSheet":
        """The sheet of that name. Raises `Unreadable`."""
        formulas = _formula_cells(self._stream, self.sheet_names.index(name))
        return XlsSheet(self._book, self._load(name), formulas, self._limits)

    def is_hidden(self, name: str) -> bool:
        """Whether the sheet is hidden from the reader of the workbook."""
        return bool(self._load(name).visibility)

    def _load(self, name: str) -> Any:
        try:
            return self._book.sheet_by_name(name)
        except _BROKEN as error:
            raise _unreadable(error) from error


class XlsSheet:
    """One sheet of an XLS file, as a grid."""

    def __init__(self, book: Any, sheet: Any, formulas: frozenset[tuple[int, int]], limits: Limits) -> None:
        self._book, self._sheet, self._formulas, self._limits = book, sheet, formulas, limits

    @cached_property
    def merges(self) -> Sequence[Merge]:
        """The merged areas."""
        return [
            Merge(top + 1, bottom, left, right - 1) for top, bottom, left, right in self._sheet.merged_cells
        ]

    def rows(self, repairs: Repairs) -> Iterator[Row]:
        """The rows that hold something."""
        writer = NumberWriter(repairs, is_1904=bool(self._book.datemode))
        try:
            for row_no in range(self._sheet.nrows):
                cells = [self._cell(row_no, at, writer) for at in range(self._sheet.row_len(row_no))]
                while cells and not cells[-1]:
                    cells.pop()
                if any(cell.strip() for cell in cells):
                    yield Row(row_no + 1, cells)
        except _BROKEN as error:
            raise _unreadable(error) from error

    def _cell(self, row_no: int, at: int, writer: NumberWriter) -> str:
        kind = self._sheet.cell_type(row_no, at)
        if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            return ""
        value = self._sheet.cell_value(row_no, at)
        where = Place(row_no + 1, at)
        if (row_no, at) in self._formulas:
            writer.repairs.add("intake.read_formula", str(where))
        if kind == xlrd.XL_CELL_TEXT:
            return read_runs(self._runs(row_no, at, value), where, writer.repairs)
        if kind == xlrd.XL_CELL_BOOLEAN:
            return "true" if value else "false"
        if kind == xlrd.XL_CELL_ERROR:
            return _error(value, where, writer.repairs)
        return writer.write(value, self._format_code(row_no, at), where)

    def _runs(self, row_no: int, at: int, text: str) -> list[Run]:
        style = self._book.xf_list[self._sheet.cell_xf_index(row_no, at)]
        fonts = self._book.font_list
        marks = [(0, style.font_index), *self._sheet.rich_text_runlist_map.get((row_no, at), ())]
        ends = [start for start, _ in marks[1:]] + [len(text)]
        return [(fonts[font].name, text[start:end]) for (start, font), end in zip(marks, ends, strict=True)]

    def _format_code(self, row_no: int, at: int) -> str:
        style = self._book.xf_list[self._sheet.cell_xf_index(row_no, at)]
        code: str = self._book.format_map[style.format_key].format_str
        return code


def _error(code: int, where: Place, repairs: Repairs) -> str:
    text: str = xlrd.error_text_from_code.get(code, "#ERR")
    repairs.add("intake.read_error_cell", f"{where}: {text}")
    return text


def _unreadable(error: BaseException) -> Unreadable:
    if "encrypt" in str(error).lower():
        return Unreadable("intake.read_password")
    return Unreadable("intake.read_broken", source_format="XLS", reason=str(error) or type(error).__name__)


def _workbook_stream(raw: bytes) -> bytes:
    """The records of the workbook, out of their OLE2 container when they have one."""
    if not raw.startswith(b"\xd0\xcf\x11\xe0"):
        return raw
    try:
        document = CompDoc(raw, logfile=io.StringIO())
        for name in ("Workbook", "Book"):
            stream: bytes | None = document.get_named_stream(name)
            if stream:
                return stream
    except _BROKEN as error:
        raise _unreadable(error) from error
    raise Unreadable("intake.read_not_a_workbook")


def _formula_cells(stream: bytes, sheet_order: int) -> frozenset[tuple[int, int]]:
    """Where the formulas of a sheet stand; the library hands on only their last results."""
    found: set[tuple[int, int]] = set()
    depth = n_streams = at = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        if record == _SHEET_BEGINS:
            depth += 1
            n_streams += depth == 1
        elif record == _SHEET_ENDS:
            depth = max(0, depth - 1)
        elif record == _FORMULA and n_streams == sheet_order + 2 and at + 8 <= len(stream):
            found.add(struct.unpack_from("<HH", stream, at + 4))
        at += 4 + length
    return frozenset(found)
