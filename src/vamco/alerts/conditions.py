"""When what is watched is abnormal: one function for each kind of condition."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vamco.alerts.detecting import detected
from vamco.alerts.judged import Judged, compared, shifted
from vamco.alerts.panel import CALM, Numbers, Panel, Truths
from vamco.packs.alert_rule import Condition, Kind
from vamco.vocabulary.period import Period


def judge(when: Condition, panel: Panel) -> Judged:
    """What the condition says of every cell of the panel."""
    return _KINDS[when.kind](when, panel).lasting(1 if when.kind is Kind.COUNT else when.periods)


def _bands(_: Condition, panel: Panel) -> Judged:
    """By the indicator's own bands; of a rate over a part of its period nothing is said."""
    is_bad = (panel.severities != CALM) & ~np.isnan(panel.values)
    is_known = panel.is_whole | panel.is_moot | is_bad
    return Judged(is_bad, is_known, panel.edges, severities=panel.severities)


def _threshold(when: Condition, panel: Panel) -> Judged:
    bounds = _bounds(when, panel)
    is_bad = compared(panel.values, when.comparator, bounds) & _is_enough(when, panel)
    if when.comparator.startswith("<"):
        is_bad &= ~panel.is_growing
    return Judged(is_bad, ((panel.is_whole & ~np.isnan(bounds)) | panel.is_moot | is_bad), bounds)


def _change(when: Condition, panel: Panel) -> Judged:
    before = _before(when, panel)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(panel.is_whole, (panel.values - before) / np.abs(before), np.nan)
    bounds = np.full(panel.shape, float(when.bound))
    is_bad = compared(share, when.comparator, bounds) & _is_enough(when, panel)
    return Judged(is_bad, ~np.isnan(share) | panel.is_moot, before * (1 + float(when.bound)))


def _count(when: Condition, panel: Panel) -> Judged:
    parts = [shifted(panel.values, back, np.nan) for back in range(when.periods)]
    total = np.nansum(parts, axis=0)
    is_whole = panel.is_whole & ~np.isnan(parts).any(axis=0)
    bounds = np.full(panel.shape, float(when.bound))
    is_bad = compared(total, when.comparator, bounds)
    return Judged(is_bad, is_whole | is_bad, bounds)


def _plain(when: Condition, panel: Panel) -> Judged:
    """Of values that say by themselves how bad it is: a share of the pace, days late, a score."""
    bounds = np.full(panel.shape, float(when.bound))
    return Judged(
        compared(panel.values, when.comparator, bounds),
        ~np.isnan(panel.values) | panel.is_moot,
        bounds,
    )


def _detector(when: Condition, panel: Panel) -> Judged:
    found = detected(when, panel)
    is_bad = _padded(panel, found.alarm, fill=False) & _is_enough(when, panel)
    is_known = _padded(panel, found.judged, fill=False)
    return Judged(is_bad, is_known, *(_padded(panel, part, np.nan) for part in (found.upper, found.p)))


def _padded(panel: Panel, cells: NDArray[Any], fill: Any) -> NDArray[Any]:
    """The answer for the later columns as one for all; of those that are only past nothing is said."""
    whole = np.full(panel.shape, fill, dtype=cells.dtype)
    whole[:, panel.first :] = cells
    return whole


def _bounds(when: Condition, panel: Panel) -> Numbers:
    if isinstance(when.bound, str):
        return panel.others[when.bound]
    return np.full(panel.shape, float(when.bound))


def _is_enough(when: Condition, panel: Panel) -> Truths:
    """Whether so many are counted that the figure says something."""
    if not when.at_least:
        return np.ones(panel.shape, dtype=bool)
    counted = np.where(np.isnan(panel.numerators), panel.values, panel.numerators)
    return np.nan_to_num(counted) >= when.at_least


def _before(when: Condition, panel: Panel) -> Numbers:
    """The values to compare with; none where they were counted by another definition."""
    places = {period: place for place, period in enumerate(panel.periods)}
    found = np.full(panel.shape, np.nan)
    for place, period in enumerate(panel.periods):
        earlier = places.get(_counterpart(when, period) or period)
        if earlier is None or earlier == place:
            continue
        is_alike = panel.versions[:, earlier] == panel.versions[:, place]
        found[:, place] = np.where(is_alike & panel.is_whole[:, earlier], panel.values[:, earlier], np.nan)
    return found


def _counterpart(when: Condition, period: Period) -> Period | None:
    return period.previous() if when.against == "previous" else period.same_period_last_year()


_KINDS: Final[Mapping[Kind, Callable[[Condition, Panel], Judged]]] = {
    Kind.BANDS: _bands,
    Kind.THRESHOLD: _threshold,
    Kind.CHANGE: _change,
    Kind.PACE: _plain,
    Kind.COUNT: _count,
    Kind.DETECTOR: _detector,
    Kind.SILENCE: _plain,
    Kind.QUALITY: _plain,
}
