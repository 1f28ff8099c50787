"""The supply ledger: what is owed for each period, by whom, by when, and whether it came."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from vamco.intake.contracts import packs
from vamco.intake.models import ACCEPTED_STATES, Delivery, State
from vamco.intake.timeliness import calendar, due_on, owed_within
from vamco.packs.contract import Contract, Schedule
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.worktime.calendar import WorkCalendar

_DAY: Final = timedelta(days=1)


class SupplyState(StrEnum):
    """Where one owed period stands. Zero rows on time are not silence."""

    NOT_YET_DUE = "not_yet_due"
    DUE = "due"  # the period is over, the last day is not
    RECEIVED = "received"  # on time, not yet checked
    ON_TIME = "on_time"
    PARTIAL = "partial"
    REJECTED = "rejected"
    LATE = "late"  # it came, too late
    OVERDUE = "overdue"  # it has not come
    SILENT = "silent"  # it has not come for longer than the contract bears


MISSING: Final = frozenset({SupplyState.OVERDUE, SupplyState.SILENT, SupplyState.REJECTED})
"""States in which the figure is owed and not there."""

_IN_USE: Final = (*ACCEPTED_STATES, State.WITHDRAWN)  # before the day of the withdrawal
_TOLD: Final = {
    State.PARTLY_ACCEPTED: SupplyState.PARTIAL,
    State.ACCEPTED: SupplyState.ON_TIME,
    State.WITHDRAWN: SupplyState.ON_TIME,
}


@dataclass(frozen=True, slots=True)
class Supply:
    """One owed period of one contract; `delivery` is the one that counts, `delivered_on` when it came."""

    contract: Contract
    period: Period
    due_on: date
    state: SupplyState
    delivery: Delivery | None
    delivered_on: date | None
    n_days_late: int

    @property
    def agency(self) -> str:
        """The agency that owes it."""
        return self.contract.agency

    def as_dict(self) -> dict[str, Any]:
        """The entry as JSON can carry it."""
        return {
            "contract": self.contract.id,
            "agency": self.agency,
            "period": str(self.period),
            "due_on": self.due_on,
            "state": self.state.value,
            "delivery": self.delivery.pk if self.delivery else None,
            "delivered_on": self.delivered_on,
            "n_days_late": self.n_days_late,
        }


def supplies(today: date | None = None, contracts: Iterable[Contract] | None = None) -> list[Supply]:
    """Every period owed so far by the scheduled contracts, and the current one, oldest first."""
    on = today or timezone.localdate()
    days = calendar()
    wanted = packs().contracts if contracts is None else contracts
    return [entry for contract in wanted for entry in _of(contract, on, days)]


def late(today: date | None = None) -> list[Supply]:
    """What is owed and not there, longest overdue first: what we cannot see."""
    found = [entry for entry in supplies(today) if entry.state in MISSING]
    return sorted(found, key=lambda entry: (-entry.n_days_late, entry.contract.id, entry.period.start_on))


def owed_periods(schedule: Schedule, today: date) -> Iterator[Period]:
    """The schedule's periods that have begun, in order."""
    last_day = min(today, schedule.ends_on or today)
    if schedule.starts_on > last_day or schedule.period_type == PeriodType.RANGE:
        return
    period = Period.covering(PeriodType(schedule.period_type), schedule.starts_on)
    while period.start_on <= last_day:
        if period.start_on >= schedule.starts_on:
            yield period
        period = period.next()


def _of(contract: Contract, today: date, days: WorkCalendar) -> Iterator[Supply]:
    schedule = contract.schedule
    if schedule is None:
        return
    delivered = _delivered(contract, today)
    for period in owed_periods(schedule, today):
        yield _entry(contract, schedule, period, delivered.get(str(period), []), today, days)


def _delivered(contract: Contract, today: date) -> dict[str, list[Delivery]]:
    """Deliveries known on that day, by period, oldest first, without what a withdrawal left nothing of."""
    known = Delivery.objects.filter(Q(contract_id=contract.id), received_at__date__lte=today).order_by(
        "received_at", "pk"
    )
    found: dict[str, list[Delivery]] = {}
    for delivery in known:
        for period in _owed_by(contract, delivery):
            found.setdefault(period, []).append(delivery)
    return {period: _not_withdrawn(came, today) for period, came in found.items()}


def _owed_by(contract: Contract, delivery: Delivery) -> list[str]:
    if contract.schedule is None:
        return [delivery.period]
    return [str(period) for period in owed_within(contract.schedule, delivery.covered)]


def _not_withdrawn(came: list[Delivery], today: date) -> list[Delivery]:
    """What the dataset may hold: with the rows that were withdrawn by that day went all that they had replaced."""
    later = {d.supersedes_id: d for d in came}
    return [d for d in came if not _is_withdrawn(d, later, today)]


def _is_withdrawn(delivery: Delivery | None, later: Mapping[int | None, Delivery], today: date) -> bool:
    while delivery is not None:
        if delivery.withdrawn_at is not None and timezone.localdate(delivery.withdrawn_at) <= today:
            return True
        delivery = later.get(delivery.pk)
    return False


def _entry(
    contract: Contract,
    schedule: Schedule,
    period: Period,
    came: list[Delivery],
    today: date,
    days: WorkCalendar,
) -> Supply:
    due = due_on(schedule, period, days)
    delivery = _counting(came)
    delivered_on = timezone.localdate(delivery.received_at) if delivery else None
    is_there = delivery is not None and delivery.state not in (State.REJECTED, State.UNREADABLE)
    n_days_late = max(0, ((delivered_on if is_there and delivered_on else today) - due).days)
    state = _state(schedule, period, due, delivery, n_days_late, today)
    return Supply(contract, period, due, state, delivery, delivered_on, n_days_late)


def _counting(came: list[Delivery]) -> Delivery | None:
    """The first that was accepted (a restatement makes nobody late), else the latest."""
    accepted = [delivery for delivery in came if delivery.state in _IN_USE]
    return accepted[0] if accepted else came[-1] if came else None


def _state(
    schedule: Schedule, period: Period, due: date, delivery: Delivery | None, n_days_late: int, today: date
) -> SupplyState:
    if delivery is None:
        return _absent(schedule, period, due, n_days_late, today)
    state = State(delivery.state)
    if state in (State.REJECTED, State.UNREADABLE):
        return SupplyState.REJECTED
    if n_days_late:
        return SupplyState.LATE
    return _TOLD.get(state, SupplyState.RECEIVED)


def _absent(schedule: Schedule, period: Period, due: date, n_days_late: int, today: date) -> SupplyState:
    if today <= period.end_on:
        return SupplyState.NOT_YET_DUE
    if today <= due:
        return SupplyState.DUE
    return SupplyState.SILENT if n_days_late > schedule.silent_after_days else SupplyState.OVERDUE
