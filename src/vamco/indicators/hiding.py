"""Which parts of a whole are hidden, so that no small count can be worked out from what is shown.

The terms and the method are those of statistical disclosure control: *primary* suppression of small counts,
*complementary* suppression of others with them (Willenborg & de Waal 2001, *Elements of Statistical Disclosure
Control*, ch. 5; Hundepool et al. 2012, *Statistical Disclosure Control*, ch. 4).

Who sees every part that is shown knows the sum of the hidden ones, and that each is at least one where zeros are
shown. So the hidden ones must be three at least, since an officer of one of them knows its count; any of them must be
able to reach the minimum; and without the largest they must not all be one.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from vamco.packs.contract import Sensitivity
from vamco.packs.indicator import Aggregation, Definition, Indicator

Sizes = tuple[float, ...]
"""The counts that a figure tells or lets be worked out, in the same order for each part of a whole."""

LEAST_HIDDEN: Final = 3
_ADDED_UP: Final = frozenset({Aggregation.COUNT, Aggregation.SUM, Aggregation.DISTINCT})
FROM_ROWS: Final = frozenset(
    {Aggregation.AVERAGE, Aggregation.PERCENTILE, Aggregation.MAXIMUM, Aggregation.MINIMUM}
)


def sizes(
    indicator: Indicator, definition: Definition, above: float | None, below: float | None, n_rows: int
) -> Sizes:
    """Of a count, itself; of a share, also its whole; of an average or an extreme, its rows; of nothing, none.

    Of a share that is not public, the rest too: of 98 in 100 it is told that two are not. What its owner
    publishes as a share of services (dossiers in time) says nothing of a person by its rest.
    """
    if above is None or below == 0:
        return ()
    measure, whole = definition.numerator, definition.denominator
    if measure is not None and measure.aggregation in FROM_ROWS:
        return (float(n_rows),)
    if below is None or measure is None or whole is None or whole.aggregation not in _ADDED_UP:
        return (above,)
    is_share = measure.dataset == whole.dataset and measure.aggregation is whole.aggregation
    is_of_people = is_share and indicator.disclosure is not Sensitivity.PUBLIC
    return (above, below, below - above) if is_of_people else (above, below)


def tells_a_few(indicator: Indicator, told: Mapping[str, Any]) -> bool:
    """Whether a figure that was kept as JSON tells of fewer than the indicator lets everybody see.

    What would give others away cannot be said of a figure alone: that is decided where figures are read.
    """
    version = told.get("definition_version")
    definition = next((d for d in indicator.definitions if d.version == version), indicator.definitions[-1])
    if not indicator.minimum_count or definition.formula:
        return False
    above = told.get("numerator")
    counts = sizes(indicator, definition, above, told.get("denominator"), told.get("n_rows", 0))
    return is_small(counts, indicator.minimum_count)


def is_small(counts: Sizes, least: float) -> bool:
    """Whether one of them is a few; nothing at all is told."""
    return any(0 < count < least for count in counts)


def hidden_parts(parts: Mapping[str, Sizes], least: float) -> frozenset[str] | None:
    """The parts to hide of a whole that is shown, by name; None where all of them are too few for it to be shown.

    Those that are small, and with them the smallest others that are enough, by name where they are equal.
    """
    hidden = {name for name, counts in parts.items() if is_small(counts, least)}
    for column in range(max((len(counts) for counts in parts.values()), default=0)):
        values = {name: counts[column] for name, counts in parts.items() if len(counts) > column}
        waiting = sorted(values.keys() - hidden, key=lambda name: (values[name] == 0, values[name], name))
        while _tells([values[name] for name in hidden if name in values], least):
            if not waiting:
                return None
            hidden.add(waiting.pop(0))
    return frozenset(hidden)


def hidden_rows(rows: Mapping[str, Sizes], hidden: Collection[str]) -> frozenset[str]:
    """The rows of a table in two directions to hide whole, where these have something to hide.

    A row with one hidden part gives it away by its sum, and a column does so by its own; of rows that are hidden
    whole, every part can be exchanged with one of another row.
    """
    found = set(hidden)
    there = (name for name, counts in rows.items() if counts and name not in found)
    waiting = sorted(there, key=lambda name: (not any(rows[name]), rows[name], name))
    n_lacking = LEAST_HIDDEN - len(found) if found else 0
    return frozenset(found | set(waiting[: max(n_lacking, 0)]))


def _tells(values: Sequence[float], least: float) -> bool:
    """Whether the sum of these gives a small one of them away, to anybody or to one who knows the largest."""
    if not any(0 < value < least for value in values):
        return False
    floor, n_others = (0 if 0 in values else 1), len(values) - 1
    total, largest = sum(values), max(values)
    is_enough = total - floor * n_others >= least and total - largest > floor * n_others
    return len(values) < LEAST_HIDDEN or not is_enough
