"""ODS workbooks (OpenDocument), streamed: values as stored, text by cell font, repeated cells unfolded."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from vamco.intake.reading.archive import open_member, open_zip
from vamco.intake.reading.grid import Merge, Place, Row, StoredDay, StoredNumber
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.text_table import Limits
from vamco.intake.reading.workbooks.letters import Run, read_runs
from vamco.intake.reading.workbooks.number_format import plain_number
from vamco.intake.reading.workbooks.xml import XmlHandler, local, parse, parse_steps
from vamco.vocabulary.errors import Unreadable

_CONTENT, _STYLES = "content.xml", "styles.xml"
_MOST_REPEATED_CELLS: Final = 1_000_000
_NUMBERS: Final = {"float", "percentage", "currency"}


class OdsWorkbook:
    """An ODS file. Raises `Unreadable` when it is broken or beyond the limits."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        fonts, outline = _Fonts(), _Outline()
        with open_zip(path, limits) as archive:
            for member, handlers in ((_STYLES, [fonts]), (_CONTENT, [fonts, outline])):
                if member in archive.namelist():
                    for handler in handlers:
                        with open_member(archive, member, limits) as stream:
                            parse(stream, handler)
        if not outline.sheets:
            raise Unreadable("intake.read_broken", source_format="ODS", reason=_CONTENT)
        self._fonts = fonts
        self._sheets = outline.sheets
        if len(self._sheets) > limits.sheets:
            raise Unreadable("intake.read_too_many_sheets", n_sheets=len(self._sheets), limit=limits.sheets)

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of all sheets, in order."""
        return tuple(self._sheets)

    def is_hidden(self, name: str) -> bool:
        """Whether the sheet is hidden from the reader of the workbook."""
        return self._fonts.is_hidden(self._sheets[name])

    def sheet(self, name: str) -> "OdsSheet":
        """The sheet of that name."""
        return OdsSheet(self._path, name, self._fonts, self._limits)


class OdsSheet:
    """One sheet of an ODS file, as a grid."""

    def __init__(self, path: Path, name: str, fonts: "_Fonts", limits: Limits) -> None:
        self._path, self._name, self._fonts, self._limits = path, name, fonts, limits

    @cached_property
    def merges(self) -> Sequence[Merge]:
        """The merged areas."""
        gathered = _Rows(self._name, self._fonts, Repairs(), self._limits)
        for _ in self._steps(gathered):
            gathered.take()
        return gathered.merges

    def rows(self, repairs: Repairs) -> Iterator[Row]:
        """The rows that hold something."""
        gathered = _Rows(self._name, self._fonts, repairs, self._limits)
        for _ in self._steps(gathered):
            yield from gathered.take()

    def _steps(self, gathered: "_Rows") -> Iterator[None]:
        with (
            open_zip(self._path, self._limits) as archive,
            open_member(archive, _CONTENT, self._limits) as stream,
        ):
            yield from parse_steps(stream, gathered)


class _Outline(XmlHandler):
    """Gathers the sheets and their style."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.sheets[local(attributes, "name") or ""] = local(attributes, "style-name") or ""


class _Fonts(XmlHandler):
    """Gathers which font each style means."""

    def __init__(self) -> None:
        self._families: dict[str, str] = {}
        self._fonts: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._hidden: set[str] = set()
        self._style = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "font-face":
            family = local(attributes, "font-family") or ""
            self._families[local(attributes, "name") or ""] = family.strip("'\"")
        elif name in {"style", "default-style"}:
            self._style = local(attributes, "name") or ""
            self._parents[self._style] = local(attributes, "parent-style-name") or ""
        elif name == "text-properties":
            font = local(attributes, "font-name") or local(attributes, "font-family")
            if font and self._style:
                self._fonts[self._style] = font
        elif name == "table-properties" and local(attributes, "display") == "false":
            self._hidden.add(self._style)

    def font(self, style: str) -> str:
        """The name of the font that a style means, "" when it does not say."""
        for _ in range(8):
            if style in self._fonts:
                return self._families.get(self._fonts[style], self._fonts[style])
            style = self._parents.get(style, "")
        return ""

    def is_hidden(self, style: str) -> bool:
        """Whether a sheet's style hides it."""
        return style in self._hidden


