"""Is a service's data alive: when the last delivery came, and how much of what was due is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from vamco.intake.gaps import Gap, gaps_in
from vamco.intake.models import ACCEPTED_STATES, Delivery
from vamco.intake.supply import MISSING, Supply, SupplyState
from vamco.packs.pack import Pack

_NOT_YET = frozenset({SupplyState.NOT_YET_DUE, SupplyState.DUE, SupplyState.RECEIVED})


@dataclass(frozen=True, slots=True)
class Life:
    """Of `n_due` datasets with a schedule, `n_there` have what was due last; `gaps` are owed by somebody."""

    newest_at: datetime | None
    n_due: int
    n_there: int
    gaps: tuple[Gap, ...]

    @property
    def state(self) -> SupplyState:
        """The worst of what is owed, on time where nothing is."""
        return self.gaps[0].state if self.gaps else SupplyState.ON_TIME


def life_of(pack: Pack, ledger: Iterable[Supply], as_known_at: datetime | None) -> Life:
    """The life of the data of that service's own contracts, by that moment."""
    ids = {contract.id for contract in pack.contracts}
    own = [entry for entry in ledger if entry.contract.id in ids]
    due = _last_due(own)
    live = Delivery.objects.filter(contract_id__in=ids, state__in=ACCEPTED_STATES)
    if as_known_at:
        live = live.filter(received_at__lte=as_known_at)
    newest_at = live.aggregate(at=Max("received_at"))["at"]
    n_there = sum(entry.state not in MISSING for entry in due)
    return Life(newest_at, len(due), n_there, tuple(gaps_in(own)))


def _last_due(ledger: Iterable[Supply]) -> list[Supply]:
    """Of each dataset the newest period whose day has come."""
    newest = {entry.contract.id: entry for entry in ledger if entry.state not in _NOT_YET}
    return list(newest.values())
