"""Population by commune and year, on the map of the year's last day, and the shares of divided communes."""

from datetime import date
from typing import Final

from vamco.simulation.feed import MADE_UP, Feed, Habits, Row
from vamco.simulation.world import World
from vamco.vocabulary.period import Period

_PER_HOUSEHOLD: Final = 3.6
_NEVER: Final = Habits(late=0, dirty=0, restated=0)


def population(world: World, period: Period) -> list[Row]:
    """One row a commune."""
    counted = world.people_by_code(period.end_on, period.start_on.year)
    return [
        {
            "unit": code,
            "map_on": period.end_on,
            "year": period.start_on.year,
            "measured_as": "trung bình",
            "population": people,
            "households": round(people / _PER_HOUSEHOLD),
            "source_document": MADE_UP,
        }
        for code, people in sorted(counted.items())
    ]


FEEDS: Final = (Feed("reference.population", population, date(2020, 1, 1), date(2020, 1, 1), _NEVER),)
