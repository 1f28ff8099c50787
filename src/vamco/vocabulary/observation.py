"""What is said of a number: an observation and its status (after SDMX OBS_STATUS)."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from vamco.vocabulary.period import Period


class Nothing(StrEnum):
    """The four kinds of nothing that are not zero; none ever turns into another."""

    MISSING = "missing"
    LATE = "late"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"


class ObservationStatus(StrEnum):
    """The state of an observed value; zero is a value, so it is `NORMAL`."""

    NORMAL = "normal"
    ESTIMATED = "estimated"
    PARTIAL = "partial"
    MISSING = "missing"
    LATE = "late"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"


_WITH_VALUE = {ObservationStatus.NORMAL, ObservationStatus.ESTIMATED, ObservationStatus.PARTIAL}


@dataclass(frozen=True, slots=True)
class Observation:
    """One indicator for one unit and period, rebuilt from its numerator and denominator.

    `unit_id` is `code@valid_from`; `map_on` is the day whose map the unit belongs to.
    Raises `ValueError` when value and status contradict each other.
    """

    indicator: str
    definition_version: int
    unit_id: str
    period: Period
    value: Decimal | None
    status: ObservationStatus
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    breakdown: tuple[tuple[str, str], ...] = ()
    n_rows: int = 0
    known_since_at: datetime | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.status in _WITH_VALUE):
            raise ValueError(f"{self.status} with value {self.value}")
