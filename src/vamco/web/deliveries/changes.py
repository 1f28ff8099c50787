"""What a restatement changed, as somebody may see it."""

from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from vamco.accounts.policy import Actor
from vamco.intake.difference import Change, difference
from vamco.intake.models import Delivery
from vamco.intake.receiving import scope_of
from vamco.packs.contract import Column, Contract, Sensitivity
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.observation import Nothing

N_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell before and after; None for nothing. Personal data is hidden where the reader may not see it."""

    column: Column
    before: Any
    after: Any
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that was added, removed or changed; the key is empty where the reader may not see it."""

    change: Change
    key: tuple[Any, ...]
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The first rows that differ; `is_cut` says that there are more."""

    before: Delivery
    rows: tuple[RowChange, ...]
    is_cut: bool

    @property
    def nothings(self) -> tuple[Nothing, ...]:
        """The kind of nothing that stands for what the reader may not see, where there is any."""
        hides = any(not row.key or any(cell.is_hidden for cell in row.cells) for row in self.rows)
        return (Nothing.SUPPRESSED,) if hides else ()


def changes_of(delivery: Delivery, contract: Contract, actor: Actor) -> Changes:
    """What the delivery changed in the one that it restates. Raises `NotFound` when it restates none."""
    before = delivery.supersedes
    if before is None:
        raise NotFound("web.restates_none", delivery=delivery.pk)
    hides = not actor.may("dataset.personal", scope_of(contract))
    hides_key = hides and any(
        contract.column(name).sensitivity is Sensitivity.PERSONAL for name in contract.key
    )
    found = list(islice(difference(before, delivery, N_ROWS + 1), N_ROWS + 1))
    rows = []
    for row in found[:N_ROWS]:
        cells = [_cell(contract.column(name), *pair, hides=hides) for name, pair in row.cells.items()]
        rows.append(RowChange(row.change, () if hides_key else row.key, tuple(cells)))
    return Changes(before, tuple(rows), is_cut=len(found) > N_ROWS)


def _cell(column: Column, before: Any, after: Any, *, hides: bool) -> CellChange:
    is_hidden = hides and column.sensitivity is Sensitivity.PERSONAL
    return CellChange(column, None if is_hidden else before, None if is_hidden else after, is_hidden)
