"""What is owed and not there, dataset by dataset: runs of missing periods, the worst first."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from vamco.intake.supply import MISSING, Supply, SupplyState
from vamco.packs.contract import Contract

N_RUNS: Final = 4
_WORST_FIRST: Final = (SupplyState.SILENT, SupplyState.OVERDUE, SupplyState.REJECTED)


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


def gaps_in(ledger: Iterable[Supply]) -> tuple[Gap, ...]:
    """The gaps of a supply ledger that is ordered by contract; what is worst and oldest first."""
    by_contract = groupby(ledger, key=lambda entry: entry.contract.id)
    gaps = [gap for _, found in by_contract if (gap := _gap(list(found)))]
    return tuple(sorted(gaps, key=lambda gap: (_WORST_FIRST.index(gap.state), gap.oldest.due_on)))


def _gap(found: list[Supply]) -> Gap | None:
    alike = ((state, tuple(run)) for state, run in groupby(found, key=lambda entry: entry.state))
    runs = tuple(Run(state, run) for state, run in alike if state in MISSING)
    if not runs:
        return None
    worst = min((run.state for run in runs), key=_WORST_FIRST.index)
    return Gap(found[0].contract, worst, runs)
