"""Panels of supply: for each contract and day how long its source has been silent, or how good it was."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

import numpy as np

from vamco.alerts.panel import CALM, Labels, Panel
from vamco.intake.models import ACCEPTED_STATES, Receipt
from vamco.intake.supply import MISSING, Supply, SupplyState, supplies
from vamco.packs.alert_rule import AlertRule, Kind, SupplyWatch
from vamco.packs.contract import Contract
from vamco.packs.pack import Packs
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

_NOT_YET: Final = frozenset({SupplyState.NOT_YET_DUE, SupplyState.DUE, SupplyState.RECEIVED})


def panel(rule: AlertRule, days: Sequence[date], packs: Packs) -> Panel:
    """What the rule watches, one row for each scheduled contract, one column for each day."""
    contracts = _contracts(rule, packs)
    measure = _days_silent if rule.when.kind is Kind.SILENCE else _quality
    told = [_told(contracts, day, measure) for day in days]
    seen = [[column[row][0] for column in told] for row in range(len(contracts))]
    values = [[column[row][1] for column in told] for row in range(len(contracts))]
    labels = tuple(_labels(rule, contract) for contract in contracts)
    return panel_of(labels, days, np.array(values, dtype=float).reshape(len(contracts), -1), seen)


def _contracts(rule: AlertRule, packs: Packs) -> list[Contract]:
    wanted = rule.watch.contracts if isinstance(rule.watch, SupplyWatch) else ()
    return [c for c in packs.contracts if c.schedule and (not wanted or c.id in wanted)]


Measure = Callable[[list[Supply], date], tuple[Supply | None, float]]


def _told(contracts: Sequence[Contract], day: date, measure: Measure) -> list[tuple[Supply | None, float]]:
    owed: dict[str, list[Supply]] = {contract.id: [] for contract in contracts}
    for entry in supplies(day, contracts):
        owed[entry.contract.id].append(entry)
    return [measure(owed[contract.id], day) for contract in contracts]


def _days_silent(owed: list[Supply], day: date) -> tuple[Supply | None, float]:
    """The first of the newest periods that have all not come, where that is longer than the contract bears."""
    first: Supply | None = None
    for entry in reversed([e for e in owed if e.state not in _NOT_YET]):
        if entry.state not in MISSING:
            break
        first = entry
    silent = first is not None and first.state is SupplyState.SILENT
    return first, float((day - first.due_on).days) if first and silent else 0.0


def _quality(owed: list[Supply], day: date) -> tuple[Supply | None, float]:
    """The score (0–100) of the newest period that was accepted by that day."""
    came = [e for e in owed if e.delivery and e.delivery.state in ACCEPTED_STATES]
    if not came:
        return None, np.nan
    receipts = Receipt.objects.filter(part__delivery=came[-1].delivery, checked_at__date__lte=day)
    score = receipts.order_by("-id").values_list("score", flat=True).first()
    return came[-1], np.nan if score is None else score


def panel_of(
    labels: tuple[Labels, ...],
    days: Sequence[date],
    values: np.ndarray,
    seen: Sequence[Sequence[Supply | None]],
) -> Panel:
    """Values of contracts × days as a panel."""
    none = np.zeros(values.shape, dtype=bool)
    return Panel(
        labels,
        tuple(Period.covering(PeriodType.DAY, day) for day in days),
        values,
        numerators=np.full(values.shape, np.nan),
        is_growing=none,
        is_moot=none,
        severities=np.full(values.shape, CALM, dtype=np.int8),
        edges=np.full(values.shape, np.nan),
        versions=np.zeros(values.shape),
        seen=seen,
    )


def _labels(rule: AlertRule, contract: Contract) -> Labels:
    return {"rule": rule.id, "contract": contract.id, "agency": contract.agency}
