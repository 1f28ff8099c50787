"""What is abnormal now: one row for each indicator that is in a band, the worst first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vamco.geography.unit import Level
from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.ranking import Since, since_when
from vamco.packs.indicator import Direction, Indicator
from vamco.vocabulary.severity import Severity
from vamco.web.wall.standing import WORST_FIRST, Standing


@dataclass(frozen=True, slots=True)
class Abnormal:
    """The worst figure of an indicator, how many more units are as bad, and since when it has been."""

    standing: Standing
    figure: Figure
    n_more: int
    since: Since | None = None

    @property
    def is_of_province(self) -> bool:
        """Whether the province as a whole is that bad."""
        return self.figure is self.standing.figure

    @property
    def severity(self) -> Severity:
        """The band that it is in."""
        assert self.figure.severity is not None  # noqa: S101  rows are made of figures in a band
        return self.figure.severity


def worst_of(standing: Standing) -> Abnormal | None:
    """The row of an indicator; None where nothing of it is abnormal."""
    severity = standing.severity
    if severity is None:
        return None
    units = standing.in_band(severity)
    if standing.figure.severity is severity:
        return _dated(Abnormal(standing, standing.figure, len(units)))
    worst = max(units, key=lambda figure: badness(standing.indicator, figure))
    return _dated(Abnormal(standing, worst, len(units) - 1))


def in_order(rows: Iterable[Abnormal]) -> list[Abnormal]:
    """The worst first, those of one severity in the order of the indicators."""
    return sorted(rows, key=lambda row: WORST_FIRST.index(row.severity))


def badness(indicator: Indicator, figure: Figure) -> float:
    """How far the value lies on the side on which the bands begin."""
    value = figure.value or 0.0
    falls = any(band.comparator.startswith("<") for band in indicator.bands)
    return -value if indicator.direction is Direction.HIGHER or falls else value


def _dated(row: Abnormal) -> Abnormal:
    level = Level.PROVINCE if row.is_of_province else Level.COMMUNE
    asked = Question(row.standing.indicator, (row.figure.period,), level, map_on=row.figure.map_on)
    return replace(row, since=since_when(asked, [row.figure.code]).get(row.figure.unit_id))
