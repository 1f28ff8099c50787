"""One line of a briefing: its sentence in every language, and the figures that it was made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from vamco.indicators.figure import Figure
from vamco.vocabulary.messages import LANGUAGES, Language
from vamco.vocabulary.severity import Severity


class Section(StrEnum):
    """The parts of the page, in their order."""

    ALARMING = "alarming"
    OVERDUE = "overdue"
    CROSSED = "crossed"
    CHANGED = "changed"
    LATE = "late"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Line:
    """What the leader reads; `why` qualifies it in smaller type and may be empty.

    `figures` are those that the sentence names, as `Figure.as_dict`; by them and the briefing's moment
    their passports are found. `is_simulated` is for the page's own mark.
    """

    said: Mapping[Language, str]
    why: Mapping[Language, str]
    figures: tuple[Figure, ...] = ()
    severity: Severity | None = None
    is_new: bool = False
    is_simulated: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The line as it is kept."""
        return {
            "said": dict(self.said),
            "why": dict(self.why),
            "figures": [figure.as_dict() for figure in self.figures],
            "severity": self.severity,
            "is_new": self.is_new,
        }


def in_all(words: Callable[[Language], str]) -> dict[Language, str]:
    """The words in each language."""
    return {language: words(language) for language in LANGUAGES}


def known_between(figure: Figure, after: datetime, until: datetime) -> bool:
    """Whether the figure became known in that time."""
    return figure.known_since_at is not None and after < figure.known_since_at <= until
