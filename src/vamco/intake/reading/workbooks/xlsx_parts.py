"""The parts of an XLSX beside its sheets: the list of sheets, the styles, the shared texts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Final
from zipfile import ZipFile

from vamco.intake.reading.archive import BoundedStream, open_member
from vamco.intake.reading.text_table import Limits
from vamco.intake.reading.workbooks.letters import Run
from vamco.intake.reading.workbooks.number_format import built_in_code
from vamco.intake.reading.workbooks.xml import XmlHandler, parse
from vamco.vocabulary.errors import Unreadable

WORKBOOK: Final = "xl/workbook.xml"

SharedText = str | list[tuple[str | None, str]]  # runs: the font, None for the cell's own


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet: its name and the member that holds it."""

    name: str
    member: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What a cell's style says of its letters and its numbers."""

    font: str = ""
    format_code: str = "General"


class TextRuns(XmlHandler):
    """Gathers the runs of a rich text; phonetic guides are no part of the text."""

    def __init__(self) -> None:
        self.runs: list[tuple[str | None, str]] = []
        self._font: str | None = None
        self._words: list[str] | None = None
        self._phonetic = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A run, its font or its text begins."""
        if name == "t" and not self._phonetic:
            self._words = []
        elif name == "r":
            self._font = None
        elif name == "rFont":
            self._font = attributes.get("val")
        elif name == "rPh":
            self._phonetic += 1

    def end(self, name: str) -> None:
        """A run's text ends."""
        if name == "t" and self._words is not None:
            self.runs.append((self._font, "".join(self._words)))
            self._words = None
        elif name == "rPh":
            self._phonetic -= 1

    def text(self, data: str) -> None:
        """Text of a run."""
        if self._words is not None:
            self._words.append(data)

    def take(self) -> SharedText:
        """The runs gathered so far, as plain text when no run has a font of its own."""
        runs, self.runs, self._font = self.runs, [], None
        return runs if any(font for font, _ in runs) else "".join(text for _, text in runs)


class _SharedTexts(TextRuns):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[SharedText] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self.texts.append(self.take())


class _Workbook(XmlHandler):
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), relation, hidden))
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in {"1", "true"}


class _Relations(XmlHandler):
    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Styles(XmlHandler):
    def __init__(self) -> None:
        self.styles: list[CellStyle] = []
        self._fonts: list[str] = []
        self._codes: dict[str, str] = {}
        self._inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in {"fonts", "cellXfs", "cellStyleXfs", "dxfs"}:
            self._inside = name
        elif name == "font" and self._inside == "fonts":
            self._fonts.append("")
        elif name == "name" and self._inside == "fonts" and self._fonts:
            self._fonts[-1] = attributes.get("val", "")
        elif name == "numFmt" and self._inside != "dxfs":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "General")
        elif name == "xf" and self._inside == "cellXfs":
            self.styles.append(self._style(attributes))

    def _style(self, attributes: dict[str, str]) -> CellStyle:
        font, number = (attributes.get(key, "0") for key in ("fontId", "numFmtId"))
        name = self._fonts[int(font)] if is_number(font) and int(font) < len(self._fonts) else ""
        code = self._codes.get(number) or built_in_code(int(number) if is_number(number) else 0)
        return CellStyle(name, code)


class XlsxParts:
    """The parts of one XLSX file. Raises `Unreadable` when a needed one is missing."""

    def __init__(self, archive: ZipFile, limits: Limits) -> None:
        self._archive, self._limits = archive, limits
        workbook, relations = _Workbook(), _Relations()
        self._parse(WORKBOOK, workbook)
        self._parse("xl/_rels/workbook.xml.rels", relations)
        self.is_1904 = workbook.is_1904
        self.sheets = tuple(
            SheetPart(
                name, normpath(join(dirname(WORKBOOK), relations.targets[relation])).lstrip("/"), hidden
            )
            for name, relation, hidden in workbook.sheets
            if relation in relations.targets
        )

    def styles(self) -> list[CellStyle]:
        """The cell styles, in the order in which cells refer to them."""
        found = _Styles()
        self._parse("xl/styles.xml", found, is_needed=False)
        return found.styles or [CellStyle()]

    def shared_texts(self) -> list[SharedText]:
        """The texts that cells refer to by number."""
        found = _SharedTexts()
        self._parse("xl/sharedStrings.xml", found, is_needed=False)
        return found.texts

    def _parse(self, member: str, handler: XmlHandler, *, is_needed: bool = True) -> None:
        if is_needed or _named(self._archive, member):
            with open_part(self._archive, member, self._limits) as stream:
                parse(stream, handler)


@contextmanager
def open_part(archive: ZipFile, member: str, limits: Limits) -> Iterator[BoundedStream]:
    """The bytes of a part. Raises `Unreadable` when it is missing."""
    name = _named(archive, member)
    if name is None:
        raise Unreadable("intake.read_broken", source_format="XLSX", reason=member)
    with open_member(archive, name, limits) as stream:
        yield stream


def _named(archive: ZipFile, member: str) -> str | None:
    """The member of that name; the standard lets capitals differ."""
    return next((name for name in archive.namelist() if name.lower() == member.lower()), None)


def own_runs(text: SharedText, font: str) -> list[Run]:
    """The runs of a text, in the cell's font where they name none."""
    return [(font, text)] if isinstance(text, str) else [(own or font, words) for own, words in text]


def is_number(text: str) -> bool:
    """Whether the text is a plain number of at most nine digits."""
    return len(text) < 10 and text.isascii() and text.isdigit()
