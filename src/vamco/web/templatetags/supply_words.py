"""What is owed, in words and shapes: each state has both of its own."""

from typing import Any, Final

from django import template

from vamco.intake.supply import Supply, SupplyState
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.templatetags.figures import day

register = template.Library()

LOOKS: Final = {
    SupplyState.NOT_YET_DUE: ("quiet", "dot"),
    SupplyState.DUE: ("quiet", "quiet"),
    SupplyState.RECEIVED: ("waiting", "waiting"),
    SupplyState.ON_TIME: ("good", "good"),
    SupplyState.PARTIAL: ("attention", "half"),
    SupplyState.LATE: ("attention", "attention"),
    SupplyState.REJECTED: ("serious", "cross"),
    SupplyState.OVERDUE: ("serious", "serious"),
    SupplyState.SILENT: ("critical", "critical"),
}
"""State → (level, shape)."""


@register.inclusion_tag("shell/badge.html")
def supply_badge(state: SupplyState) -> dict[str, str]:
    """The state with its word."""
    level, form = LOOKS[state]
    return {"level": level, "form": form, "words": supply_word(state)}


@register.simple_tag
def supply_word(state: SupplyState) -> str:
    """The word of the state alone."""
    return say(f"intake.supply_{state}", language_now())


@register.inclusion_tag("supply/cell.html")
def supply_cell(entry: Supply) -> dict[str, Any]:
    """One period of a row: its shape, its words for those who ask, and the delivery that it opens."""
    level, form = LOOKS[entry.state]
    language = language_now()
    title = entry.period.title.in_(language)
    told = say(
        "web.supply_cell", language, period=title, state=supply_word(entry.state), due=day(entry.due_on)
    )
    return {"level": level, "form": form, "told": told, "delivery": entry.delivery}
