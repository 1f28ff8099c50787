"""Tells data rows from rows that only look like them: repeated headers, totals, group rows, notes."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from vamco.intake.reading.cell_kind import is_group_number, is_value, ordinal
from vamco.intake.reading.grid import Row
from vamco.intake.reading.header import Header
from vamco.vocabulary.text import fold

TITLE: Final = "intake.read_aside_title"
COLUMN_NUMBERS: Final = "intake.read_aside_column_numbers"
REPEATED_HEADER: Final = "intake.read_aside_repeated_header"
TOTAL: Final = "intake.read_aside_total"
GROUP: Final = "intake.read_aside_group"
NOTE: Final = "intake.read_aside_note"

TAIL_ROWS: Final = 40
_LABEL_PLACES: Final = 3
_TOTAL: Final = re.compile(
    r"(tong|cong|tong cong|tong so|cong so|cong don|total|grand total|sub ?-?total)(\s*\([^()]*\))?\s*[:.]*"
)
_TOTAL_LETTERS: Final = frozenset("TtCcGgSs")
_NOTE: Final = re.compile(
    r"(ghi chu|luu y|chu thich|note)|(ghi chu|nguon|nguon so lieu|luu y|chu thich|note|source)\s*[:.(].*"
    r"|(nguoi lap|thu truong|ke toan truong|lap bieu|tm\.|kt\.).*"
    r"|\(\d{1,2}\) .*|\*.*|(.*, )?ngay [\d. …_]* ?thang .*"
)


class BodyRules:
    """Decides for the rows below one header; made from the header and the rows above and below it."""

    def __init__(self, header: Header, head: Sequence[Row]) -> None:
        self._width = len(header.columns)
        above = head[: header.data]
        seen = [row for row in above if row.n_filled > 1 or self._width == 1]
        self._seen_above = {_folded(row) for row in seen}
        self._sizes_above = set(map(_size, seen))
        body = head[header.data :]
        numbered = [cell for cell in (_at(row, 0) for row in body) if cell]
        n_ordinals = sum(ordinal(cell) is not None for cell in numbered)
        self._is_numbered = bool(numbered) and n_ordinals * 2 > len(numbered)
        self._label = self._label_place(body)

    def judge(self, rows: Iterable[Row]) -> Iterator[tuple[Row, str | None]]:
        """Each row with the reason to set it aside, None for data; looks at most `TAIL_ROWS` ahead."""
        waiting: deque[Row] = deque()
        last_ordinal = 0
        for row in rows:
            waiting.append(row)
            if len(waiting) > TAIL_ROWS:
                first = waiting.popleft()
                yield first, self._reason(first, waiting[0], last_ordinal)
                last_ordinal = ordinal(_at(first, 0)) or last_ordinal
        yield from self._judge_tail(list(waiting), last_ordinal)

    def _judge_tail(self, tail: list[Row], last_ordinal: int) -> Iterator[tuple[Row, str | None]]:
        end = self._start_of_notes(tail)
        for row, following in zip(tail[:end], [*tail[1:end], None], strict=False):
            yield row, self._reason(row, following, last_ordinal)
            last_ordinal = ordinal(_at(row, 0)) or last_ordinal
        yield from ((row, NOTE) for row in tail[end:])

    def _reason(self, row: Row, following: Row | None, last_ordinal: int) -> str | None:
        if _size(row) in self._sizes_above and _folded(row) in self._seen_above:
            return REPEATED_HEADER
        if is_total(row.cells):
            return TOTAL
        if self._is_numbered and is_group_number(_at(row, 0)) and following is not None:
            nxt = ordinal(_at(following, 0))
            return GROUP if nxt is not None and nxt in {1, last_ordinal + 1} else None
        return None

    def _start_of_notes(self, tail: Sequence[Row]) -> int:
        """The place from which on nothing is data any more."""
        start = len(tail)
        for at in range(len(tail) - 1, -1, -1):
            row = tail[at]
            is_apart = at > 0 and row.no > tail[at - 1].no + 1
            if self._width > 1 and self._opens_notes(row, is_apart=is_apart):
                start = at
            elif row.n_filled * 2 > self._width:
                break
        return start

    def _opens_notes(self, row: Row, *, is_apart: bool) -> bool:
        words = [cell for cell in row.cells if cell.strip() and not is_value(cell)]
        if words and len(words) == row.n_filled and _NOTE.fullmatch(fold(words[0])):
            return True
        is_thin = row.n_filled <= max(1, self._width // 3)
        has_no_label = (
            self._label is not None and not _at(row, self._label) and row.n_filled * 2 <= self._width
        )
        return is_apart and (is_thin or has_no_label)

    @staticmethod
    def _label_place(body: Sequence[Row]) -> int | None:
        """The first column that holds words in nearly every row."""
        for at in range(_LABEL_PLACES):
            cells = [_at(row, at) for row in body]
            n_words = sum(1 for cell in cells if cell and not is_value(cell))
            if cells and n_words * 10 > len(cells) * 8:
                return at
        return None


def is_total(cells: Sequence[str]) -> bool:
    """Whether the row's first words are those of a total, with nothing before them but a group's number."""
    for cell in cells[:_LABEL_PLACES]:
        text = cell.strip()
        if text[:1] in _TOTAL_LETTERS and _TOTAL.fullmatch(fold(text)):
            return True
        if text and not is_group_number(text):
            return False
    return False


def above_header(header: Header, head: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """The rows above the data that are not the header itself, each with its reason."""
    yield from ((row, TITLE) for row in head[: header.first])
    if header.column_numbers is not None:
        yield head[header.column_numbers], COLUMN_NUMBERS


def _size(row: Row) -> int:
    """The letters of a row but for spaces: quick to compare, the same for rows that say the same."""
    return len("".join(row.cells).replace(" ", ""))


def _folded(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, map(fold, row.cells)))


def _at(row: Row, place: int) -> str:
    return row.cells[place].strip() if place < len(row.cells) else ""
