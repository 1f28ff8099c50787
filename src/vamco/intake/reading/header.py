"""Finds the header of a table: below titles, stacked over several rows, merged, with or without column numbers."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from vamco.intake.reading.cell_kind import CellKind, is_value, kind_of
from vamco.intake.reading.grid import Merge, Row
from vamco.intake.reading.text_table import Limits
from vamco.vocabulary.errors import Unreadable
from vamco.vocabulary.text import fold, nfc

HEAD_ROWS: Final = 200
_MOST_HEADER_ROWS: Final = 12
_LEVELS: Final = " / "
_IN_PARENTHESES: Final = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_COLUMN_NUMBER: Final = re.compile(r"\(?(\d{1,3}|[A-Z])\)?(\s*=\s*[\d\s()+\-*/:x%=A-Z]+)?")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands among the head rows and what it says.

    `first` and `last` are places in the head rows; `column_numbers` the place of the row that numbers
    the columns, if there is one; data begins at `data`.
    """

    first: int
    last: int
    columns: tuple[str, ...]
    column_numbers: int | None = None

    @property
    def data(self) -> int:
        """The place of the first row below the header."""
        return 1 + (self.last if self.column_numbers is None else self.column_numbers)


def names_of(column: str) -> tuple[str, ...]:
    """The folded names a header may be known by: whole, without its unit, and each level of a stacked one."""
    levels = column.split(_LEVELS)
    forms = [column, " ".join(levels), *reversed(levels)]
    written = dict.fromkeys(f for form in forms for f in (form, _IN_PARENTHESES.sub("", form)))
    return tuple(filter(None, dict.fromkeys(map(fold, written))))


def find_header(head: Sequence[Row], merges: Sequence[Merge], known: Collection[str]) -> Header | None:
    """The header among the first rows, or None when no row can be one.

    Rows that hold names of `known` are the best evidence; without it the shape of the rows decides.
    """
    spread = spread_merges(head, merges)
    first = _known_row(spread, known)
    if first is None:
        first = _widest_row_of_words(spread)
    if first is None:
        return None
    return _header_at(first, spread, merges, known)


def count_known(columns: Sequence[str], known: Collection[str]) -> int:
    """How many of the known names the columns hold."""
    wanted = set(map(fold, known))
    return len(wanted & {name for column in columns for name in names_of(column)})


def merges_in(head: Sequence[Row], merges: Iterable[Merge], limits: Limits) -> list[Merge]:
    """The merges that reach into the head, cut to it; of those that overlap the first. Raises `Unreadable`."""
    cut = _cut(head, merges, limits.columns)
    if len(cut) > limits.head_merges:
        raise Unreadable("intake.read_too_many_merges", limit=limits.head_merges)
    numbers = [row.no for row in head]
    covered = [0] * len(head)  # for each row the bits of its covered columns
    kept = []
    for merge in cut:
        columns = (2 << merge.last_column) - (1 << merge.first_column)
        rows = range(bisect_left(numbers, merge.first_row), bisect_right(numbers, merge.last_row))
        if not any(covered[at] & columns for at in rows):
            kept.append(merge)
            for at in rows:
                covered[at] |= columns
    return kept


def spread_merges(head: Sequence[Row], merges: Iterable[Merge]) -> list[Row]:
    """The rows with the text of each merged area, as `merges_in` gives them, in all of its cells."""
    rows = {row.no: list(row.cells) for row in head}
    for merge in merges:
        corner = rows.get(merge.first_row, [])
        text = corner[merge.first_column] if merge.first_column < len(corner) else ""
        if text.strip():
            for row_no in range(merge.first_row, min(merge.last_row, merge.first_row + HEAD_ROWS) + 1):
                _fill(rows.get(row_no), merge, text)
    return [Row(no, cells) for no, cells in rows.items()]


def _cut(head: Sequence[Row], merges: Iterable[Merge], n_columns: int) -> Collection[Merge]:
    first, last = head[0].no, head[-1].no
    return dict.fromkeys(
        Merge(m.first_row, min(m.last_row, last), m.first_column, min(m.last_column, n_columns - 1))
        for m in merges
        if m.first_row <= last and first <= m.last_row and m.first_column <= min(m.last_column, n_columns - 1)
    )


def _fill(cells: list[str] | None, merge: Merge, text: str) -> None:
    if cells is None:
        return
    cells.extend([""] * (merge.last_column + 1 - len(cells)))
    cells[merge.first_column : merge.last_column + 1] = [text] * (merge.last_column + 1 - merge.first_column)


def _known_row(rows: Sequence[Row], known: Collection[str]) -> int | None:
    if not known:
        return None
    counts = [count_known([nfc(c) for c in row.cells if c.strip()], known) for row in rows]
    best = max(counts, default=0)
    return counts.index(best) if best >= min(2, len(known)) else None


