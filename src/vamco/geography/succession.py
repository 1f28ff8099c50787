"""What became of a unit: an edge from the old unit to a new one, with the law that says so."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Extent(StrEnum):
    """How much of the old unit goes over."""

    WHOLE = "whole"
    PART = "part"


class WeightBasis(StrEnum):
    """What a weight was counted in; `UNKNOWN` where there is no weight."""

    POPULATION = "population"
    HOUSEHOLDS = "households"
    AREA = "area"
    RECORDS = "records"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """How sure the register is of an edge: text of law, good report, or inference."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Succession:
    """An edge old → new, by `unit_id`. `weight` is the share (0–1) of the old unit that goes over.

    A whole edge has no weight: it is exact. A part without a weight is a part of unknown size.
    """

    old_unit_id: str
    new_unit_id: str
    extent: Extent
    effective_on: date
    weight: Decimal | None
    basis: WeightBasis
    confidence: Confidence
    resolution: str
    article: str = ""
    clause: str = ""
    source: str = ""
    note: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the old unit goes over entirely."""
        return self.extent is Extent.WHOLE

    def as_dict(self) -> dict[str, Any]:
        """The edge as JSON can carry it."""
        return {
            "old_unit_id": self.old_unit_id,
            "new_unit_id": self.new_unit_id,
            "extent": self.extent.value,
            "effective_on": self.effective_on.isoformat(),
            "weight": str(self.weight) if self.weight is not None else None,
            "basis": self.basis.value,
            "confidence": self.confidence.value,
            "resolution": self.resolution,
            "article": self.article,
            "clause": self.clause,
            "source": self.source,
            "note": self.note,
        }
