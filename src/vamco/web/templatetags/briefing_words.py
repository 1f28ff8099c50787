"""The lines of a kept briefing: the level that each is drawn at, and the passports of its figures."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone

from vamco.briefings.line import Section
from vamco.indicators.declared import indicator_of
from vamco.indicators.territory import territory_now
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.period import Period
from vamco.web.language import language_now

register = template.Library()

Kept = dict[str, Any]
"""A figure as a briefing keeps it."""


@register.simple_tag
def passport_told(figure: Kept, known_at: datetime) -> str:
    """The passport of the figure as it was known when the briefing was written."""
    asked = {
        "indicator": figure["indicator"],
        "unit": figure["unit_id"].partition("@")[0],
        "on": figure["map_on"],
        "period": figure["period"],
        "map": figure["map_on"],
        "as_known_at": timezone.localtime(known_at).replace(tzinfo=None).isoformat(),
    }
    return f"{reverse('passport')}?{urlencode(asked, safe=':/=')}"


@register.simple_tag
def figure_told(figure: Kept, section: str) -> str:
    """What tells the figures of a line apart: the period, the unit or the indicator."""
    if section == Section.UNSEEN:
        return _short(figure["indicator"])
    if section == Section.CHANGED:
        return Period.parse(figure["period"]).title.in_(language_now())
    return territory_now().register.get(figure["unit_id"]).name


def _short(indicator: str) -> str:
    """The indicator's short title; of one that is declared no more, its id."""
    try:
        return indicator_of(indicator).short.in_(language_now())
    except NotFound:
        return indicator
