"""The frame of a page: its reader's doors and choices, and the badges that carry a state."""

from typing import Any, Final

from django import template
from django.utils.safestring import SafeString, mark_safe

from vamco.intake.receiving import scope_of
from vamco.packs.contract import Contract
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.shell.doors import Door, doors_for, theme_of

register = template.Library()

_SHAPES: Final = {
    "good": '<path d="M2 6.5 5 9.5 10.5 3"/>',
    "quiet": '<circle cx="6" cy="6" r="4"/>',
    "dot": '<path d="M4 6h4"/>',
    "half": '<circle cx="6" cy="6" r="4.5"/><path fill="currentColor" d="M6 1.5a4.5 4.5 0 0 1 0 9z"/>',
    "cross": '<path d="m2 2 8 8m0-8-8 8"/>',
    "waiting": '<circle cx="6" cy="6" r="4" stroke-dasharray="2 2.2"/>',
    "attention": '<path d="M6 1.5 11 10.5H1Z"/>',
    "serious": '<path d="M6 .8 11.2 6 6 11.2.8 6Z"/>',
    "critical": '<path d="M3.6.8h4.8l2.8 2.8v4.8l-2.8 2.8H3.6L.8 8.4V3.6Z"/><path class="cut" d="m4 4 4 4m0-4-4 4"/>',
}


@register.simple_tag(takes_context=True)
def doors(context: dict[str, Any]) -> tuple[Door, ...]:
    """The entries of the navigation that the reader may open."""
    return doors_for(context["request"])


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """The reader's choice of light or dark."""
    return theme_of(context["request"]) if "request" in context else "light"


@register.simple_tag(takes_context=True)
def is_here(context: dict[str, Any], door: Door) -> bool:
    """Whether the page being shown belongs to that entry."""
    match = context["request"].resolver_match
    return match is not None and match.view_name in (door.url_name, *door.below)


@register.simple_tag
def shape(level: str) -> SafeString:
    """The drawing that tells the level apart without its colour."""
    drawing = f'<svg viewBox="0 0 12 12" aria-hidden="true">{_SHAPES[level]}</svg>'
    return mark_safe(drawing)  # noqa: S308  our own constants only


@register.inclusion_tag("shell/badge.html")
def badge(level: str, words: str) -> dict[str, str]:
    """A state: its level (`good`, `quiet`, `waiting`, `attention`, `serious`, `critical`) and its word."""
    return {"level": level, "words": words}


@register.simple_tag
def role_name(role: str) -> str:
    """The role as people call it."""
    return say(f"accounts.role_{role}", language_now())


_LEVEL_OF_STATE: Final = {
    "received": "waiting",
    "checking": "waiting",
    "accepted": "good",
    "partly_accepted": "attention",
    "rejected": "serious",
    "unreadable": "critical",
    "withdrawn": "attention",
}


@register.filter
def level_of(state: str) -> str:
    """The level that a delivery's state is shown at."""
    return _LEVEL_OF_STATE[state]


@register.inclusion_tag("shell/badge.html")
def state_badge(state: str) -> dict[str, str]:
    """The state of a delivery."""
    return {"level": _LEVEL_OF_STATE[state], "words": say(f"web.state_{state}", language_now())}


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], permission: str, contract: Contract) -> bool:
    """Whether the reader may do that with the contract's deliveries."""
    allowed: bool = context["request"].actor.may(permission, scope_of(contract))
    return allowed


@register.simple_tag(takes_context=True)
def may_open(context: dict[str, Any], url_name: str) -> bool:
    """Whether the reader may open the page of that name."""
    allowed: bool = context["request"].actor.may(url_name)
    return allowed
