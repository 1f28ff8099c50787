"""CSV files: scanned where they lie when they are clean, staged when rows must be set aside or letters repaired."""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vamco.intake.reading.body import TAIL_ROWS, BodyRules, above_header
from vamco.intake.reading.csv_dialect import CsvHead, Written, read_csv_head
from vamco.intake.reading.csv_quotes import count_inner_breaks
from vamco.intake.reading.csv_scan import CsvFacts, scan_csv
from vamco.intake.reading.csv_text import disguise_of, head_text, to_utf8
from vamco.intake.reading.encodings.detection import UTF8, is_utf8, legacy_encoding, unicode_encoding
from vamco.intake.reading.grid import Merge, Row
from vamco.intake.reading.grid_table import stage_grid
from vamco.intake.reading.header import HEAD_ROWS, Header
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.text_table import Dialect, Limits, SetAside, TextTable
from vamco.intake.reading.units_of_header import header_units
from vamco.vocabulary.errors import Unreadable

_HEAD: Final = 1 << 20
_TAIL: Final = 1 << 16  # also enough text to judge letters by
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r\x0c\x1a"))


@dataclass(frozen=True, slots=True)
class CsvGrid:
    """A CSV file in UTF-8 as a grid; rows may be shorter or longer than others."""

    path: Path
    written: Written

    @property
    def merges(self) -> Sequence[Merge]:
        """CSV knows no merged cells."""
        return ()

    def rows(self, repairs: Repairs) -> Iterator[Row]:  # noqa: ARG002 (the text was repaired before)
        """The records that hold something. Raises `Unreadable`."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from (row for row, _ in self.written.records(file))
        except csv.Error as error:
            raise Unreadable("intake.read_broken", source_format="CSV", reason=str(error)) from error


def read_csv(
    path: Path, *, known: Collection[str], staging: Path, limits: Limits, declared: str | None, **facts: Any
) -> TextTable:
    """The rows of a CSV file as a text table; `declared` is the sender's word on its encoding. Raises `Unreadable`."""
    sent, repairs = path, Repairs()
    path, encoding = _in_utf8(path, declared, staging, repairs)
    try:
        head = _read_head(path, known)
    except csv.Error as error:
        raise Unreadable("intake.read_broken", source_format="CSV", reason=str(error)) from error
    scan = _scan(path, head)
    if scan.invalid_at is not None:
        if path != sent or declared:
            raise Unreadable("intake.read_wrong_encoding", encoding=encoding, reason=str(scan.invalid_at))
        found = legacy_encoding(_around(path, scan.invalid_at))
        return read_csv(path, known=known, staging=staging, limits=limits, declared=found, **facts)
    if scan.has_zero_bytes:
        raise Unreadable("intake.read_zero_bytes")
    if path == sent and scan.has_combining_marks:
        path = to_utf8(path, UTF8, staging=staging, repairs=repairs)
    if scan.has_quotes and head.written.quote:
        scan.n_inner_breaks = count_inner_breaks(path, head.written)
    facts |= {"encoding": encoding, "known": known, "staging": staging, "limits": limits}
    if head.header is not None and _is_clean(path, head, head.header, scan):
        return _as_it_lies(path, head, head.header, scan, repairs, **facts)
    return _staged(path, head, repairs, **facts)


