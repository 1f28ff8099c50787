"""How much of what was decided has been reached, and whether that is as much as is due by now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from vamco.indicators.figure import Figure
from vamco.indicators.formula import since_new_year
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.packs.indicator import Direction, Indicator, Target
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Progress:
    """A figure against its target; of a yearly pace the figure is the year's so far.

    `due` is what the target asks for by the period's end; `share` of the target and `pace` of what
    is due are None where the figure is not whole.
    """

    figure: Figure
    target: Target
    due: float
    share: float | None = None
    pace: float | None = None
    is_met: bool | None = None

    def as_dict(self) -> dict[str, Any]:
        """The progress as JSON can carry it."""
        return {
            "unit_id": self.figure.unit_id,
            "period": str(self.figure.period),
            "value": self.figure.value,
            "target": float(self.target.value),
            "document": self.target.document,
            "is_verified": self.target.verified,
            "due": self.due,
            "share": self.share,
            "pace": self.pace,
            "is_met": self.is_met,
        }


def target_on(indicator: Indicator, day: date) -> Target | None:
    """The target in force on that day."""
    return next(
        (
            target
            for target in indicator.targets
            if target.valid_from_on <= day and (target.valid_to_on is None or day <= target.valid_to_on)
        ),
        None,
    )


def progress(question: Question, *, sees_cells: bool = False) -> list[Progress]:
    """One progress for each unit and each of the periods that has a target, in order."""
    return [one for period in question.periods for one in _in(question, period, sees_cells=sees_cells)]


def _in(question: Question, period: Period, *, sees_cells: bool) -> Iterator[Progress]:
    target = target_on(question.indicator, period.end_on)
    if target is None:
        return
    measured = since_new_year(period) if target.is_yearly_pace else period
    asked = replace(question, periods=(measured,), map_on=question.map_of(period))
    due = float(target.value) * (_elapsed(period.end_on) if target.is_yearly_pace else 1.0)
    for figure in figures(asked, sees_cells=sees_cells):
        yield _measured(question.indicator, figure, target, due)


def _measured(indicator: Indicator, figure: Figure, target: Target, due: float) -> Progress:
    if figure.value is None or figure.status is ObservationStatus.PARTIAL:
        return Progress(figure, target, due)
    return Progress(
        figure,
        target,
        due,
        figure.value / float(target.value) if target.value else None,
        figure.value / due if due else None,
        _is_met(indicator.direction, figure.value, due),
    )


def _is_met(direction: Direction, value: float, due: float) -> bool | None:
    if direction is Direction.NEITHER:
        return None
    return value >= due if direction is Direction.HIGHER else value <= due


def _elapsed(day: date) -> float:
    """The share of the year that is over with the day, 0–1."""
    year = Period.parse(str(day.year))
    return ((day - year.start_on).days + 1) / ((year.end_on - year.start_on).days + 1)
