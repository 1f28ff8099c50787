"""A figure: what the province says of one unit and period, and how far to trust it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from vamco.geography.succession import WeightBasis
from vamco.geography.unit import Level
from vamco.indicators.models import Why
from vamco.vocabulary.messages import Language, say
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity


class Release(StrEnum):
    """How firm a figure is: ước tính, sơ bộ, chính thức."""

    ESTIMATE = "estimate"  # the period is not over, or not all of it was delivered
    PRELIMINARY = "preliminary"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no value, or not all of it: a message key with the details that fill it."""

    key: str
    details: dict[str, Any] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """The reason in words."""
        return say(self.key, language, **self.details)

    def as_dict(self) -> dict[str, Any]:
        """The reason as JSON can carry it."""
        return {"reason": self.key, "details": self.details}


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit and period on one map; `value` is there only where `status` has one.

    `unit_id` is `code@valid_from`, a unit of the map of `map_on`. `low` and `high` hold whatever the
    shares of divided units are. `vintages` are the rows of the observation ledger that it rests on;
    `missing_units` (of the maps as reported) and `missing_periods` are the parts that have no figure.
    """

    indicator: str
    definition_version: int | None  # None where none was in force
    unit_id: str
    level: Level
    period: Period
    map_on: date
    status: ObservationStatus
    breakdown: str = ""
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    release: Release | None = None
    n_rows: int = 0
    n_excluded: int = 0
    coverage: float = 0.0
    estimated_share: float = 0.0
    low: float | None = None
    high: float | None = None
    bases: tuple[WeightBasis, ...] = ()
    known_since_at: datetime | None = None
    why: Why | None = None
    vintages: tuple[int, ...] = ()
    missing_units: tuple[str, ...] = ()
    missing_periods: tuple[Period, ...] = ()
    late_since: date | None = None  # first day after the promise
    severity: Severity | None = None
    reason: Reason | None = None

    @property
    def code(self) -> str:
        """The unit's code, which means something on the map of `map_on` only."""
        return self.unit_id.partition("@")[0]

    @property
    def is_estimated(self) -> bool:
        """Whether any of it rests on the weights of divided units."""
        return self.estimated_share > 0

    def as_dict(self) -> dict[str, Any]:
        """The figure as JSON can carry it."""
        return {
            "indicator": self.indicator,
            "definition_version": self.definition_version,
            "unit_id": self.unit_id,
            "level": self.level.value,
            "period": str(self.period),
            "breakdown": self.breakdown,
            "map_on": self.map_on.isoformat(),
            "status": self.status.value,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "value": self.value,
            "release": self.release,
            "n_rows": self.n_rows,
            "n_excluded": self.n_excluded,
            "coverage": self.coverage,
            "is_estimated": self.is_estimated,
            "estimated_share": self.estimated_share,
            "low": self.low,
            "high": self.high,
            "bases": [basis.value for basis in self.bases],
            "known_since_at": self.known_since_at.isoformat() if self.known_since_at else None,
            "why": self.why,
            "vintages": list(self.vintages),
            "missing_units": list(self.missing_units),
            "missing_periods": [str(period) for period in self.missing_periods],
            "late_since": self.late_since.isoformat() if self.late_since else None,
            "severity": self.severity,
            "reason": self.reason.as_dict() if self.reason else None,
        }
