"""A cell: what is known of one unit and period while it is carried and rolled up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from vamco.geography.succession import WeightBasis
from vamco.indicators.figure import Reason
from vamco.indicators.models import Why
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or between which two it lies where the shares of a divided unit are unknown."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @classmethod
    def exactly(cls, value: float | Decimal | None) -> "Amount":
        """The number, known for sure; or nothing."""
        exact = value if value is None or isinstance(value, Decimal) else Decimal(repr(value))
        return cls(exact, exact, exact)

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it: its value, or its bounds."""
        return self.value is not None or self.low is not None or self.high is not None


UNKNOWN: Final = Amount()


@dataclass(frozen=True, slots=True)
class Cell:
    """Numerator and denominator with what they rest on; the denominator stays `UNKNOWN` without a ratio."""

    status: ObservationStatus
    numerator: Amount = UNKNOWN
    denominator: Amount = UNKNOWN
    version: int | None = None
    n_rows: int = 0
    n_excluded: int = 0
    coverage: float = 0.0
    estimated_share: float = 0.0
    bases: tuple[WeightBasis, ...] = ()
    known_since_at: datetime | None = None
    why: Why | None = None
    vintages: tuple[int, ...] = ()
    missing_units: tuple[str, ...] = ()
    missing_periods: tuple[Period, ...] = ()
    reason: Reason | None = None

    @property
    def has_value(self) -> bool:
        """Whether the status is one that comes with a value."""
        return self.status in WITH_VALUE

    @property
    def is_nothing(self) -> bool:
        """Whether neither a value nor bounds are there."""
        return not (self.has_value or self.numerator.is_known)


WITH_VALUE: Final = (ObservationStatus.NORMAL, ObservationStatus.ESTIMATED, ObservationStatus.PARTIAL)
MISSING: Final = Cell(ObservationStatus.MISSING)


def not_applicable(key: str, **details: object) -> Cell:
    """A cell that no figure is meant for, and why."""
    return Cell(ObservationStatus.NOT_APPLICABLE, reason=Reason(key, details))


def worst(statuses: Iterable[ObservationStatus]) -> ObservationStatus:
    """Of the statuses with a value, the one that says least: partial, then estimated, then normal."""
    return max(statuses, key=WITH_VALUE.index, default=ObservationStatus.NORMAL)


def joined(amounts: Sequence[Amount], join: Callable[[Sequence[Decimal]], Decimal]) -> Amount:
    """The amounts as one; a value or a bound that one of them lacks, the whole lacks."""
    return Amount(
        _joined([amount.value for amount in amounts], join),
        _joined([amount.low for amount in amounts], join),
        _joined([amount.high for amount in amounts], join),
    )


def _joined(
    numbers: Sequence[Decimal | None], join: Callable[[Sequence[Decimal]], Decimal]
) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return join(known) if known and len(known) == len(numbers) else None
