"""The wall's figures, states and moments in words."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone

from vamco.indicators.declared import indicator_of
from vamco.indicators.ranking import Since
from vamco.indicators.wording import number
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.templatetags.figures import NBSP, day
from vamco.web.templatetags.indicator_words import SIGNS
from vamco.web.wall.abnormal import Abnormal
from vamco.web.wall.shown import shown, unit_beside
from vamco.web.wall.standing import Standing

register = template.Library()


@register.inclusion_tag("wall/figure.html")
def wall_figure(standing: Standing, figure: Any = None) -> dict[str, Any]:
    """A figure that watches its own promise: it dims, then blanks itself with the reason."""
    said = shown(figure or standing.figure, standing.indicator)
    return {"standing": standing, "shown": said, "is_known": bool(said.number)}


@register.simple_tag
def wall_place(row: Abnormal) -> str:
    """The unit that is worst."""
    return shown(row.figure, row.standing.indicator).place


@register.simple_tag
def wall_sides(row: Abnormal) -> str:
    """Numerator and denominator, or why the figure is not whole."""
    said = shown(row.figure, row.standing.indicator)
    return " · ".join(filter(None, (said.sides, said.note)))


@register.simple_tag
def wall_units(standing: Standing) -> str:
    """How many communes are in the worst band, where it is not the province that is."""
    if standing.figure.severity is standing.severity:
        return ""
    n = len(standing.in_band(standing.severity))
    return say("web.wall_units", language_now(), n=n)


@register.simple_tag
def wall_bound(row: Abnormal) -> str:
    """The bound that the figure is beyond: a number, or the name of the indicator that it is."""
    indicator, language = row.standing.indicator, language_now()
    band = next(band for band in indicator.bands if band.severity is row.severity)
    if isinstance(band.bound, str):
        return say("web.wall_beyond", language, bound=indicator_of(band.bound).short.in_(language))
    scale = 100 if indicator.is_percentage else 1
    value = band.bound * scale
    places = max(0, -int(value.normalize().as_tuple().exponent))
    return f"{SIGNS[band.comparator]} {number(value, places, language)}{NBSP}{unit_beside(indicator)}"


@register.filter
def in_words(since: Since) -> str:
    """Since when it has been bad, and for how many periods."""
    if since.n_periods == 1 and not since.is_at_least:
        return say("web.wall_since_now", language_now())
    key = "web.wall_since_at_least" if since.is_at_least else "web.wall_since"
    return say(key, language_now(), period=since.period.title.in_(language_now()), n=since.n_periods)


@register.filter
def before(moment: datetime) -> str:
    """The day on whose morning the moment stands."""
    return day(timezone.localtime(moment).date())
