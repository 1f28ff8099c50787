"""The supply ledger as the board shows it: gaps first, then the last periods of every dataset."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from vamco.intake.supply import MISSING, Supply, SupplyState, supplies
from vamco.packs.contract import Contract

N_PERIODS: Final = 12
N_RUNS: Final = 4
_WORST_FIRST: Final = (SupplyState.SILENT, SupplyState.OVERDUE, SupplyState.REJECTED)
_AWAITED: Final = frozenset({SupplyState.DUE, SupplyState.RECEIVED})


@dataclass(frozen=True, slots=True)
class Run:
    """Missing periods in a row that stand alike."""

    state: SupplyState
    missing: tuple[Supply, ...]

    @property
    def first(self) -> Supply:
        """The oldest of them."""
        return self.missing[0]

    @property
    def last(self) -> Supply:
        """The newest of them."""
        return self.missing[-1]


@dataclass(frozen=True, slots=True)
class Gap:
    """Periods of one dataset that are owed and not there, in runs; the state is the worst of them."""

    contract: Contract
    state: SupplyState
    runs: tuple[Run, ...]

    @property
    def missing(self) -> tuple[Supply, ...]:
        """All of them, oldest first."""
        return tuple(entry for run in self.runs for entry in run.missing)

    @property
    def shown_runs(self) -> tuple[Run, ...]:
        """The newest runs; the earlier ones are counted in words."""
        return self.runs[-N_RUNS:]

    @property
    def n_earlier(self) -> int:
        """How many periods the earlier runs hold."""
        return sum(len(run.missing) for run in self.runs[:-N_RUNS])

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
    alike = ((state, tuple(run)) for state, run in groupby(found, key=lambda entry: entry.state))
    runs = tuple(Run(state, run) for state, run in alike if state in MISSING)
    if not runs:
        return None
    worst = min((run.state for run in runs), key=_WORST_FIRST.index)
    return Gap(found[0].contract, worst, runs)


def _row(found: list[Supply]) -> Row:
    last = tuple(found[-N_PERIODS:])
    return Row(last[0].contract, last, N_PERIODS - len(last))
