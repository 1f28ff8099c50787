"""What a rule watches, as numbers: a row for each thing, a column for each period, oldest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]
Labels = Mapping[str, str]

WORST_FIRST: Final = tuple(Severity)
CALM: Final = -1
"""In an array of severities, of what is in no band; the others are places in `WORST_FIRST`."""


class Seen(Protocol):
    """What a cell was read from: a figure, or an entry of the supply ledger."""

    def as_dict(self) -> dict[str, Any]:
        """It as JSON can carry it, to be kept as evidence."""


@dataclass(frozen=True)
class Panel:
    """Series side by side; all arrays are rows × columns, and what is not known is NaN.

    `is_growing` marks counts of periods that are not whole: that they are above a bound is known, that
    they are below is not. `is_moot` marks cells to which the question does not apply: they are calm.
    `others` holds the values of indicators that bounds are taken from, and `severities` places in
    `WORST_FIRST`, or `CALM`. Columns before `first` are there for what the later ones are compared with.
    """

    labels: tuple[Labels, ...]
    periods: tuple[Period, ...]
    values: Numbers
    numerators: Numbers
    is_growing: Truths
    is_moot: Truths
    severities: NDArray[np.int8]
    edges: Numbers  # where the band begins that a cell is in
    versions: Numbers  # of the definition
    seen: Sequence[Sequence[Seen | None]]
    others: Mapping[str, Numbers] = field(default_factory=dict)
    first: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return len(self.labels), len(self.periods)

    @property
    def is_whole(self) -> Truths:
        """Where a value is known that will not grow."""
        return ~np.isnan(self.values) & ~self.is_growing
