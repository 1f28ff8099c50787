"""An indicator split by the columns that it declares, the worst part first."""

from dataclasses import dataclass, replace

from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.stored import as_known
from vamco.packs.indicator import Breakdown, Direction, Indicator
from vamco.vocabulary.period import Period
from vamco.web.indicators.standpoint import Standpoint


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the column with its figure; `share` is that of the largest, 0–1, for the bar beside it."""

    name: str
    figure: Figure
    share: float


@dataclass(frozen=True, slots=True)
class Split:
    """The parts by one column."""

    indicator: Indicator
    breakdown: Breakdown
    period: Period
    parts: tuple[Part, ...]


def splits_of(
    indicator: Indicator, standpoint: Standpoint, period: Period, *, sees_cells: bool
) -> list[Split]:
    """One split for each declared column that the ledger has parts of in that period."""
    question = standpoint.question(indicator, period)
    found = (_split(question, breakdown, sees_cells=sees_cells) for breakdown in indicator.breakdowns)
    return [split for split in found if split.parts]


def _split(question: Question, breakdown: Breakdown, *, sees_cells: bool) -> Split:
    (period,) = question.periods
    names = _names(question, breakdown, period)
    found = [(name, _figure(question, breakdown, name, sees_cells=sees_cells)) for name in names]
    largest = max((figure.value or 0 for _, figure in found), default=0) or 1
    parts = [Part(name, figure, max(figure.value or 0, 0) / largest) for name, figure in found]
    parts.sort(
        key=lambda part: (part.figure.value is None, _cost(question.indicator, part.figure), part.name)
    )
    return Split(question.indicator, breakdown, period, tuple(parts))


def _names(question: Question, breakdown: Breakdown, period: Period) -> list[str]:
    column = f"{breakdown.column}="
    rows = as_known(question.as_known_at).filter(
        indicator=question.indicator.id,
        breakdown__startswith=column,
        level=question.level.value,
        start_on__gte=period.start_on,
        start_on__lte=period.end_on,
    )
    told = rows.order_by().values_list("breakdown", flat=True).distinct()
    return sorted(text.removeprefix(column) for text in told)


def _figure(question: Question, breakdown: Breakdown, name: str, *, sees_cells: bool) -> Figure:
    asked = replace(question, breakdown=f"{breakdown.column}={name}")
    return figures(asked, sees_cells=sees_cells)[0]


def _cost(indicator: Indicator, figure: Figure) -> float:
    """The worst first; the largest first where neither way is better."""
    value = figure.value or 0.0
    return value if indicator.direction is Direction.HIGHER else -value
