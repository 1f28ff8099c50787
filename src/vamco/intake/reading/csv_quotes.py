"""Line breaks inside the quotes of a CSV file: they end no row. And a quote that opens and never closes."""

import csv
import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from vamco.intake.reading.csv_dialect import LONGEST_CELL, Written
from vamco.vocabulary.errors import Unreadable

_BLOCK: Final = 1 << 20
_ALL_BUT_QUOTES_AND_ENDS: Final = bytes(set(range(256)) - set(b'"\n'))
_NEXT: Final = "x"  # a record of its own, unless a quote is still open


def count_inner_breaks(path: Path, written: Written) -> int:
    """How many line breaks stand inside quotes, in a file that uses quotes.

    Raises `Unreadable` where a quote is still open at the end of the file, or of the longest cell.
    """
    n_breaks, n_lines, rest = 0, 0, b""
    for block in _whole_lines(path):
        if rest or _breaks_inside_quotes(block):
            n_records, n_whole, rest = _whole_records(rest + block, written, n_lines)
            n_breaks += n_whole - n_records
            n_lines += n_whole
        else:
            n_lines += block.count(b"\n")
    if rest:
        raise _never_closed(n_lines)
    return n_breaks


def _whole_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        begun = b""
        while block := file.read(_BLOCK):
            lines, end, begun = (begun + block).rpartition(b"\n")
            if end:
                yield lines + end
        if begun:
            yield begun + b"\n"


def _breaks_inside_quotes(lines: bytes) -> bool:
    """Whether quotes do not come in pairs on every line; a pair says nothing of where rows end."""
    return b'"' in lines.translate(None, _ALL_BUT_QUOTES_AND_ENDS).replace(b'""', b"")


def _whole_records(text: bytes, written: Written, n_before: int) -> tuple[int, int, bytes]:
    """How many records end in the text, on how many lines, and what begins after them."""
    lines = list(io.StringIO(text.decode("utf-8-sig").replace("\r", ""), newline="\n"))
    reader = csv.reader(
        chain(lines, [_NEXT]), delimiter=written.delimiter, quotechar=written.quote, skipinitialspace=True
    )
    ends = [0]
    try:
        ends += [reader.line_num for _ in reader]
    except csv.Error:
        raise _never_closed(n_before + ends[-1]) from None
    return len(ends) - 2, ends[-2], "".join(lines[ends[-2] :]).encode()


def _never_closed(n_before: int) -> Unreadable:
    return Unreadable("intake.read_open_quote", line=n_before + 1, limit=LONGEST_CELL)
