"""What the rows of one unit, period and part come to."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple


class Tally(NamedTuple):
    """A number, and the rows that it rests on.

    `is_partial` when some of the unit's territory has no number; `estimated_share` (0–1) rests on weights.
    """

    value: float | None
    n_rows: int = 0
    n_excluded: int = 0  # without a number
    is_partial: bool = False
    estimated_share: float = 0.0


ZERO: Final = Tally(0.0)

Given = Mapping[str | None, Tally]
"""Unit that the rows name (None: no unit) → tally."""
Tallies = dict[date, dict[str, dict[str | None, Tally]]]
"""First day of the period → part of the breakdown (empty: the whole) → unit → tally."""
