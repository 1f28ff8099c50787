"""Everything the wall shows, read from the ledgers; what did not change since the last time is kept."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Max, QuerySet
from django.utils import timezone

from vamco.accounts.policy import Actor, Granted
from vamco.accounts.roles import Role
from vamco.alerts.queue import Queue, queue_for, queue_version
from vamco.indicators.declared import packs
from vamco.indicators.models import Observation, Run
from vamco.intake.models import Delivery, Receipt
from vamco.intake.simulated import holds_simulated
from vamco.intake.supply import supplies
from vamco.packs.contract import Sensitivity
from vamco.packs.indicator import Indicator
from vamco.warehouse.models import Version
from vamco.web.supply.reading import Board, board_in
from vamco.web.wall.abnormal import Abnormal, in_order, worst_of
from vamco.web.wall.services import Service, services
from vamco.web.wall.standing import Standing, standing_of

_NEVER: Final = (0, 0, 0, 0, date.min, "")

WATCHER: Final = Actor("", (Granted(Role.OPERATOR),))
"""The room as a reader of incidents: all of them, and no small counts of people."""


@dataclass(frozen=True, slots=True)
class State:
    """Where the ledgers stand, and the day: the same state shows the same wall."""

    run: int
    seq: int
    delivery: int
    receipt: int
    today: date
    watch: str  # of the queue of incidents

    @classmethod
    def now(cls) -> "State":
        """As it is at this moment."""
        return cls(
            run=_last(Run.objects.filter(finished_at__isnull=False), "pk"),
            seq=_last(Version.objects.all(), "seq"),
            delivery=_last(Delivery.objects.all(), "pk"),
            receipt=_last(Receipt.objects.all(), "pk"),
            today=timezone.localdate(),
            watch=hashlib.sha256(queue_version().encode()).hexdigest()[:12],
        )

    def __str__(self) -> str:
        return f"{self.run}-{self.seq}-{self.delivery}-{self.receipt}-{self.today:%Y%m%d}-{self.watch}"


def _last(rows: QuerySet[Any], column: str) -> int:
    return rows.aggregate(last=Max(column))["last"] or 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the wall shows of one state."""

    state: State
    made_at: datetime
    services: tuple[Service, ...]
    abnormal: tuple[Abnormal, ...]
    board: Board
    queue: Queue
    maps: tuple[Indicator, ...]
    is_simulated: bool


class Reader:
    """Reads the wall again and again, each time only the indicators whose figures changed."""

    def __init__(self) -> None:
        self._standings: dict[str, Standing] = {}
        self._worst: dict[str, Abnormal | None] = {}
        self._state = State(*_NEVER)
        self._read_at: datetime | None = None

    def read(self, state: State) -> Seen:
        """The wall of that state."""
        now = timezone.now()
        for indicator in self._to_read(state, now):
            standing = standing_of(indicator, state.today, now)
            self._standings[indicator.id], self._worst[indicator.id] = standing, worst_of(standing)
        self._state, self._read_at = state, now
        ledger = supplies(state.today)
        contracts = [contract.id for contract in packs().contracts]
        return Seen(
            state=state,
            made_at=now,
            services=tuple(services(packs(), self._standings, ledger)),
            abnormal=tuple(in_order(row for i in _shown() if (row := self._worst[i.id]))),
            board=board_in(state.today, ledger),
            queue=queue_for(WATCHER, now),
            maps=tuple(self._mapped()),
            is_simulated=holds_simulated(contracts),
        )

    def _to_read(self, state: State, now: datetime) -> list[Indicator]:
        if self._read_at is None or self._state.today != state.today:
            return _shown()
        changed = _with_dependents(self._changed())
        return [i for i in _shown() if i.id in changed or self._standings[i.id].is_over(now)]

    def _changed(self) -> set[str]:
        """The indicators that got a vintage since the last time: one that is lost is followed by one that says so."""
        since = Observation.objects.filter(run_id__gt=self._state.run)
        return set(since.values_list("indicator", flat=True).distinct())

    def _mapped(self) -> Iterable[Indicator]:
        """What colours the map of each service, as far as communes have values."""
        for pack in packs():
            standing = self._standings.get(pack.page.map or "") if pack.page else None
            if standing and any(figure.value is not None for figure in standing.communes):
                yield standing.indicator


def _shown() -> list[Indicator]:
    """The indicators that may stand on a wall, which everybody in the room sees."""
    return [i for i in packs().indicators if i.disclosure is not Sensitivity.PERSONAL]


def _with_dependents(changed: set[str]) -> set[str]:
    """With the indicators whose formula or bands rest on them."""
    found = set(changed)
    while more := {i.id for i in packs().indicators if i.id not in found and _rests_on(i) & found}:
        found |= more
    return found


def _rests_on(indicator: Indicator) -> set[str]:
    formulas = [d.formula for d in indicator.definitions if d.formula]
    bounds = {band.bound for band in indicator.bands if isinstance(band.bound, str)}
    return bounds.union(*(formula.inputs.values() for formula in formulas))
