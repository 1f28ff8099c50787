"""A sheet before anybody knows where its table is: numbered rows of text cells, and merged areas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from vamco.intake.reading.repairs import Repairs


class Place(NamedTuple):
    """A cell: row number from 1, column from 0. Its text is the spreadsheet's own name, as B12."""

    row_no: int
    column: int

    def __str__(self) -> str:
        letters, column = "", self.column + 1
        while column:
            column, rest = divmod(column - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row_no}"


class StoredNumber(str):
    """The text of a cell that the file itself holds as a number."""

    __slots__ = ()


class StoredDay(str):
    """The text of a cell that the file itself holds as a day, a moment or a time."""

    __slots__ = ()


class Row(NamedTuple):
    """A row that holds something; `no` is the sender's own row number, from 1."""

    no: int
    cells: list[str]

    @property
    def n_filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for cell in self.cells if cell.strip())


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged area, ends included: row numbers from 1, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class Grid(Protocol):
    """A sheet, or a CSV file, that can be read from the top as often as needed."""

    @property
    def merges(self) -> Sequence[Merge]:
        """The merged areas; empty where the format knows none."""

    def rows(self, repairs: Repairs) -> Iterator[Row]:
        """The rows that hold something, in order; what had to be changed goes to `repairs`."""
