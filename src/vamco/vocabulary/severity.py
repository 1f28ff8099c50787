"""Severity in the words of CAP 1.2 (OASIS), from worst to least."""

from enum import StrEnum

from vamco.vocabulary.messages import Language, say


class Severity(StrEnum):
    """How bad it is; the value is CAP's own word."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"

    @property
    def rank(self) -> int:
        """Its place from the worst, which is 0."""
        return list(Severity).index(self)

    def in_(self, language: Language) -> str:
        """The one word for it on every screen and in every sentence."""
        return say(f"vocabulary.severity_{self.value.lower()}", language)
