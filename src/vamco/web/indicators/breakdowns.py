"""An indicator split by the columns that it declares, the worst part first."""

from dataclasses import dataclass, replace
from math import inf
from typing import Final

from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.stored import as_known
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Breakdown, Direction, Indicator
from vamco.vocabulary.period import Period
from vamco.web.indicators.part_names import part_names
from vamco.web.indicators.standpoint import Standpoint

N_PARTS: Final = 30


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the column with its figure; `share` is that of the largest, 0–1, for the bar beside it."""

    name: str
    figure: Figure
    share: float


@dataclass(frozen=True, slots=True)
class Split:
    """The worst parts by one column, of `n_parts` that there are."""

    indicator: Indicator
    breakdown: Breakdown
    period: Period
    parts: tuple[Part, ...]
    n_parts: int


def splits_of(
    indicator: Indicator, standpoint: Standpoint, period: Period, *, sees_cells: bool, n: int = N_PARTS
) -> list[Split]:
    """One split for each declared column that the ledger has parts of in that period; its `n` worst parts."""
    question = standpoint.question(indicator, period)
    found = (_split(question, breakdown, n, sees_cells=sees_cells) for breakdown in indicator.breakdowns)
    return [split for split in found if split.parts]


def _split(question: Question, breakdown: Breakdown, n: int, *, sees_cells: bool) -> Split:
    (period,) = question.periods
    names = _worst_first(question, breakdown, period)
    found = [(name, _figure(question, breakdown, name, sees_cells=sees_cells)) for name in names[:n]]
    largest = max((figure.value or 0 for _, figure in found), default=0) or 1
    said = part_names(period.end_on)
    parts = [
        Part(said.get(name, name), figure, max(figure.value or 0, 0) / largest) for name, figure in found
    ]
    # By name where they are hidden: their order would tell which of them is smaller.
    parts.sort(
        key=lambda part: (part.figure.value is None, _cost(question.indicator, part.figure.value), part.name)
    )
    return Split(question.indicator, breakdown, period, tuple(parts), len(names))


def _worst_first(question: Question, breakdown: Breakdown, period: Period) -> list[str]:
    """The parts that the ledger has of the units in question, by their worst stored value."""
    column = f"{breakdown.column}="
    rows = as_known(question.as_known_at).filter(
        indicator=question.indicator.id,
        breakdown__startswith=column,
        level=question.level.value,
        unit_id__in=_lineage(question, period),
        start_on__gte=period.start_on,
        start_on__lte=period.end_on,
    )
    worst: dict[str, float] = {}
    for text, value in rows.values_list("breakdown", "value"):
        name, cost = text.removeprefix(column), _cost(question.indicator, value)
        worst[name] = min(worst.get(name, cost), cost)
    return sorted(worst, key=lambda name: (worst[name], name))


def _lineage(question: Question, period: Period) -> set[str]:
    """The units asked for as the map of the period's end has them."""
    territory = territory_now()
    on = question.map_of(period)
    asked = [unit for code in question.units or () if (unit := territory.register.find(code, on))]
    return {kin.unit_id for unit in asked for kin in territory.register.kin_on(unit, period.end_on)}


def _figure(question: Question, breakdown: Breakdown, name: str, *, sees_cells: bool) -> Figure:
    asked = replace(question, breakdown=f"{breakdown.column}={name}")
    return figures(asked, sees_cells=sees_cells)[0]


def _cost(indicator: Indicator, value: float | None) -> float:
    """Less is worse; the largest come first where neither way is better, and what has no value last."""
    if value is None:
        return inf
    return value if indicator.direction is Direction.HIGHER else -value
