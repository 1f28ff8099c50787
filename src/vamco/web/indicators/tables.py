"""Every commune of an indicator in one period: the worst first, and since when they are that bad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vamco.indicators.figure import Figure
from vamco.indicators.ranking import IsBad, Ranked, Since, beyond, rank, since_when
from vamco.indicators.targets import target_on
from vamco.packs.indicator import Direction, Indicator
from vamco.vocabulary.period import Period
from vamco.vocabulary.text import fold
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.templatetags.indicator_words import unit_name

WORST: Final = "worst"
ORDERS: Final = (WORST, "best", "name", "code")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A commune's figure, its place (None where it is not whole), and since when it is bad."""

    ranked: Ranked
    since: Since | None
    share: float  # of the largest value, 0–1, for the bar beside it

    @property
    def figure(self) -> Figure:
        """The figure."""
        return self.ranked.figure


def unit_rows(
    indicator: Indicator,
    standpoint: Standpoint,
    period: Period,
    *,
    sees_cells: bool,
    order: str = WORST,
    n: int | None = None,
) -> list[UnitRow]:
    """The communes of the standpoint's map in that order, all of them or the first `n`."""
    question = standpoint.question_of_all(indicator, period)
    ranked = rank(question, worst_first=order != "best", sees_cells=sees_cells)
    if order in _KEYS:
        ranked = sorted(ranked, key=_KEYS[order])
    shown = ranked[:n]
    since = _since(indicator, standpoint, period, [one.figure for one in shown], sees_cells=sees_cells)
    largest = max((one.figure.value or 0 for one in ranked), default=0) or 1
    return [
        UnitRow(one, since.get(one.figure.unit_id), max(one.figure.value or 0, 0) / largest) for one in shown
    ]


_KEYS: Final = {
    "name": lambda one: fold(unit_name(one.figure)),
    "code": lambda one: one.figure.code,
}


def tells_since(indicator: Indicator, period: Period) -> bool:
    """Whether anything says which values are bad: bands, or a target."""
    return period.type is indicator.period_type and (
        bool(indicator.bands) or _line(indicator, period) is not None
    )


def _since(
    indicator: Indicator,
    standpoint: Standpoint,
    period: Period,
    found: Sequence[Figure],
    *,
    sees_cells: bool,
) -> Mapping[str, Since]:
    if not tells_since(indicator, period):
        return {}
    is_bad = _is_bad(indicator, period)
    bad = [figure.code for figure in found if (is_bad(figure) if is_bad else figure.severity)]
    if not bad:
        return {}
    question = standpoint.question_of_all(indicator, period)
    return since_when(question, bad, is_bad, sees_cells=sees_cells)


def _is_bad(indicator: Indicator, period: Period) -> IsBad | None:
    """None is to be in a band."""
    line = _line(indicator, period)
    return None if indicator.bands or line is None else beyond(indicator, line)


def _line(indicator: Indicator, period: Period) -> float | None:
    target = target_on(indicator, period.end_on)
    if target is None or target.is_yearly_pace or indicator.direction is Direction.NEITHER:
        return None
    return float(target.value)
