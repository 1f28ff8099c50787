"""The supply ledger as the board shows it: gaps first, then the last periods of every dataset."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from vamco.intake.gaps import Gap, gaps_in
from vamco.intake.supply import Supply, SupplyState, supplies
from vamco.packs.contract import Contract

N_PERIODS: Final = 12
_AWAITED: Final = frozenset({SupplyState.DUE, SupplyState.RECEIVED})


@dataclass(frozen=True, slots=True)
class Row:
    """The last periods of one dataset, oldest first, after `n_blank` periods that were never owed."""

    contract: Contract
    periods: tuple[Supply, ...]
    n_blank: int


@dataclass(frozen=True, slots=True)
class Board:
    """What we cannot see on that day."""

    on: date
    gaps: tuple[Gap, ...]
    awaited: tuple[Supply, ...]
    rows: tuple[Row, ...]
    n_scheduled: int

    @property
    def n_missing(self) -> int:
        """How many periods are owed and not there."""
        return sum(len(gap.missing) for gap in self.gaps)

    @property
    def n_agencies(self) -> int:
        """How many agencies owe them."""
        return len({gap.contract.agency for gap in self.gaps})


def board_of(on: date, contracts: Iterable[Contract]) -> Board:
    """The board of those contracts on that day, what is worst and oldest first."""
    return board_in(on, supplies(on, contracts))


def board_in(on: date, ledger: Sequence[Supply]) -> Board:
    """The board of a supply ledger that was read before."""
    by_contract = [list(found) for _, found in groupby(ledger, key=lambda entry: entry.contract.id)]
    return Board(
        on=on,
        gaps=gaps_in(ledger),
        awaited=tuple(entry for entry in ledger if entry.state in _AWAITED),
        rows=tuple(_row(found) for found in by_contract),
        n_scheduled=len(by_contract),
    )


def _row(found: list[Supply]) -> Row:
    last = tuple(found[-N_PERIODS:])
    return Row(last[0].contract, last, N_PERIODS - len(last))
