"""From a grid of cells to a text table: header found, other rows set aside, data staged."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from vamco.intake.reading.body import BodyRules, above_header
from vamco.intake.reading.grid import Grid, Place, Row
from vamco.intake.reading.header import HEAD_ROWS, Header, count_known, find_header, merges_in
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.staging import StagedRows, keep_columns, staged_path
from vamco.intake.reading.text_table import Limits, SetAside, TextTable
from vamco.intake.reading.units_of_header import header_units
from vamco.vocabulary.errors import Unreadable


@dataclass(frozen=True, slots=True)
class Head:
    """The first rows of a grid and the header found in them."""

    rows: Sequence[Row]
    header: Header

    @property
    def body(self) -> Sequence[Row]:
        """The head rows below the header."""
        return self.rows[self.header.data :]


def read_head(grid: Grid, known: Collection[str], limits: Limits) -> Head:
    """The head of a grid. Raises `Unreadable` when it is empty, too wide or has no header."""
    rows = list(islice(grid.rows(Repairs()), HEAD_ROWS))
    if not rows:
        raise Unreadable("intake.read_empty")
    header = find_header(rows, merges_in(rows, grid.merges, limits), known)
    if header is None:
        raise Unreadable("intake.read_no_header", known=sorted(known), first_row=rows[0].cells[:12])
    if len(header.columns) > limits.columns:
        raise Unreadable("intake.read_too_many_columns", n_columns=len(header.columns), limit=limits.columns)
    return Head(rows, header)


def has_rows(grid: Grid) -> bool:
    """Whether anything is in the grid."""
    return next(grid.rows(Repairs()), None) is not None


def known_in(grid: Grid, known: Collection[str], limits: Limits) -> int:
    """How many known headers a grid's header holds; 0 when it has none."""
    try:
        return count_known(read_head(grid, known, limits).header.columns, known)
    except Unreadable:
        return 0


def stage_grid(
    grid: Grid,
    *,
    source_format: str,
    known: Collection[str],
    staging: Path,
    limits: Limits,
    repairs: Repairs | None = None,
    is_ragged: bool = False,
    **facts: Any,
) -> TextTable:
    """Stage the data rows of a grid; `facts` are further fields of the text table.

    Only in a ragged grid (lines of text) does it mean something that a row is longer or shorter than the header.
    """
    head = read_head(grid, known, limits)
    repairs = repairs or Repairs()
    aside = _Aside(limits)
    path = staged_path(staging, ".parquet")
    staged = StagedRows(len(head.header.columns), limits)
    rows = aside.sort_out(grid.rows(repairs), head)
    staged.write(rows if is_ragged else _fitted(rows, len(head.header.columns), repairs), path)
    kept = _drop_spacers(path, head.header.columns, staged)
    return TextTable(
        path=path,
        form="parquet",
        columns=tuple(head.header.columns[at] for at in kept),
        stored=tuple(frozenset(staged.stored[at]) for at in kept),
        n_rows=staged.n_rows,
        first_row_no=staged.first_row_no or head.rows[head.header.data - 1].no + 1,
        source_format=source_format,
        repairs=repairs.as_tuple(),
        set_aside=tuple(aside.rows),
        header_units=header_units(head.header.columns, head.rows[: head.header.first], head.body),
        **facts,
    )


class _Aside:
    """Lets data rows through and keeps the others."""

    def __init__(self, limits: Limits) -> None:
        self.rows: list[SetAside] = []
        self._limit = limits.set_aside_rows

    def sort_out(self, rows: Iterable[Row], head: Head) -> Iterator[Row]:
        for row, reason in above_header(head.header, head.rows):
            self._keep(row, reason)
        below = islice(rows, head.header.data, None)
        for row, why in BodyRules(head.header, head.rows).judge(below):
            if why is None:
                yield row
            else:
                self._keep(row, why)

    def _keep(self, row: Row, reason: str) -> None:
        if len(self.rows) >= self._limit:
            raise Unreadable("intake.read_too_many_set_aside", limit=self._limit)
        self.rows.append(SetAside(row.no, tuple(row.cells), reason))


def _fitted(rows: Iterable[Row], width: int, repairs: Repairs) -> Iterator[Row]:
    """The rows at the table's width; what stands beside the table is left out and said."""
    for no, cells in rows:
        beyond = [at for at in range(width, len(cells)) if cells[at].strip()]
        if beyond:
            example = f"{Place(no, beyond[0])}: {cells[beyond[0]]}"
            repairs.add("intake.read_beside_table", example, n_cells=len(beyond))
        yield Row(no, [*cells[:width], *[""] * (width - len(cells))])


def _drop_spacers(path: Path, columns: Sequence[str], staged: StagedRows) -> Sequence[int]:
    """Drop columns that hold nothing and have no name of their own (gaps, halves of merged headers); those kept."""
    named_elsewhere = {columns[at] for at in staged.filled}
    kept = [
        at
        for at, column in enumerate(columns)
        if at in staged.filled or (column and column not in named_elsewhere)
    ]
    if len(kept) < len(columns):
        keep_columns(path, kept)
    return kept
