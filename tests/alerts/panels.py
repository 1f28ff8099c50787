"""Panels from plain numbers, a row for each unit."""

from datetime import date

import numpy as np

from vamco.alerts.panel import CALM, Panel
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

UNKNOWN = np.nan


def periods_from(first: str, n: int) -> tuple[Period, ...]:
    found = [Period.parse(first)]
    while len(found) < n:
        found.append(found[-1].next())
    return tuple(found)


def days(n: int, first: date = date(2026, 9, 14)) -> tuple[Period, ...]:
    return periods_from(str(Period.covering(PeriodType.DAY, first)), n)


def panel(rows, *, first_period="2026-W01", rule="trial.many", **given) -> Panel:
    values = np.array(rows, dtype=float)
    nothing = np.zeros(values.shape, dtype=bool)
    known = {
        "labels": tuple({"rule": rule, "unit": f"u{row}@2025-07-01"} for row in range(len(values))),
        "periods": periods_from(first_period, values.shape[1]),
        "values": values,
        "numerators": np.full(values.shape, np.nan),
        "edges": np.full(values.shape, np.nan),
        "is_growing": nothing,
        "is_moot": nothing,
        "severities": np.full(values.shape, CALM, dtype=np.int8),
        "versions": np.ones(values.shape),
        "seen": [[None] * values.shape[1] for _ in values],
        **given,
    }
    return Panel(**known)