def _widest_row_of_words(rows: Sequence[Row]) -> int | None:
    """The first row of names that is nearly as wide as any row of names, below the titles and above the data."""
    fills = sorted((row.n_filled for row in rows), reverse=True)
    if not fills:
        return None
    width = fills[min(len(fills) // 20, 5)]
    end = next((at for at, row in enumerate(rows) if _is_data(row, width)), len(rows))
    candidates = [at for at in range(end) if _could_head(rows[at], width)]
    titles = [at for at in range(end) if _is_title(rows, at, width)]
    below = [at for at in candidates if not any(at < title < candidates[-1] for title in titles)]
    widest = max((rows[at].n_filled for at in below), default=0)
    return next((at for at in below if rows[at].n_filled * 4 >= widest * 3), None)


def _is_data(row: Row, width: int) -> bool:
    n_values = sum(map(is_value, row.cells))
    return n_values >= min(2, width) and row.n_filled * 2 >= width and not is_column_numbers(row.cells)


def _is_title(rows: Sequence[Row], at: int, width: int) -> bool:
    """Whether the row says one thing, over most of the width or with an empty row beside it."""
    row = rows[at]
    if width < 2 or len({cell.strip() for cell in row.cells if cell.strip()}) != 1:
        return False
    is_apart = (at > 0 and row.no > rows[at - 1].no + 1) or (
        at + 1 < len(rows) and rows[at + 1].no > row.no + 1
    )
    return is_apart or row.n_filled * 4 >= width * 3


def _could_head(row: Row, width: int) -> bool:
    words = [c.strip() for c in row.cells if c.strip()]
    distinct = len(set(words))
    if width == 1:
        return not is_value(words[0])
    return distinct >= 2 and len(words) * 2 >= width and not any(map(is_value, words)) and _names(words)


def _names(words: Sequence[str]) -> bool:
    return any(kind_of(word) is CellKind.TEXT for word in words)


def _header_at(first: int, rows: Sequence[Row], merges: Sequence[Merge], known: Collection[str]) -> Header:
    first = _upwards(first, rows, merges)
    numbers = _column_numbers(first, rows)
    last = numbers - 1 if numbers is not None else _last_level(first, rows, merges)
    levels = [row.cells for row in rows[first : last + 1]]
    columns = _join(levels, is_free_of_merges=not merges)
    if count_known(columns, known) < count_known([nfc(c) for c in rows[first].cells], known):
        columns = _join(levels[:1], is_free_of_merges=True)
        last, numbers = first, None
    return Header(first, last, columns, numbers)


def _upwards(first: int, rows: Sequence[Row], merges: Sequence[Merge]) -> int:
    """A row known to be header may be the lower level of a header that begins above it."""
    for merge in merges:
        if (
            merge.first_row < rows[first].no <= merge.last_row
            and merge.last_row - merge.first_row < _MOST_HEADER_ROWS
        ):
            above = [at for at, row in enumerate(rows) if row.no >= merge.first_row]
            return min(above[0], first) if above else first
    return first


def _column_numbers(first: int, rows: Sequence[Row]) -> int | None:
    """The row that numbers the columns; bare numbers count only where the header is more than one plain row."""
    for at in range(first + 1, min(first + _MOST_HEADER_ROWS, len(rows))):
        if is_column_numbers(rows[at].cells) and (at > 1 or not _is_bare(rows[at].cells)):
            return at
        if sum(map(is_value, rows[at].cells)) > 1:
            return None
    return None


def is_column_numbers(cells: Sequence[str]) -> bool:
    """Whether the row only numbers the columns: "A B 1 2 3", "(1) (2) (3)=(1)+(2)"."""
    filled = [cell.strip() for cell in cells if cell.strip() and not cell.startswith("#")]
    if len(filled) < 3 or not all(map(_COLUMN_NUMBER.fullmatch, filled)):
        return False
    numbers = [int(n) for n in (re.sub(r"\W*=.*|\W", "", cell) for cell in filled) if n.isdigit()]
    is_counting = len(numbers) >= 2 and numbers[0] <= 3 and all(0 < b - a <= 3 for a, b in pairwise(numbers))
    return is_counting and (not _is_bare(cells) or numbers == [1, 2, 3, 4, *numbers[4:]])


def _is_bare(cells: Sequence[str]) -> bool:
    return all(cell.strip().isdigit() for cell in cells if cell.strip())


def _last_level(first: int, rows: Sequence[Row], merges: Sequence[Merge]) -> int:
    """The last row of the header: merges that reach further down, or rows that name what it leaves blank."""
    last_no = rows[first].no
    for merge in merges:
        if (
            merge.first_row <= last_no
            and rows[first].no <= merge.last_row <= rows[first].no + _MOST_HEADER_ROWS
        ):
            last_no = max(last_no, merge.last_row)
    last = max(at for at, row in enumerate(rows) if row.no <= last_no)
    named = _filled_places(rows[first : last + 1])
    while last + 1 < len(rows) and last - first < _MOST_HEADER_ROWS and _continues(rows[last + 1], named):
        last += 1
        named |= _filled_places([rows[last]])
    return last


def _continues(row: Row, named: set[int]) -> bool:
    places = _filled_places([row])
    fills_a_gap = any(place < max(named) for place in places - named)
    leaves_a_gap = bool(named - places)
    return fills_a_gap and leaves_a_gap and not any(map(is_value, row.cells))


def _filled_places(rows: Sequence[Row]) -> set[int]:
    return {at for row in rows for at, cell in enumerate(row.cells) if cell.strip()}


def _join(levels: Sequence[Sequence[str]], *, is_free_of_merges: bool) -> tuple[str, ...]:
    width = 1 + max((at for level in levels for at, cell in enumerate(level) if cell.strip()), default=-1)
    table = [[_squeezed(level[at]) if at < len(level) else "" for at in range(width)] for level in levels]
    columns = _joined(table, width)
    if is_free_of_merges and len(table) > 1 and len(set(columns)) < width:
        return _joined([*map(_carry_right, table[:-1]), table[-1]], width)
    return columns


def _joined(table: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    stacks = (dict.fromkeys(level[at] for level in table if level[at]) for at in range(width))
    return tuple(_LEVELS.join(stack) for stack in stacks)


def _carry_right(level: Sequence[str]) -> list[str]:
    carried, last = [], ""
    for cell in level:
        last = cell or last
        carried.append(last)
    return carried


def _squeezed(cell: str) -> str:
    return nfc(" ".join(cell.split()))
