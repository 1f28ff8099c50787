"""The delivered rows behind one side of a figure, as somebody may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator

from vamco.accounts.action import action
from vamco.accounts.policy import Actor
from vamco.indicators.passport import Passport, Side
from vamco.intake.contracts import contract_of
from vamco.intake.receiving import scope_of
from vamco.packs.contract import Column, Contract, Sensitivity
from vamco.vocabulary.errors import Forbidden, NotFound
from vamco.web.contracts import hidden_columns
from vamco.web.datasets.preview import Cell, cell_of
from vamco.web.passport.cells import PERMISSION as CELLS

N_PER_PAGE: Final = 50
ROWS: Final = "dataset.rows"
PERSONAL: Final = "dataset.personal"


@dataclass(frozen=True, slots=True)
class Row:
    """One delivered row that counts: which delivery brought it, where it stood there, what it says."""

    delivery_id: int
    row_no: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of the rows of a side; hidden personal cells stand there as suppressed."""

    contract: Contract
    columns: tuple[Column, ...]
    hidden: tuple[Column, ...]
    rows: tuple[Row, ...]
    page: Page[dict[str, Any]]


class _Side(Sequence[dict[str, Any]]):
    """The rows of a side, for the paginator to count and to cut."""

    def __init__(self, side: Side) -> None:
        self.side = side

    def __len__(self) -> int:
        return sum(self.side.deliveries.values())

    def __getitem__(self, part: Any) -> Any:
        first, last = part.start or 0, part.stop or len(self)
        return self.side.evidence.rows(last - first, first)


def side_named(passport: Passport, name: str, actor: Actor) -> Side:
    """`numerator` or `denominator`. Raises `NotFound`, and `Forbidden` where the count is hidden."""
    for side in passport.sides:
        if side.name == name:
            return side
    if passport.figure.status == "suppressed":
        raise Forbidden("accounts.forbidden", actor=actor.name, permission=CELLS)
    raise NotFound("web.no_side", side=name, candidates=[side.name for side in passport.sides])


def rows_of(side: Side, actor: Actor, page: int, subject: str) -> Rows:
    """One page of the side's rows. Raises `Forbidden`; whoever is shown personal columns is audited."""
    contract = contract_of(side.evidence.measure.dataset)
    actor.require(ROWS, scope_of(contract))
    hidden = hidden_columns(actor, contract)
    asked = Paginator(_Side(side), N_PER_PAGE).get_page(page)
    found = list(asked.object_list)
    held = set(found[0]) if found else set()
    columns = tuple(c for c in contract.columns if c.name in held)
    if any(c.sensitivity is Sensitivity.PERSONAL and c not in hidden for c in columns):
        _tell(actor, contract, subject, len(found))
    rows = tuple(
        Row(row["delivery_id"], row["row_no"], tuple(cell_of(c, row, c in hidden) for c in columns))
        for row in found
    )
    return Rows(contract, columns, hidden, rows, asked)


def _tell(actor: Actor, contract: Contract, subject: str, n_rows: int) -> None:
    with action(actor, PERSONAL, f"dataset:{contract.id}", scope_of(contract)) as details:
        details |= {"figure": subject, "n_rows": n_rows}
