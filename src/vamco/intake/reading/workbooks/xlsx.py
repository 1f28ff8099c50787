"""XLSX workbooks, streamed: text by cell font and run, numbers by format, last results of formulas."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final
from unicodedata import is_normalized

from vamco.intake.reading.archive import BoundedStream, open_zip
from vamco.intake.reading.encodings.fonts import letters_of
from vamco.intake.reading.grid import Merge, Place, Row, StoredDay
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.text_table import Limits
from vamco.intake.reading.workbooks.letters import read_runs
from vamco.intake.reading.workbooks.number_format import NumberWriter
from vamco.intake.reading.workbooks.xlsx_parts import (
    CellStyle,
    SharedText,
    TextRuns,
    XlsxParts,
    is_number,
    open_part,
    own_runs,
)
from vamco.intake.reading.workbooks.xml import XmlHandler, parse, parse_steps
from vamco.vocabulary.errors import Unreadable

_CORNERS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


class XlsxWorkbook:
    """An XLSX file. Raises `Unreadable` when it is broken or beyond the limits."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        with open_zip(path, limits) as archive:
            parts = XlsxParts(archive, limits)
            self._sheets = {sheet.name: sheet for sheet in parts.sheets}
            self._is_1904 = parts.is_1904
            self._styles = parts.styles()
            self._texts = parts.shared_texts()
        if len(self._sheets) > limits.sheets:
            raise Unreadable("intake.read_too_many_sheets", n_sheets=len(self._sheets), limit=limits.sheets)

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of all sheets, in order."""
        return tuple(self._sheets)

    def is_hidden(self, name: str) -> bool:
        """Whether the sheet is hidden from the reader of the workbook."""
        return self._sheets[name].is_hidden

    def sheet(self, name: str) -> "XlsxSheet":
        """The sheet of that name."""
        return XlsxSheet(
            self._path,
            self._sheets[name].member,
            self._styles,
            self._texts,
            self._limits,
            is_1904=self._is_1904,
        )


class XlsxSheet:
    """One sheet of an XLSX file, as a grid."""

    def __init__(
        self,
        path: Path,
        member: str,
        styles: Sequence[CellStyle],
        texts: Sequence[SharedText],
        limits: Limits,
        *,
        is_1904: bool,
    ) -> None:
        self._path, self._member, self._styles, self._texts = path, member, styles, texts
        self._limits, self._is_1904 = limits, is_1904

    @cached_property
    def merges(self) -> Sequence[Merge]:
        """The merged areas."""
        found = _Merges(self._limits)
        if self._mentions(b"mergeCell"):
            with self._open() as stream:
                parse(stream, found)
        return list(found.merges)

    def _mentions(self, word: bytes) -> bool:
        """Whether the word stands in the sheet at all: quicker to know than to parse for it."""
        last = b""
        with self._open() as stream:
            while chunk := stream.read():
                if word in last + chunk:
                    return True
                last = chunk[-len(word) :]
        return False

    def rows(self, repairs: Repairs) -> Iterator[Row]:
        """The rows that hold something."""
        cells = CellReader(self._styles, self._texts, NumberWriter(repairs, is_1904=self._is_1904))
        gathered = _Rows(cells, self._limits)
        with self._open() as stream:
            for _ in parse_steps(stream, gathered):
                yield from gathered.take()

    @contextmanager
    def _open(self) -> Iterator[BoundedStream]:
        with (
            open_zip(self._path, self._limits) as archive,
            open_part(archive, self._member, self._limits) as stream,
        ):
            yield stream


class CellReader:
    """Turns what a cell stores into the text that was meant."""

    def __init__(
        self, styles: Sequence[CellStyle], texts: Sequence[SharedText], writer: NumberWriter
    ) -> None:
        self._styles, self._texts, self._writer = styles, texts, writer
        self._is_legacy = [letters_of(style.font) is not None for style in styles]

    def read(self, kind: str, style_no: int, stored: SharedText, where: Place) -> str:
        """The text of a cell of one of the kinds of ECMA-376 (`s`, `str`, `inlineStr`, `b`, `e`, `d`, `n`)."""
        if kind == "s" and isinstance(stored, str):
            stored = self._shared(stored)
        if kind in {"s", "str", "inlineStr"} or not isinstance(stored, str):
            return self._text(stored, style_no, where)
        if kind == "d":
            return StoredDay(stored.strip())
        if kind == "b":
            return "true" if stored.strip() in {"1", "true"} else "false"
        if kind == "e":
            self._writer.repairs.add("intake.read_error_cell", f"{where}: {stored}")
            return stored
        return self._number(stored.strip(), style_no, where)

    def formula(self, where: Place) -> None:
        """Note that the cell holds the last result of a formula."""
        self._writer.repairs.add("intake.read_formula", str(where))

    def _shared(self, number: str) -> SharedText:
        if not is_number(number) or int(number) >= len(self._texts):
            raise Unreadable("intake.read_broken", source_format="XLSX", reason=f"s={number[:20]}")
        return self._texts[int(number)]

    def _text(self, stored: SharedText, style_no: int, where: Place) -> str:
        is_plain = isinstance(stored, str) and not (
            style_no < len(self._styles) and self._is_legacy[style_no]
        )
        if is_plain and is_normalized("NFC", stored):  # type: ignore[arg-type]
            return stored  # type: ignore[return-value]
        return read_runs(own_runs(stored, self._style(style_no).font), where, self._writer.repairs)

    def _number(self, stored: str, style_no: int, where: Place) -> str:
        if not stored:
            return ""
        try:
            return self._writer.write(stored, self._style(style_no).format_code, where)
        except ValueError:
            return stored

    def _style(self, style_no: int) -> CellStyle:
        return self._styles[style_no] if style_no < len(self._styles) else CellStyle()


class _Merges(XmlHandler):
    def __init__(self, limits: Limits) -> None:
        self.merges: dict[Merge, None] = {}
        self._limit = limits.merges

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell" and (corners := _CORNERS.fullmatch(attributes.get("ref", ""))):
            left, top, right, bottom = corners.groups()
            self.merges[Merge(int(top), int(bottom), _column(left), _column(right))] = None
            if len(self.merges) > self._limit:
                raise Unreadable("intake.read_too_many_merges", limit=self._limit)


class _Rows(XmlHandler):
    """Gathers rows from the elements of a sheet."""

    def __init__(self, cells: CellReader, limits: Limits) -> None:
        self._cells, self._limits = cells, limits
        self._done: list[Row] = []
        self._row_no = 0
        self._row: list[str] = []
        self._column = -1
        self._columns: dict[str, int] = {}
        self._kind, self._style = "n", 0
        self._value: list[str] | None = None
        self._stored = ""
        self._has_formula = False
        self._inline: TextRuns | None = None

    def take(self) -> list[Row]:
        """The rows that are complete."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._value = []
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self._row_no = int(number) if is_number(number) else self._row_no + 1
            self._row, self._column = [], -1
        elif name == "is":
            self._inline = TextRuns()
        elif self._inline is not None:
            self._inline.start(name, attributes)

    def end(self, name: str) -> None:
        if name == "v" and self._value is not None:
            self._stored, self._value = "".join(self._value), None
        elif name == "c":
            self._end_cell()
        elif name == "row":
            if any(cell.strip() for cell in self._row):
                self._done.append(Row(self._row_no, self._row))
        elif self._inline is not None and name != "is":
            self._inline.end(name)

    def text(self, data: str) -> None:
        if self._value is not None:
            self._value.append(data)
        elif self._inline is not None:
            self._inline.text(data)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self._column = self._place(letters) if letters else self._column + 1
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if is_number(style) else 0
        self._stored, self._has_formula, self._inline = "", False, None

    def _place(self, letters: str) -> int:
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _column(letters)
        return column

    def _end_cell(self) -> None:
        stored: SharedText = self._inline.take() if self._inline is not None else self._stored
        self._inline = None
        if not stored and not self._has_formula:
            return
        where = Place(self._row_no, self._column)
        text = self._cells.read(self._kind, self._style, stored, where)
        if self._has_formula:
            self._cells.formula(where)
        if text:
            self._put(text)

    def _put(self, text: str) -> None:
        if self._column >= self._limits.columns:
            raise Unreadable(
                "intake.read_too_many_columns", n_columns=self._column + 1, limit=self._limits.columns
            )
        missing = self._column - len(self._row)
        if missing < 0:
            self._row[self._column] = text
        else:
            self._row.extend([""] * missing)
            self._row.append(text)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        if not "A" <= letter <= "Z":
            raise Unreadable("intake.read_broken", source_format="XLSX", reason=letters[:20])
        number = number * 26 + ord(letter) - 64
    return number - 1
