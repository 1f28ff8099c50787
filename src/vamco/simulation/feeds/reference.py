"""Population by commune and year, on the map of the year's last day, and the shares of divided communes."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
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


def commune_shares(world: World, period: Period) -> list[Row]:
    """How the people of each commune that was divided on the period's first day were shared out."""
    before_on = period.start_on - timedelta(days=1)
    people: defaultdict[str, Counter[str]] = defaultdict(Counter)
    pairs = zip(
        world.codes(before_on), world.codes(period.start_on), world.people(before_on.year), strict=True
    )
    for old, new, count in pairs:
        people[str(old)][str(new)] += round(count)
    return [
        {
            "old_unit": old,
            "old_map_on": before_on,
            "new_unit": new,
            "effective_on": period.start_on,
            "share": share,
            "basis": "dân số",
            "document": MADE_UP,
        }
        for old, parts in sorted(people.items())
        if len(parts) > 1
        for new, share in _shares(parts).items()
    ]


def _shares(parts: Mapping[str, int]) -> dict[str, float]:
    """Six digits each; the last takes what rounding leaves, so that they sum to one."""
    total = sum(parts.values())
    rounded = {new: round(people / total, 6) for new, people in sorted(parts.items())}
    last = max(rounded)
    rounded[last] = round(1 - sum(share for new, share in rounded.items() if new != last), 6)
    return rounded


FEEDS: Final = (
    Feed("reference.population", population, date(2020, 1, 1), date(2020, 1, 1), _NEVER),
    Feed(
        "reference.commune_shares",
        commune_shares,
        date(2025, 7, 1),
        date(2025, 7, 1),
        _NEVER,
        only=("2025-07",),
    ),
)
