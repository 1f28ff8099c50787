"""Crop seasons (vụ): their names, and the months they usually take in the Mekong delta.

Sowing dates differ by province and year and are set each season by the agriculture department,
so these months are only what a season has when nobody declares its dates.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from vamco.vocabulary.period_type import first_of
from vamco.vocabulary.text import Text


@dataclass(frozen=True, slots=True)
class Season:
    """A season and its usual months, counted from January of the year it is harvested in."""

    name: Text
    first_month: int
    n_months: int

    def bounds(self, year: int) -> tuple[date, date]:
        """First and last day when harvested in `year`."""
        first = year * 12 + self.first_month - 1
        return first_of(first), first_of(first + self.n_months) - timedelta(days=1)


SEASONS: Final = {
    "DX": Season(Text("Đông Xuân", "Winter-spring"), first_month=-1, n_months=5),
    "HT": Season(Text("Hè Thu", "Summer-autumn"), first_month=4, n_months=4),
    "TD": Season(Text("Thu Đông", "Autumn-winter"), first_month=8, n_months=3),
    "M": Season(Text("Mùa", "Wet-season"), first_month=7, n_months=6),
}
ROTATION: Final = ("DX", "HT", "TD")  # three crops follow each other; Mùa is one crop a year, on its own
