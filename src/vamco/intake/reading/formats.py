"""What a file is, by its content; names and extensions are not believed."""

import zipfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from vamco.intake.reading.archive import open_member, open_zip
from vamco.intake.reading.encodings.detection import unicode_encoding
from vamco.intake.reading.text_table import Limits
from vamco.vocabulary.errors import Unreadable


class Format(StrEnum):
    """The kinds of content that can be read."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    HTML = "html"
    JSON = "json"
    PARQUET = "parquet"
    GZIP = "gzip"
    ZIP = "zip"


WORKBOOKS: Final = frozenset({Format.XLSX, Format.XLS, Format.ODS, Format.HTML})
ARCHIVES: Final = frozenset({Format.GZIP, Format.ZIP})

_HEAD: Final = 4096
_WORKBOOK_SUFFIXES: Final = {".xlsx", ".xlsm", ".xls", ".ods"}
_CONTROLS: Final = bytes({*range(32)} - set(b"\t\n\v\f\r\x1a\x1b"))
_LARGEST_SHARE_OF_CONTROLS: Final = 0.02
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_WORKBOOKS: Final = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"7z\xbc\xaf": "7-Zip",
    b"Rar!": "RAR",
    b"\xfd7zXZ": "XZ",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"SQLite format 3": "SQLite",
    b"MIME-Version": "MHTML",
    b"\x7fELF": "ELF",
    b"MZ\x90": "EXE",
}


def format_of(path: Path, limits: Limits) -> Format:
    """The format of a file. Raises `Unreadable` for an empty file and for formats that hold no table."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\0\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise Unreadable("intake.read_empty")
    for magic, name in _FOREIGN.items():
        if head.startswith(magic):
            raise Unreadable("intake.read_foreign_format", found=name)
    return _by_magic(head, path, limits) or _of_text(head)


def refuse_false_workbook(path: Path, filename: str, found: Format) -> None:
    """Raises `Unreadable` for bytes named as a workbook that are neither one nor text."""
    if found not in {Format.CSV, Format.JSON} or Path(filename).suffix.lower() not in _WORKBOOK_SUFFIXES:
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
    n_controls = len(head) - len(head.translate(None, _CONTROLS))
    if unicode_encoding(head) is None and n_controls > len(head) * _LARGEST_SHARE_OF_CONTROLS:
        raise Unreadable("intake.read_false_workbook", filename=filename)


def _by_magic(head: bytes, path: Path, limits: Limits) -> Format | None:
    if head.startswith(b"PAR1"):
        return Format.PARQUET
    if head.startswith(b"\x1f\x8b"):
        return Format.GZIP
    if head.startswith(b"PK"):
        return _of_zip(path, limits)
    if head.startswith(_OLE2) or (head.startswith(_BARE_WORKBOOKS) and b"\0" in head[:16]):
        return Format.XLS
    return None


def _of_zip(path: Path, limits: Limits) -> Format:
    with open_zip(path, limits) as archive:
        names = {name.lower() for name in archive.namelist()}
        if "xl/workbook.xml" in names:
            return Format.XLSX
        if "xl/workbook.bin" in names:
            raise Unreadable("intake.read_foreign_format", found="XLSB")
        if "word/document.xml" in names:
            raise Unreadable("intake.read_foreign_format", found="Word (DOCX)")
        if "content.xml" in names and "mimetype" in names:
            return _of_open_document(archive, limits)
    return Format.ZIP


def _of_open_document(archive: zipfile.ZipFile, limits: Limits) -> Format:
    with open_member(archive, "mimetype", limits) as file:
        kind = file.read(100).decode("ascii", "replace").strip()
    if not kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        raise Unreadable("intake.read_foreign_format", found=kind)
    return Format.ODS


def _of_text(head: bytes) -> Format:
    encoding = unicode_encoding(head)
    text = head.decode(encoding or "latin-1", "replace").lstrip("\ufeffï»¿ \t\r\n")
    low = text[:1024].lower()
    if low.startswith("<?xml") and "spreadsheet" in low:
        raise Unreadable("intake.read_foreign_format", found="XML Spreadsheet 2003")
    if low.startswith(("<!doctype html", "<html", "<table", "<meta", "<head", "<style", "<body", "<div")):
        return Format.HTML
    if low.startswith("<?xml") and "<html" not in low:
        raise Unreadable("intake.read_foreign_format", found="XML")
    if low.startswith("<?xml"):
        return Format.HTML
    return Format.JSON if _opens_json(text) else Format.CSV


def _opens_json(text: str) -> bool:
    return text.startswith("{") or (text.startswith("[") and text[1:].lstrip()[:1] in {"{", "]", "["})
