"""A computed figure, as it goes into the observation ledger."""

from datetime import date
from typing import NamedTuple


class Row(NamedTuple):
    """One figure of one indicator: the columns of an observation that come from the data."""

    indicator: str
    definition_version: int
    unit_id: str
    level: str
    period: str
    start_on: date
    end_on: date
    breakdown: str
    numerator: float | None
    denominator: float | None
    value: float | None
    status: str
    n_rows: int
    n_excluded: int
    coverage: float
    estimated_share: float
    map_on: date
