"""The supply ledger as the board shows it: gaps first, then the last periods of every dataset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from vamco.intake.supply import MISSING, Supply, SupplyState, supplies
from vamco.packs.contract import Contract

N_PERIODS: Final = 12
_WORST_FIRST: Final = (SupplyState.SILENT, SupplyState.OVERDUE, SupplyState.REJECTED)
_AWAITED: Final = frozenset({SupplyState.DUE, SupplyState.RECEIVED})


@dataclass(frozen=True, slots=True)
class Gap:
    """Periods of one dataset that are owed and not there; the state is the worst of them."""

    contract: Contract
    state: SupplyState
    missing: tuple[Supply, ...]

    @property
    def oldest(self) -> Supply:
        """The period that has been owed for longest."""
        return self.missing[0]

    @property
    def newest(self) -> Supply:
        """The last period that is owed."""
        return self.missing[-1]


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
    by_contract = [
        list(found) for _, found in groupby(supplies(on, contracts), key=lambda entry: entry.contract.id)
    ]
    gaps = [gap for found in by_contract if (gap := _gap(found))]
    return Board(
        on=on,
        gaps=tuple(sorted(gaps, key=lambda gap: (_WORST_FIRST.index(gap.state), gap.oldest.due_on))),
        awaited=tuple(entry for found in by_contract for entry in found if entry.state in _AWAITED),
        rows=tuple(_row(found) for found in by_contract),
        n_scheduled=len(by_contract),
    )


def _gap(found: list[Supply]) -> Gap | None:
    missing = tuple(entry for entry in found if entry.state in MISSING)
    if not missing:
        return None
    worst = min((entry.state for entry in missing), key=_WORST_FIRST.index)
    return Gap(missing[0].contract, worst, missing)


def _row(found: list[Supply]) -> Row:
    last = tuple(found[-N_PERIODS:])
    return Row(last[0].contract, last, N_PERIODS - len(last))
