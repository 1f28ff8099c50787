"""What cells that become one rest on together: rows, vintages, coverage, and how much is estimated."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vamco.indicators.cell import Cell
from vamco.indicators.models import Why


def foundations(cells: Sequence[Cell], weights: Sequence[float]) -> dict[str, Any]:
    """The fields of a cell made of these; `weights` say how much of the whole each stands for in time or place."""
    told = [(cell.known_since_at, cell.why) for cell in cells if cell.known_since_at]
    known_since_at, why = max(told, key=_moment, default=(None, None))
    return {
        "version": next((cell.version for cell in cells if cell.version is not None), None),
        "n_rows": sum(cell.n_rows for cell in cells),
        "n_excluded": sum(cell.n_excluded for cell in cells),
        "coverage": _mean([cell.coverage for cell in cells], weights),
        "estimated_share": _estimated_share(cells),
        "bases": tuple(sorted({basis for cell in cells for basis in cell.bases})),
        "known_since_at": known_since_at,
        "why": why,
        "vintages": tuple(sorted({key for cell in cells for key in cell.vintages})),
        "missing_units": tuple(dict.fromkeys(unit for cell in cells for unit in cell.missing_units)),
        "missing_periods": tuple(sorted({part for cell in cells for part in cell.missing_periods})),
    }


def _moment(told: tuple[datetime, Why | None]) -> datetime:
    return told[0]


def _mean(numbers: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(n * w for n, w in zip(numbers, weights, strict=True)) / total if total else 0.0


def _estimated_share(cells: Sequence[Cell]) -> float:
    """Of the numbers themselves: a share of nothing is nothing."""
    sizes = [abs(float(cell.numerator.value or 0)) for cell in cells]
    if not sum(sizes):
        return max((cell.estimated_share for cell in cells), default=0.0)
    return _mean([cell.estimated_share for cell in cells], sizes)
