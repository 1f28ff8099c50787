"""What a reader hands on: one table of text cells that a query engine can scan, and what was done to get it.

The scan's columns are named by place (`c0`, `c1`, …) in both forms, because senders repeat and omit headers.

In the form "csv" the file is the sender's own, in UTF-8: every line after `dialect.header_lines` is a data row
and the row number is `first_row_no` plus the place of the row. Lines that are too short or too long are still in it.

In the form "parquet" each row also carries `_row_no` (BIGINT, the sender's own row number) and `_surplus` (VARCHAR,
the cells beyond the last column joined by tabs, else NULL). An empty cell is ''; NULL means only that the sender's
line ended before this column.

It carries `_stored` (VARCHAR) too: a letter for each column that says how the file itself holds the cell: `n` as a
number, `d` as a day, moment or time, `-` as text or as a truth value (whose text is `true` or `false`). It is NULL
where the whole row is text. A number is written with a point before its decimals and nothing between its digits;
days and moments are written as in ISO 8601. So neither has a second reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal

from vamco.vocabulary.messages import Language, say

ROW_NO = "_row_no"
SURPLUS = "_surplus"
STORED = "_stored"
AS_TEXT = "-"
AS_NUMBER = "n"
AS_DAY = "d"

Form = Literal["csv", "parquet"]
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; `quote` is '' when the file quotes nothing.

    `header_lines` is the number of lines before the first data row.
    """

    delimiter: str
    quote: str
    escape: str | None
    header_lines: int


@dataclass(frozen=True, slots=True)
class Repair:
    """Something the reader changed or resolved so that the cells could be read, sayable to the sender."""

    key: str
    n_cells: int
    details: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[str, ...] = ()

    def say(self, language: Language) -> str:
        """The repair as one line of text."""
        return say(self.key, language, n_cells=self.n_cells, **self.details)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is no data row (title, repeated header, total, note): kept and shown, never dropped.

    `row_no` is the sender's own row number; `reason` is a message key.
    """

    row_no: int
    cells: Cells
    reason: str

    def say(self, language: Language) -> str:
        """The reason as one line of text."""
        return say(self.reason, language)


@dataclass(frozen=True, slots=True)
class HeaderUnit:
    """A unit found in a header: its words as written, and the factor they mean. A proposal only."""

    written: str
    multiplier: Decimal


@dataclass(frozen=True, slots=True)
class TextTable:
    """One table of text cells on disk.

    `columns` are the headers as the sender wrote them (stacked headers joined with ' / ', NFC; '' when blank),
    one for each scan column.
    `source_format` is csv, xlsx, xls, ods, html, json, ndjson or parquet; `member` the name inside an archive.
    `stored` has for each column the letters of `_stored` that stand in it anywhere; empty where all is text.
    """

    path: Path
    form: Form
    columns: tuple[str, ...]
    n_rows: int
    first_row_no: int
    source_format: str
    dialect: Dialect | None = None
    encoding: str | None = None
    sheet: str | None = None
    member: str | None = None
    repairs: tuple[Repair, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    header_units: Mapping[str, HeaderUnit] = field(default_factory=dict)
    stored: tuple[frozenset[str], ...] = ()

    @property
    def scan_columns(self) -> tuple[str, ...]:
        """The names under which the columns are scanned, in order."""
        return tuple(f"c{place}" for place in range(len(self.columns)))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may ask of the machine; beyond it the file is refused.

    Sizes in bytes. `unpacked_ratio` is the most that an archive member may grow, once it is over `small_bytes`.
    """

    unpacked_bytes: int = 4 << 30
    unpacked_ratio: int = 200
    small_bytes: int = 16 << 20
    workbook_bytes: int = 256 << 20  # of an XLS, which has to be held in memory
    strings_bytes: int = 512 << 20  # of a workbook's table of shared texts
    columns: int = 1_000
    merges: int = 200_000  # of a sheet
    head_merges: int = 20_000  # those that reach into the rows where the header is looked for
    rows: int = 200_000_000
    sheets: int = 500
    set_aside_rows: int = 100_000
    cell_characters: int = 1 << 20
    members: int = 10_000


DEFAULT_LIMITS: Final = Limits()
