"""A figure as pages show it: value, change against the same period, target, age and completeness."""

from dataclasses import dataclass

from vamco.indicators.comparing import Comparison, Kind, compare
from vamco.indicators.figure import Figure
from vamco.indicators.targets import Progress, progress, target_on
from vamco.packs.indicator import Indicator
from vamco.vocabulary.period import Period
from vamco.web.indicators.periods import period_shown
from vamco.web.indicators.standpoint import Standpoint


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator of the standpoint's unit in one period."""

    indicator: Indicator
    comparison: Comparison
    progress: Progress | None

    @property
    def figure(self) -> Figure:
        """What is said of the period."""
        return self.comparison.figure


def card_of(
    indicator: Indicator, standpoint: Standpoint, *, sees_cells: bool, period: Period | None = None
) -> Card:
    """The card of the period, by default the one that the standpoint shows."""
    question = standpoint.question(indicator, period or period_shown(indicator, standpoint))
    (comparison,) = compare(question, Kind.YEAR_ON_YEAR, sees_cells=sees_cells)
    reached = None
    if target_on(indicator, question.periods[0].end_on):
        reached = next(iter(progress(question, sees_cells=sees_cells)), None)
    return Card(indicator, comparison, reached)