def _in_utf8(path: Path, declared: str | None, staging: Path, repairs: Repairs) -> tuple[Path, str]:
    """The file in UTF-8, copied only when it has to be, and the encoding it was sent in."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    encoding = declared or unicode_encoding(head)
    if encoding is None:
        _refuse_binary(head)
        encoding = UTF8 if is_utf8(head) else legacy_encoding(head)
    disguise = disguise_of(head_text(head[:_TAIL])) if encoding == UTF8 else None
    has_only_returns = b"\r" in head and b"\n" not in head
    if encoding == UTF8 and disguise is None and not has_only_returns:
        return path, encoding
    return to_utf8(path, encoding, staging=staging, repairs=repairs, disguise=disguise), encoding


def _refuse_binary(head: bytes) -> None:
    if not head.strip():
        raise Unreadable("intake.read_empty")
    if b"\0" in head:
        raise Unreadable("intake.read_zero_bytes")
    if len(head.translate(None, _CONTROLS)) < len(head):
        raise Unreadable("intake.read_not_text")


def _read_head(path: Path, known: Collection[str]) -> CsvHead:
    with path.open("rb") as file:
        head = file.read(_HEAD)
        is_whole = not file.read(1)
    text = head_text(head)
    if not text.strip():
        raise Unreadable("intake.read_empty")
    return read_csv_head(text, known, is_whole=is_whole)


def _scan(path: Path, head: CsvHead) -> CsvFacts:
    header_line = b"\0"
    if head.header is not None:
        names = head.rows[head.header.last].cells
        header_line = head.written.delimiter.join(names).encode()
    return scan_csv(path, header_line)


def _is_clean(path: Path, head: CsvHead, header: Header, scan: CsvFacts) -> bool:
    """Whether every line below the header is data, so that the file can be scanned where it lies."""
    lines_match_rows = head.line_ends[header.data - 1] == head.rows[header.data - 1].no
    has_mixed_ends = 0 < scan.n_returns < scan.n_lines - 1
    if scan.has_other_rows or not lines_match_rows or has_mixed_ends or len(header.columns) == 1:
        return False
    rules = BodyRules(header, head.rows)
    body = [*head.rows[header.data :], *_tail(path, head)]
    return all(reason is None for _, reason in rules.judge(body))


def _tail(path: Path, head: CsvHead) -> Sequence[Row]:
    """The last rows, when they are not among the first."""
    if len(head.rows) < HEAD_ROWS:
        return ()
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        text = file.read().partition(b"\n")[2].decode("utf-8", "replace")
    try:
        rows = [row for row, _ in head.written.records(text.splitlines(keepends=True))]
    except csv.Error:
        return ()
    return [Row(row.no + HEAD_ROWS, row.cells) for row in rows[-TAIL_ROWS:]]


def _around(path: Path, offset: int) -> bytes:
    """The head of the file and what surrounds an offset."""
    with path.open("rb") as file:
        head = file.read(_TAIL)
        file.seek(max(0, offset - _TAIL))
        return head + file.read(_HEAD)


def _as_it_lies(
    path: Path,
    head: CsvHead,
    header: Header,
    scan: CsvFacts,
    repairs: Repairs,
    *,
    limits: Limits,
    **facts: Any,
) -> TextTable:
    if len(header.columns) > limits.columns:
        raise Unreadable("intake.read_too_many_columns", n_columns=len(header.columns), limit=limits.columns)
    del facts["known"], facts["staging"]
    n_header = head.line_ends[header.data - 1]
    written = head.written
    quote = written.quote if scan.has_quotes else ""
    return TextTable(
        path=path,
        form="csv",
        columns=header.columns,
        n_rows=scan.n_lines - scan.n_inner_breaks - n_header,
        first_row_no=n_header + 1,
        source_format="tsv" if written.delimiter == "\t" else "csv",
        dialect=Dialect(written.delimiter, quote, quote or None, n_header),
        repairs=repairs.as_tuple(),
        set_aside=tuple(
            SetAside(row.no, tuple(row.cells), why) for row, why in above_header(header, head.rows)
        ),
        header_units=header_units(header.columns, head.rows[: header.first], head.rows[header.data :]),
        **facts,
    )


def _staged(path: Path, head: CsvHead, repairs: Repairs, **facts: Any) -> TextTable:
    return stage_grid(
        CsvGrid(path, head.written),
        source_format="tsv" if head.written.delimiter == "\t" else "csv",
        repairs=repairs,
        is_ragged=True,
        **facts,
    )