class _Cell:
    """A cell while its elements arrive."""

    def __init__(self, attributes: dict[str, str], font: str) -> None:
        self.kind = local(attributes, "value-type") or ""
        self.value = next(
            (v for key, v in attributes.items() if key.endswith(("-value", ":value")) and v), ""
        )
        self.repeated = _count(attributes, "number-columns-repeated")
        self.spans = (_count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned"))
        self.has_formula = local(attributes, "formula") is not None
        self.fonts = [font]
        self.runs: list[Run] = []

    def add(self, text: str) -> None:
        self.runs.append((self.fonts[-1], text))


class _Rows(XmlHandler):
    """Gathers the rows of one sheet from the elements of the document."""

    def __init__(self, sheet: str, fonts: _Fonts, repairs: Repairs, limits: Limits) -> None:
        self.merges: list[Merge] = []
        self._sheet, self._fonts, self._repairs, self._limits = sheet, fonts, repairs, limits
        self._is_inside = False
        self._done: list[Row] = []
        self._next_row, self._row_repeated = 1, 1
        self._row: list[str] = []
        self._n_cells = 0
        self._cell: _Cell | None = None
        self._n_paragraphs = self._n_asides = 0
        self._n_unfolded = 0

    def take(self) -> list[Row]:
        """The rows that are complete."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._is_inside = local(attributes, "name") == self._sheet
        elif not self._is_inside:
            return
        elif name == "table-row":
            self._row, self._n_cells = [], 0
            self._row_repeated = _count(attributes, "number-rows-repeated")
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell = _Cell(attributes, self._fonts.font(local(attributes, "style-name") or ""))
            self._n_paragraphs = 0
        elif self._cell is not None:
            self._start_text(name, attributes, self._cell)

    def end(self, name: str) -> None:
        if not self._is_inside:
            return
        if name == "table":
            self._is_inside = False
        elif name == "table-row":
            self._end_row()
        elif name in {"table-cell", "covered-table-cell"} and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif self._cell is not None:
            self._end_text(name, self._cell)

    def text(self, data: str) -> None:
        if self._cell is not None and self._n_paragraphs and not self._n_asides:
            self._cell.add(data)

    def _start_text(self, name: str, attributes: dict[str, str], cell: _Cell) -> None:
        if name == "annotation":
            self._n_asides += 1
        elif self._n_asides:
            return
        elif name == "p":
            if self._n_paragraphs:
                cell.add("\n")
            self._n_paragraphs += 1
        elif name == "span":
            font = self._fonts.font(local(attributes, "style-name") or "")
            cell.fonts.append(font or cell.fonts[-1])
        elif name in {"s", "tab", "line-break"}:
            count = min(_count(attributes, "c"), self._limits.cell_characters)
            cell.add({"s": " " * count, "tab": "\t"}.get(name, "\n"))

    def _end_text(self, name: str, cell: _Cell) -> None:
        if name == "annotation":
            self._n_asides -= 1
        elif name == "span" and not self._n_asides and len(cell.fonts) > 1:
            cell.fonts.pop()

    def _end_cell(self, cell: _Cell) -> None:
        where = Place(self._next_row, self._n_cells)
        text = self._read(cell, where)
        if cell.spans != (1, 1):
            down, right = cell.spans
            self.merges.append(
                Merge(
                    where.row_no, where.row_no + down - 1, where.column, min(where.column + right - 1, 16_383)
                )
            )
        if text:
            self._unfold(text, cell.repeated)
        self._n_cells += cell.repeated

    def _unfold(self, text: str, repeated: int) -> None:
        n_columns = self._n_cells + repeated
        if n_columns > self._limits.columns:
            raise Unreadable("intake.read_too_many_columns", n_columns=n_columns, limit=self._limits.columns)
        self._row.extend([""] * (self._n_cells - len(self._row)))
        self._row.extend([text] * repeated)

    def _end_row(self) -> None:
        if any(cell.strip() for cell in self._row):
            self._n_unfolded += len(self._row) * (self._row_repeated - 1)
            if self._n_unfolded > _MOST_REPEATED_CELLS:
                raise Unreadable("intake.read_too_many_repeated", limit=_MOST_REPEATED_CELLS)
            for offset in range(self._row_repeated):
                self._done.append(Row(self._next_row + offset, list(self._row)))
        self._next_row += self._row_repeated

    def _read(self, cell: _Cell, where: Place) -> str:
        shown = "".join(text for _, text in cell.runs)
        if cell.has_formula:
            self._repairs.add("intake.read_formula", str(where))
        if cell.kind in _NUMBERS:
            return self._number(cell, shown.strip(), where)
        if cell.kind == "date":
            return StoredDay(cell.value.replace("T", " "))
        if cell.kind == "boolean":
            return cell.value
        return read_runs(cell.runs, where, self._repairs)

    def _number(self, cell: _Cell, shown: str, where: Place) -> str:
        try:
            plain = StoredNumber(plain_number(cell.value))
        except ValueError:
            return shown
        if shown.isdigit() and len(shown) > len(plain) and shown.lstrip("0") == plain.lstrip("0"):
            self._repairs.add("intake.read_leading_zeros", f"{where}: {plain} → {shown}")
            return shown
        if cell.kind == "percentage":
            self._repairs.add("intake.read_percent", f"{where}: {plain}")
        return plain


def _count(attributes: dict[str, str], name: str) -> int:
    text = local(attributes, name) or "1"
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 7 else 1
