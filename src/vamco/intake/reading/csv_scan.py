"""One fast pass over a whole CSV file, to know whether it can be scanned where it lies."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from vamco.vocabulary.errors import Unreadable

_CHUNK: Final = 1 << 20
_TAIL: Final = 1 << 16
_LONGEST_LINE: Final = 32 << 20
_TOTAL_WORDS: Final = "Tổng|TỔNG|tổng|Cộng|CỘNG|cộng|Total|TOTAL|total"
_MORE_WORDS: Final = "cộng|số|CỘNG|SỐ|Cộng|Số"


@dataclass(slots=True)
class CsvFacts:
    """What the pass found. `invalid_at` is the offset of the first byte that is not UTF-8."""

    invalid_at: int | None = None
    has_zero_bytes: bool = False
    has_combining_marks: bool = False
    has_quotes: bool = False
    has_other_rows: bool = False  # blank lines, totals or a repeated header among the data
    n_lines: int = 1
    n_returns: int = 0
    n_inner_breaks: int = 0  # of lines inside quotes, counted by `csv_quotes`


def scan_csv(path: Path, header_line: bytes) -> CsvFacts:
    """The facts about a file but for blank lines at its end; stops at the first byte that is not UTF-8."""
    facts = CsvFacts()
    other_rows = _other_rows(header_line)
    remaining, offset, carry = _text_end(path), 0, b""
    with path.open("rb", buffering=0) as file:
        while remaining:
            block = file.read(min(_CHUNK, remaining))
            remaining -= len(block)
            chunk = carry + block
            cut = chunk.rfind(b"\n") if remaining else len(chunk)
            if chunk.find(b"\n", 1) < 0 and len(chunk) > _LONGEST_LINE:
                raise Unreadable("intake.read_line_too_long", limit=_LONGEST_LINE)
            if cut <= 0:
                carry = chunk
                continue
            lines, carry = chunk[:cut], chunk[cut:]
            if not _is_valid(lines, offset, facts):
                return facts
            _note(lines, other_rows, facts)
            offset += cut
    return facts


def _text_end(path: Path) -> int:
    """Where the text ends and only line ends follow."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    return size - len(tail) + len(tail.rstrip(b"\r\n"))


def _is_valid(chunk: bytes, offset: int, facts: CsvFacts) -> bool:
    if chunk.isascii() or _is_utf8(chunk):
        return True
    try:
        codecs.utf_8_decode(chunk, "strict", True)
    except UnicodeDecodeError as error:
        facts.invalid_at = offset + error.start
        return False
    return True


def _is_utf8(chunk: bytes) -> bool:
    """What Arrow says, which need not decode to know; where it says no, Python finds the place."""
    ends = pa.array([0, len(chunk)], pa.int32()).buffers()[1]
    try:
        pa.StringArray.from_buffers(1, ends, pa.py_buffer(chunk)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _note(chunk: bytes, other_rows: re.Pattern[bytes], facts: CsvFacts) -> None:
    facts.has_zero_bytes = facts.has_zero_bytes or b"\0" in chunk
    facts.has_quotes = facts.has_quotes or b'"' in chunk
    facts.has_combining_marks = facts.has_combining_marks or b"\xcc" in chunk or b"\xcd" in chunk
    facts.has_other_rows = facts.has_other_rows or other_rows.search(chunk) is not None
    letters = np.frombuffer(chunk, np.uint8)  # counts twice as fast as bytes do
    facts.n_lines += int(np.count_nonzero(letters == ord("\n")))
    facts.n_returns += int(np.count_nonzero(letters == ord("\r")))


def _other_rows(header_line: bytes) -> re.Pattern[bytes]:
    total = (
        rb'["\s]*(?:[IVX]*["\s]*[,;|\t]["\s]*){0,2}(?:'
        + _TOTAL_WORDS.encode()
        + rb")(?:\s+(?:"
        + _MORE_WORDS.encode()
        + rb'))?\s*(?:["\',;\t|:(\r\n]|$)'
    )
    blank = rb'[,;\t| "]*\r?(?:\n|$)'
    begins = rb'(?![^,;\t|"\sIVXTtCc' + re.escape(header_line[:1]) + rb"])"  # few lines are looked at twice
    return re.compile(
        rb"\n" + begins + rb"(?:" + blank + rb"|" + total + rb"|" + re.escape(header_line) + rb"\s*(?:\n|$))"
    )
