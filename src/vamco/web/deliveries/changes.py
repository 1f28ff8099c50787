"""What a restatement changed, as somebody may see it."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from vamco.accounts.policy import Actor
from vamco.intake.difference import Change, RowDifference, difference
from vamco.intake.models import Delivery
from vamco.packs.contract import Column, Contract
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.observation import Nothing
from vamco.web.contracts import hidden_columns
from vamco.web.datasets.preview import Cell

N_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell before and after; None for nothing."""

    column: Column
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that was added, removed or changed, as far as the reader may see it.

    `key` holds its cells of the key, suppressed where hidden; `hidden` the columns that differ too.
    """

    change: Change
    key: tuple[Cell, ...]
    cells: tuple[CellChange, ...]
    hidden: tuple[Column, ...]

    @property
    def n_lines(self) -> int:
        """How many lines of the table are about it."""
        return len(self.cells) + bool(self.hidden)


@dataclass(frozen=True, slots=True)
class Changes:
    """The first rows that differ; `is_cut` says that there are more; `hidden` are columns kept back."""

    before: Delivery
    rows: tuple[RowChange, ...]
    hidden: tuple[Column, ...]
    is_cut: bool


def changes_of(delivery: Delivery, contract: Contract, actor: Actor) -> Changes:
    """What the delivery changed in the one that it restates. Raises `NotFound` when it restates none."""
    before = delivery.supersedes
    if before is None:
        raise NotFound("web.restates_none", delivery=delivery.pk)
    hidden = hidden_columns(actor, contract)
    found = list(islice(difference(before, delivery, N_ROWS + 1), N_ROWS + 1))
    rows = tuple(_row(row, contract, hidden) for row in found[:N_ROWS])
    return Changes(before, rows, hidden, is_cut=len(found) > N_ROWS)


def _row(row: RowDifference, contract: Contract, hidden: Collection[Column]) -> RowChange:
    named = contract.key or tuple(column.name for column in contract.columns)
    key = (
        _key_cell(contract.column(name), value, hidden) for name, value in zip(named, row.key, strict=True)
    )
    differing = [(contract.column(name), pair) for name, pair in row.cells.items()]
    return RowChange(
        row.change,
        tuple(key),
        tuple(CellChange(column, *pair) for column, pair in differing if column not in hidden),
        tuple(column for column, _ in differing if column in hidden),
    )


def _key_cell(column: Column, value: Any, hidden: Collection[Column]) -> Cell:
    return Cell(column, None, Nothing.SUPPRESSED) if column in hidden else Cell(column, value, None)
