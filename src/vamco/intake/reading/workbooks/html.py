"""HTML tables saved under a workbook's name, as many Vietnamese programs do. Scripts and links are only text."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from vamco.intake.reading.encodings.detection import LEGACY, UTF8, is_utf8, legacy_encoding, unicode_encoding
from vamco.intake.reading.grid import Merge, Row
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.text_table import Limits
from vamco.vocabulary.errors import Unreadable
from vamco.vocabulary.text import nfc

_SILENT: Final = {"script", "style", "head"}
_ROW_ENDS: Final = {"tr", "table", "thead", "tbody", "tfoot"}


class HtmlWorkbook:
    """An HTML file whose tables count as sheets. Raises `Unreadable` when it holds none."""

    def __init__(self, path: Path, limits: Limits) -> None:
        if path.stat().st_size > limits.workbook_bytes:
            raise Unreadable("intake.read_workbook_too_large", limit=limits.workbook_bytes)
        tables = _Tables(limits)
        tables.feed(_decode(path.read_bytes()))
        tables.close()
        found = [table for table in tables.tables if len(table.grid_rows) > 1] or tables.tables
        if not found:
            raise Unreadable("intake.read_html_without_table")
        self._sheets = {str(number): table for number, table in enumerate(found, start=1)}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The tables by number, in order."""
        return tuple(self._sheets)

    def is_hidden(self, name: str) -> bool:
        """Tables are never hidden."""
        return name not in self._sheets

    def sheet(self, name: str) -> "HtmlTable":
        """The table of that number."""
        return self._sheets[name]


class HtmlTable:
    """One table of an HTML file, as a grid."""

    def __init__(self) -> None:
        self.grid_rows: list[Row] = []
        self._merges: list[Merge] = []
        self._covered: set[tuple[int, int]] = set()

    @property
    def merges(self) -> Sequence[Merge]:
        """The cells that span several rows or columns."""
        return self._merges

    def rows(self, repairs: Repairs) -> Iterator[Row]:  # noqa: ARG002 (HTML text needs no repair)
        """The rows that hold something."""
        return (row for row in self.grid_rows if row.n_filled)

    def open_row(self) -> None:
        """Begin the next row."""
        self.grid_rows.append(Row(len(self.grid_rows) + 1, []))

    def put(self, text: str, down: int, right: int, limits: Limits) -> None:
        """Put a cell into the next free place of the row, over as many rows and columns as it spans."""
        no, cells = self.grid_rows[-1]
        while (no, len(cells)) in self._covered:
            cells.append("")
        column = len(cells)
        if column + right > limits.columns:
            raise Unreadable("intake.read_too_many_columns", n_columns=column + right, limit=limits.columns)
        cells.extend([text, *[""] * (right - 1)])
        if (down, right) != (1, 1):
            self._merges.append(Merge(no, no + down - 1, column, column + right - 1))
            self._covered |= {(no + r, column + c) for r in range(1, down) for c in range(right)}


class _Tables(HTMLParser):
    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[HtmlTable] = []
        self._limits = limits
        self._depth = self._n_silent = 0
        self._words: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._n_silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(HtmlTable())
        elif self._depth == 1:
            self._start_in_table(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._n_silent = max(0, self._n_silent - 1)
        elif self._depth == 1 and (tag in {"td", "th"} or tag in _ROW_ENDS):
            self._end_cell()
        if tag == "table":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._words is not None and not self._n_silent:
            self._words.append(data)

    def _start_in_table(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            self._end_cell()
            self.tables[-1].open_row()
        elif tag in {"td", "th"}:
            self._end_cell()
            self._words = []
            self._span = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        elif tag == "br":
            self.handle_data(" ")

    def _end_cell(self) -> None:
        if self._words is None:
            return
        text, self._words = nfc(" ".join("".join(self._words).split())), None
        if not self.tables[-1].grid_rows:
            self.tables[-1].open_row()
        self.tables[-1].put(text, *self._span, self._limits)


def _span(text: str | None) -> int:
    return (
        max(1, min(int(text), 1_000)) if text and text.isascii() and text.isdigit() and len(text) < 5 else 1
    )


def _decode(raw: bytes) -> str:
    proven = unicode_encoding(raw)
    if proven:
        return raw.decode(proven, "replace").lstrip("\ufeff")
    if is_utf8(raw):
        return raw.decode(UTF8, "replace")
    text = re.sub(rb"<[^>]*>", b" ", raw)
    return LEGACY[legacy_encoding(text)](raw)
