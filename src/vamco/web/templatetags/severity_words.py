"""Severities as they are drawn and said, the same on every screen."""

from typing import Final

from django import template

from vamco.vocabulary.severity import Severity
from vamco.web.language import language_now

register = template.Library()

QUIET: Final = "quiet"
_LEVELS: Final = {
    Severity.EXTREME: "critical",
    Severity.SEVERE: "serious",
    Severity.MODERATE: "attention",
}


@register.filter
def level(severity: Severity | str | None) -> str:
    """The level that a severity is drawn at; `quiet` for none and for those that nobody need act on."""
    return _LEVELS.get(Severity(severity), QUIET) if severity else QUIET


@register.filter
def severity_word(severity: Severity | None) -> str:
    """The severity as people call it; nothing for none."""
    return severity.in_(language_now()) if severity else ""


@register.inclusion_tag("shell/badge.html")
def severity_badge(severity: Severity | None) -> dict[str, str]:
    """The severity with its shape and word."""
    return {"level": level(severity), "words": severity_word(severity)}
