"""Severity in the words of CAP 1.2 (OASIS), from worst to least."""

from enum import StrEnum


class Severity(StrEnum):
    """How bad it is; the value is CAP's own word."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"
