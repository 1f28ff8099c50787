"""Several cells as one, where their numbers may be combined at all."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from vamco.indicators.cell import UNKNOWN, Cell, joined, worst
from vamco.indicators.foundations import foundations
from vamco.vocabulary.observation import ObservationStatus

Join = Callable[[Sequence[Decimal]], Decimal]


def is_there(cell: Cell, *, is_ratio: bool) -> bool:
    """Whether numerator and, of a ratio, denominator are known or bounded."""
    return cell.numerator.is_known and (cell.denominator.is_known or not is_ratio)


def combined(
    cells: Sequence[Cell],
    weights: Sequence[float],
    numerators: Join,
    denominators: Join | None,
    **missing: tuple[Any, ...],
) -> Cell:
    """One cell; `denominators` is None where there is no ratio.

    `weights` say how much of the whole each cell stands for. `missing` (`missing_units` or
    `missing_periods`) names the parts that have nothing: what is there is then partial.
    """
    if all(cell.status is ObservationStatus.NOT_APPLICABLE for cell in cells) and cells:
        return cells[0]
    rests_on = foundations(cells, weights)
    for name, parts in missing.items():
        rests_on[name] += parts
    there = [cell for cell in cells if is_there(cell, is_ratio=denominators is not None)]
    if not there:
        return Cell(ObservationStatus.MISSING, **rests_on)
    rests_on["numerator"] = joined([cell.numerator for cell in there], numerators)
    rests_on["denominator"] = (
        joined([cell.denominator for cell in there], denominators) if denominators else UNKNOWN
    )
    return _judged(there, rests_on, is_ratio=denominators is not None)


def _judged(there: Sequence[Cell], rests_on: dict[str, Any], *, is_ratio: bool) -> Cell:
    amounts = [rests_on["numerator"], *([rests_on["denominator"]] if is_ratio else [])]
    if any(amount.value is None for amount in amounts):
        reason = next((cell.reason for cell in there if cell.reason), None)
        return Cell(ObservationStatus.MISSING, reason=reason, **rests_on)
    seen = [cell.status for cell in there if cell.has_value]
    if rests_on["missing_units"] or rests_on["missing_periods"]:
        seen.append(ObservationStatus.PARTIAL)
    return Cell(worst(seen), **rests_on)
