"""How a CSV file is written, from evidence in its first rows: the same file always gives the same answer."""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vamco.intake.reading.grid import Row
from vamco.intake.reading.header import HEAD_ROWS, Header, count_known, find_header

_DELIMITERS: Final = (";", "\t", "|", ",")  # in order of trust: a comma may belong to a number
_ANNOUNCED: Final = re.compile(r"\s*sep=(.)\r?\n")
LONGEST_CELL: Final = 1 << 20

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Written:
    """The delimiter and the quote of a file; the quote is "" when the file quotes nothing."""

    delimiter: str
    quote: str

    def records(self, lines: Iterator[str] | Sequence[str]) -> Iterator[tuple[Row, int]]:
        """Each record that holds something, with the number of the line on which it ends.

        Raises `csv.Error` for a cell longer than `LONGEST_CELL`.
        """
        quoting = {"quotechar": self.quote} if self.quote else {"quoting": csv.QUOTE_NONE}
        reader = csv.reader(lines, delimiter=self.delimiter, **quoting)
        for no, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield Row(no, cells), reader.line_num


@dataclass(frozen=True, slots=True)
class CsvHead:
    """The first records of a file, the line on which each ends, and the header among them."""

    written: Written
    rows: Sequence[Row]
    line_ends: Sequence[int]
    header: Header | None


def read_csv_head(text: str, known: Collection[str], *, is_whole: bool) -> CsvHead:
    """The dialect and header that explain the first rows best; a record cut off at the end is left out."""
    quote = _quote(text)
    heads = [
        _head(text, Written(delimiter, quote), known, is_whole=is_whole) for delimiter in _candidates(text)
    ]
    return max(heads, key=lambda head: _fitness(head, known))


def _candidates(text: str) -> Sequence[str]:
    announced = _ANNOUNCED.match(text)
    if announced:
        return (announced[1],)
    absent = [delimiter for delimiter in _DELIMITERS if delimiter not in text]
    return [delimiter for delimiter in _DELIMITERS if delimiter in text] + absent[:1]


def _head(text: str, written: Written, known: Collection[str], *, is_whole: bool) -> CsvHead:
    records = []
    for record in written.records(text.splitlines(keepends=True)):
        records.append(record)
        if len(records) > HEAD_ROWS:
            break
    if (len(records) > 1 and not is_whole) or len(records) > HEAD_ROWS:
        records.pop()
    rows = [row for row, _ in records]
    return CsvHead(written, rows, [line for _, line in records], find_header(rows, (), known))


def _fitness(head: CsvHead, known: Collection[str]) -> tuple[int, float, int]:
    """Known headers first, then the share of rows as wide as the header, then the number of columns."""
    if head.header is None:
        return (-1, 0.0, 0)
    width = len(head.header.columns)
    if width == 1:
        return (count_known(head.header.columns, known), 0.0, 1)
    body = head.rows[head.header.data :]
    fitting = sum(len(row.cells) == width for row in body) / len(body) if body else 1.0
    return (count_known(head.header.columns, known), round(fitting, 2), width)


def _quote(text: str) -> str:
    """The double quote, unless the file has some and none of them opens a cell."""
    if '"' not in text:
        return '"'
    return '"' if re.search(r'(?:^|[,;\t|\n])\s*"', text) else ""
