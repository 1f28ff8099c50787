"""How each delivery stood at the end of a day: due, received or decided that day, or still missing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from vamco.flow.operations.days import beginning_of, end_of
from vamco.flow.operations.table import Row, Table
from vamco.intake.contracts import packs
from vamco.intake.models import ACCEPTED_STATES, Delivery, Receipt, State
from vamco.intake.supply import MISSING, Supply, SupplyState, supplies
from vamco.intake.timeliness import calendar, due_on
from vamco.packs.contract import Contract

_OWN: Final = "operations"
_OUTCOMES: Final = {
    State.ACCEPTED: "accepted",
    State.PARTLY_ACCEPTED: "partly_accepted",
    State.REJECTED: "refused",
    State.UNREADABLE: "refused",
}
_NO_DUE_DAY, _NOT_RECEIVED, _NOT_ACCEPTED = "không hẹn", "chưa nhận", "chưa chấp nhận"

Receipts = Mapping[int, list[Receipt]]
"""Receipts of each delivery up to the end of the day, in order."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A delivery as it stood; `sequence_no` grows with each that was accepted before it for its period."""

    delivery: Delivery
    sequence_no: int
    receipts: list[Receipt]
    due_on: date | None

    @property
    def key(self) -> tuple[str, str, date, int]:
        """What the contract's rows of one day are told apart by."""
        delivery = self.delivery
        return delivery.contract_id, delivery.agency, delivery.period_start_on, self.sequence_no


def deliveries_on(on: date) -> Table:
    """One row for each delivery that the day concerns, as known when it ended."""
    contracts = {contract.id: contract for contract in packs().contracts}
    arrivals = {a.key: a for a in _arrivals(on, contracts) if _concerns(a, on)}  # the latest of a key counts
    owed = [entry for entry in supplies(on) if _is_expected(entry, on)]
    rows = [_row(arrival, on, contracts) for arrival in arrivals.values()]
    rows += [_expected(entry, on) for entry in owed if _key(entry) not in arrivals]
    named = {row["contract"] for row in rows}
    return Table(sorted(rows, key=_order), is_simulated=_rests_on_simulated(named, on))


def _arrivals(on: date, contracts: Mapping[str, Contract]) -> Iterator[_Arrival]:
    known = Delivery.objects.filter(received_at__lt=end_of(on)).order_by("received_at", "pk")
    receipts = _receipts(on)
    n_accepted: defaultdict[tuple[str, str], int] = defaultdict(int)
    for delivery in known:
        period = (delivery.contract_id, delivery.period)
        own = receipts.get(delivery.pk, [])
        due = _due_on(delivery, contracts.get(delivery.contract_id))
        yield _Arrival(delivery, n_accepted[period] + 1, own, due)
        n_accepted[period] += any(receipt.outcome in ACCEPTED_STATES for receipt in own)


def _receipts(on: date) -> Receipts:
    found: defaultdict[int, list[Receipt]] = defaultdict(list)
    told = Receipt.objects.filter(checked_at__lt=end_of(on)).select_related("part").defer("report")
    for receipt in told.order_by("pk"):
        found[receipt.part.delivery_id].append(receipt)
    return found


def _concerns(arrival: _Arrival, on: date) -> bool:
    """Whether the delivery was due, received or decided that day."""
    moments = (arrival.delivery.received_at, *(receipt.checked_at for receipt in arrival.receipts))
    is_first_due = arrival.due_on == on and arrival.sequence_no == 1
    return is_first_due or any(moment >= beginning_of(on) for moment in moments)


def _due_on(delivery: Delivery, contract: Contract | None) -> date | None:
    schedule = contract.schedule if contract else None
    if schedule is None or delivery.period_end_on < schedule.starts_on:
        return None
    return due_on(schedule, delivery.covered, calendar())


def _row(arrival: _Arrival, on: date, contracts: Mapping[str, Contract]) -> Row:
    delivery, receipts = arrival.delivery, arrival.receipts
    accepted = [receipt for receipt in receipts if receipt.outcome in ACCEPTED_STATES]
    last = receipts[-1] if receipts else None
    return {
        "contract": delivery.contract_id,
        "agency": delivery.agency,
        "period_start_on": delivery.period_start_on,
        "period_end_on": delivery.period_end_on,
        "sequence_no": arrival.sequence_no,
        "reported_on": on,
        "due_on": arrival.due_on or _NO_DUE_DAY,
        "received_at": delivery.received_at,
        "accepted_at": max(accepted[0].checked_at, delivery.received_at) if accepted else _NOT_ACCEPTED,
        "outcome": _OUTCOMES.get(State(last.outcome), "received") if last else "received",
        "silent_after_days": _silent_after(contracts.get(delivery.contract_id)),
        **(_counts(receipts) if receipts else {}),
    }


def _counts(receipts: list[Receipt]) -> dict[str, Any]:
    """Rows of the first file, and those that corrections have not saved."""
    first, last = receipts[0], receipts[-1]
    score = None if last.score is None else round(min(last.score, 100), 1)
    n_rejected = min(last.n_rejected, first.n_received)
    return {"rows_delivered": first.n_received, "rows_rejected": n_rejected, "quality_score": score}


def _is_expected(entry: Supply, on: date) -> bool:
    """Whether it is due by that day and nothing usable has come; what came and was refused is owed again."""
    if entry.delivery is None:
        return entry.state in MISSING or (entry.state is SupplyState.DUE and entry.due_on == on)
    return entry.state is SupplyState.REJECTED and entry.due_on < on


def _key(entry: Supply) -> tuple[str, str, date, int]:
    return entry.contract.id, entry.agency, entry.period.start_on, 1


def _expected(entry: Supply, on: date) -> Row:
    return {
        "contract": entry.contract.id,
        "agency": entry.agency,
        "period_start_on": entry.period.start_on,
        "period_end_on": entry.period.end_on,
        "sequence_no": 1,
        "reported_on": on,
        "due_on": entry.due_on,
        "received_at": _NOT_RECEIVED,
        "accepted_at": _NOT_ACCEPTED,
        "outcome": "expected",
        "silent_after_days": _silent_after(entry.contract),
    }


def _silent_after(contract: Contract | None) -> int | None:
    return contract.schedule.silent_after_days if contract and contract.schedule else None


def _rests_on_simulated(contract_ids: Iterable[str], on: date) -> bool:
    """Whether a source of that day had sent made-up data; what we ourselves delivered says nothing new."""
    others = [name for name in contract_ids if not name.startswith(f"{_OWN}.")]
    made_up = Delivery.objects.filter(contract_id__in=others, is_simulated=True)
    return made_up.filter(received_at__lt=end_of(on)).exists()


def _order(row: Row) -> tuple[str, str, date, int]:
    return row["contract"], row["agency"], row["period_start_on"], row["sequence_no"]
