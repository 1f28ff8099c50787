"""Some accepted rows of a dataset, as somebody may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlglot import exp

from vamco.accounts.policy import Actor
from vamco.packs.contract import Column, Contract, Sensitivity
from vamco.vocabulary.observation import Nothing
from vamco.warehouse.engine import engine
from vamco.warehouse.ledger import seq_at
from vamco.warehouse.models import LedgerEntry
from vamco.warehouse.schema import find
from vamco.web.contracts import hidden_columns

N_ROWS: Final = 50
_NOTHING: Final = "__nothing"  # the column beside a column, that says which kind of nothing stands there


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, or the kind of nothing that stands in its place."""

    column: Column
    value: Any
    nothing: Nothing | None


@dataclass(frozen=True, slots=True)
class Row:
    """One accepted row; `period` where no column of the contract says it."""

    period: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of the newest deliveries, and the columns that the reader may not see.

    Hidden personal cells stand in the rows as suppressed; hidden internal columns do not stand there.
    `is_closed` when there is nothing that the reader may see.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    hidden: tuple[Column, ...]
    is_closed: bool
    shows_period: bool

    @property
    def nothings(self) -> tuple[Nothing, ...]:
        """The kinds of nothing that stand somewhere in the rows."""
        found = {cell.nothing for row in self.rows for cell in row.cells}
        return tuple(kind for kind in Nothing if kind in found)


def preview_of(contract: Contract, actor: Actor, as_known_at: datetime | None) -> Preview:
    """Rows as known at that moment, or now; no column is read that the actor may not see."""
    hidden, shows_period = hidden_columns(actor, contract), contract.period_column is None
    is_closed = len(hidden) == len(contract.columns)
    schema = find(contract.id, seq_at(as_known_at) if as_known_at else None)
    held = {column.name for column in schema.columns} if schema else set()
    shown = tuple(c for c in contract.columns if c.name in held and (c not in hidden or _is_personal(c)))
    read = [c.name for c in shown if c not in hidden]
    wanted = [name for column in read for name in (column, column + _NOTHING) if name in held]
    if not wanted:
        return Preview((), (), hidden, is_closed, shows_period)
    found = engine().table(_query(contract.id, wanted), as_known_at=as_known_at).to_pylist()
    periods = _periods(contract.id) if shows_period else {}
    rows = (
        Row(periods.get(row["delivery_id"], ""), tuple(cell_of(c, row, c in hidden) for c in shown))
        for row in found
    )
    return Preview(shown, tuple(rows), hidden, is_closed, shows_period)


def _is_personal(column: Column) -> bool:
    return column.sensitivity is Sensitivity.PERSONAL


def _periods(contract_id: str) -> dict[int, str]:
    return dict(LedgerEntry.objects.filter(dataset_id=contract_id).values_list("delivery_id", "period"))


def _query(contract_id: str, names: list[str]) -> exp.Select:
    pack, _, name = contract_id.partition(".")
    rows = exp.select(*(exp.column(each, quoted=True) for each in ("delivery_id", *names))).from_(
        exp.table_(name, pack, quoted=True)
    )
    return rows.order_by(exp.column("delivery_id").desc(), exp.column("row_no")).limit(N_ROWS)


def cell_of(column: Column, row: dict[str, Any], is_hidden: bool) -> Cell:  # noqa: FBT001
    """The value of the row in that column, or which nothing stands there; of a hidden one, that it is hidden."""
    if is_hidden:
        return Cell(column, None, Nothing.SUPPRESSED)
    value = row[column.name]
    if value is not None:
        return Cell(column, value, None)
    return Cell(column, None, Nothing(row.get(column.name + _NOTHING) or Nothing.MISSING))
