"""What recoding gives back: values on the target map, and rates rebuilt from them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from vamco.geography.recoding.allocation import digits_needed, from_quanta, quanta
from vamco.geography.succession import WeightBasis
from vamco.vocabulary.observation import ObservationStatus


@dataclass(frozen=True, slots=True)
class RecodedValue:
    """A value on the target map, and how far to trust it.

    `low` and `high` hold whatever the true shares of divided units are (None: no bound is known).
    `estimated_share` (0–1) is the part of the value that rests on weights. `missing` are source
    units without a value: the value is then a partial one, or none.
    """

    unit_id: str
    value: Decimal | None
    status: ObservationStatus
    low: Decimal | None = None
    high: Decimal | None = None
    is_estimated: bool = False
    estimated_share: Decimal = Decimal(0)
    bases: tuple[WeightBasis, ...] = ()
    missing: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The value as JSON can carry it, numbers as exact text."""
        return {
            "unit_id": self.unit_id,
            "value": _text(self.value),
            "status": self.status.value,
            "is_estimated": self.is_estimated,
            "estimated_share": _text(self.estimated_share),
            "bases": [basis.value for basis in self.bases],
            "low": _text(self.low),
            "high": _text(self.high),
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Recoding:
    """Values by `unit_id` of the target map, and the amount of each piece (source, target)."""

    values: Mapping[str, RecodedValue]
    pieces: Mapping[tuple[str, str], Decimal]

    def restored(self) -> dict[str, Decimal]:
        """The pieces put together again by source: exactly the values that came in."""
        totals: defaultdict[str, list[Decimal]] = defaultdict(list)
        for (source, _), amount in self.pieces.items():
            totals[source].append(amount)
        return {source: exact_sum(amounts) for source, amounts in totals.items()}


def exact_sum(values: Sequence[Decimal]) -> Decimal:
    """The sum, free of the context's precision."""
    digits = digits_needed(values)
    return from_quanta(sum(quanta(value, digits) for value in values), digits)


def rebuild_rate(numerator: Recoding, denominator: Recoding, per: int = 1) -> dict[str, RecodedValue]:
    """The rate `per` so many, rebuilt on the target map from its two recoded parts; never averaged."""
    return {
        unit: _rate(above, denominator.values[unit], per)
        for unit, above in numerator.values.items()
        if unit in denominator.values
    }


def _rate(above: RecodedValue, below: RecodedValue, per: int) -> RecodedValue:
    return RecodedValue(
        above.unit_id,
        value := _quotient(above.value, below.value, per),
        _rate_status(value, above, below),
        _quotient(above.low, below.high, per),
        _quotient(above.high, below.low, per),
        above.is_estimated or below.is_estimated,
        max(above.estimated_share, below.estimated_share),
        tuple(sorted({*above.bases, *below.bases})),
        tuple(dict.fromkeys(above.missing + below.missing)),
    )


def _rate_status(value: Decimal | None, above: RecodedValue, below: RecodedValue) -> ObservationStatus:
    if value is None:
        is_empty = below.value == 0 and above.value is not None
        return ObservationStatus.NOT_APPLICABLE if is_empty else ObservationStatus.MISSING
    for worst in (ObservationStatus.PARTIAL, ObservationStatus.ESTIMATED):
        if worst in {above.status, below.status}:
            return worst
    return ObservationStatus.NORMAL


def _quotient(above: Decimal | None, below: Decimal | None, per: int) -> Decimal | None:
    return above * per / below if above is not None and below else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
