"""Some accepted rows of a dataset, as somebody may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlglot import exp

from vamco.accounts.policy import Actor
from vamco.intake.receiving import scope_of
from vamco.packs.contract import Column, Contract, Sensitivity
from vamco.vocabulary.observation import Nothing
from vamco.warehouse.engine import engine
from vamco.warehouse.ledger import seq_at
from vamco.warehouse.schema import find

N_ROWS: Final = 50
_NOTHING: Final = "__nothing"  # the column beside a column, that says which kind of nothing stands there


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, or the kind of nothing that stands in its place."""

    column: Column
    value: Any
    nothing: Nothing | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of the newest deliveries."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def nothings(self) -> tuple[Nothing, ...]:
        """The kinds of nothing that stand somewhere in the rows."""
        found = {cell.nothing for row in self.rows for cell in row}
        return tuple(kind for kind in Nothing if kind in found)


def preview_of(contract: Contract, actor: Actor, as_known_at: datetime | None) -> Preview:
    """Rows as known at that moment, or now; columns of personal data are read only for who may see them."""
    schema = find(contract.id, seq_at(as_known_at) if as_known_at else None)
    held = {column.name for column in schema.columns} if schema else set()
    shown = [c for c in contract.columns if c.name in held]
    hidden = _hidden(shown, sees_personal=actor.may("dataset.personal", scope_of(contract)))
    wanted = [
        name for c in shown if c.name not in hidden for name in (c.name, c.name + _NOTHING) if name in held
    ]
    if not wanted:
        return Preview(contract.columns, ())
    table = engine().table(_query(contract.id, wanted), as_known_at=as_known_at)
    rows = (tuple(_cell(c, row, hidden) for c in shown) for row in table.to_pylist())
    return Preview(tuple(shown), tuple(rows))


def _hidden(columns: Iterable[Column], *, sees_personal: bool) -> frozenset[str]:
    return frozenset(c.name for c in columns if c.sensitivity is Sensitivity.PERSONAL and not sees_personal)


def _query(contract_id: str, names: list[str]) -> exp.Select:
    pack, _, name = contract_id.partition(".")
    rows = exp.select(*(exp.column(each, quoted=True) for each in names)).from_(
        exp.table_(name, pack, quoted=True)
    )
    return rows.order_by(exp.column("delivery_id").desc(), exp.column("row_no")).limit(N_ROWS)


def _cell(column: Column, row: dict[str, Any], hidden: frozenset[str]) -> Cell:
    if column.name in hidden:
        return Cell(column, None, Nothing.SUPPRESSED)
    value = row[column.name]
    if value is not None:
        return Cell(column, value, None)
    return Cell(column, None, Nothing(row.get(column.name + _NOTHING) or Nothing.MISSING))
