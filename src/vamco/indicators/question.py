"""The question that any caller can ask: which figures, on which map, as known when, by which definition."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from vamco.geography.unit import Level
from vamco.packs.indicator import Definition, Indicator
from vamco.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Question:
    """Figures of one indicator for these periods and units.

    Periods may be coarser than the indicator's own (`Period.between(1 January, …)` is lũy kế).
    """

    indicator: Indicator
    periods: tuple[Period, ...]
    level: Level
    units: tuple[str, ...] | None = None  # codes on the answer's map; None is all of the level
    map_on: date | None = None  # None is as reported: each period on the map of its last day
    as_known_at: datetime | None = None  # None is now
    definition_version: int | None = None  # None is the one in force when the period begins
    breakdown: str = ""  # "column=value"; empty for the whole

    def map_of(self, period: Period) -> date:
        """The day whose map the period is answered on."""
        return self.map_on or period.end_on

    def definition(self, period: Period) -> Definition | None:
        """The definition by which the period is answered."""
        if self.definition_version is None:
            return self.indicator.definition(period.start_on)
        wanted = self.definition_version
        return next((d for d in self.indicator.definitions if d.version == wanted), None)

    def about(self, indicator: Indicator) -> "Question":
        """The same units, periods and map for another indicator, as a whole and by its own definition."""
        return replace(self, indicator=indicator, definition_version=None, breakdown="")
