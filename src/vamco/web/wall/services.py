"""The services at a glance: is the data alive, is it whole, and the one indicator that is worst now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from django.db.models import Max, Q
from django.utils import timezone

from vamco.intake.models import ACCEPTED_STATES, Delivery
from vamco.intake.supply import MISSING, Supply, SupplyState
from vamco.packs.pack import Pack
from vamco.web.wall.standing import WORST_FIRST, Standing

_NOT_YET: Final = frozenset({SupplyState.NOT_YET_DUE, SupplyState.DUE, SupplyState.RECEIVED})


@dataclass(frozen=True, slots=True)
class Service:
    """A service's strip; of `n_due` datasets with a schedule, `n_there` have what was due last."""

    pack: Pack
    newest_at: datetime | None
    covered_to: date | None
    n_due: int
    n_there: int
    worst: Standing | None

    @property
    def is_silent(self) -> bool:
        """Whether nothing of what is due came."""
        return self.n_due > 0 and self.n_there == 0


def services(
    packs: Iterable[Pack], standings: Mapping[str, Standing], ledger: Iterable[Supply]
) -> list[Service]:
    """One strip for each pack that has a page, in order."""
    state = {id_: _is_there(list(found)) for id_, found in groupby(ledger, key=lambda e: e.contract.id)}
    return [_service(pack, standings, state) for pack in packs if pack.page is not None]


def _service(pack: Pack, standings: Mapping[str, Standing], there: Mapping[str, bool | None]) -> Service:
    ids = [contract.id for contract in pack.contracts]
    live = Delivery.objects.filter(contract_id__in=ids, state__in=ACCEPTED_STATES, superseded_by=None)
    is_past = Q(period_end_on__lte=timezone.localdate())
    last = live.aggregate(at=Max("received_at"), on=Max("period_end_on", filter=is_past))
    due = [there[id_] for id_ in ids if there.get(id_) is not None]
    return Service(pack, last["at"], last["on"], len(due), sum(map(bool, due)), _worst(pack, standings))


def _is_there(entries: list[Supply]) -> bool | None:
    """Whether the newest period that was due came; None while none was."""
    due = [entry for entry in entries if entry.state not in _NOT_YET]
    return due[-1].state not in MISSING if due else None


def _worst(pack: Pack, standings: Mapping[str, Standing]) -> Standing | None:
    """The lead indicator in the worst band, the first where none is in one; one with a value before others."""
    lead = [standings[id_] for id_ in (pack.page.lead if pack.page else ()) if id_ in standings]
    ranked = sorted(lead, key=lambda s: (_badness(s), s.figure.value is None))
    return ranked[0] if ranked else None


def _badness(standing: Standing) -> int:
    severity = standing.severity
    return WORST_FIRST.index(severity) if severity in WORST_FIRST else len(WORST_FIRST)
