"""What a condition says of a panel, and the steps that conditions share."""

import operator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vamco.alerts.panel import Numbers, Truths

COMPARED: Final[dict[str, Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Judged:
    """For each cell whether it is bad, whether that is known, and from which bound on it would be.

    `p` is how likely so bad a value is by chance, where a detector says so. `severities` are places in
    `panel.WORST_FIRST` where the condition itself grades.
    """

    is_bad: Truths
    is_known: Truths
    bounds: Numbers
    p: Numbers | None = None
    severities: NDArray[np.int8] | None = None

    def lasting(self, periods: int) -> "Judged":
        """Bad only where it was bad for so many periods on end; known good ends it at once."""
        if periods == 1:
            return self
        runs = np.ones_like(self.is_bad)
        for back in range(periods):
            runs &= shifted(self.is_bad, back, fill=False)
        return replace(self, is_bad=runs)


def shifted(cells: NDArray[Any], back: int, fill: Any) -> NDArray[Any]:
    """Each column replaced by the one so many columns before it."""
    if not back:
        return cells
    moved = np.full_like(cells, fill)
    moved[:, back:] = cells[:, :-back]
    return moved


def compared(values: Numbers, comparator: str, bounds: Numbers) -> Truths:
    """Where the comparison holds; an unknown value compares with nothing."""
    with np.errstate(invalid="ignore"):
        found: Truths = COMPARED[comparator](values, bounds)
    return found & ~np.isnan(values) & ~np.isnan(bounds)
