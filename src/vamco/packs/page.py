"""What the page of a monitoring service shows, and in which order."""

from dataclasses import dataclass
from enum import StrEnum

from vamco.vocabulary.text import Text


class Show(StrEnum):
    """The form of a section."""

    FIGURES = "figures"
    SERIES = "series"
    RANKING = "ranking"  # units from worst to best
    TABLE = "table"  # units × indicators
    BREAKDOWN = "breakdown"
    DECOMPOSITION = "decomposition"  # where the points of a composed index are lost


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the page."""

    title: Text
    show: Show
    indicators: tuple[str, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a service: what leads on the wall, what colours the map, then the sections."""

    lead: tuple[str, ...]
    map: str | None
    sections: tuple[Section, ...]
