"""Comparisons in words: verdicts, changes, targets, and since when."""

from typing import Final

from django import template

from vamco.geography.comparability import Comparability, Verdict
from vamco.indicators.comparing import Comparison
from vamco.indicators.ranking import Since
from vamco.indicators.targets import Progress
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.templatetags.figures import NBSP, number, percent
from vamco.web.templatetags.indicator_words import with_unit

register = template.Library()

_STAMPS: Final = {
    Comparability.COMPARABLE: ("quiet", "good"),
    Comparability.ESTIMATE: ("quiet", "half"),
    Comparability.NOT_COMPARABLE: ("attention", "cross"),
}
"""Verdict → (level, shape): none of them is an alarm."""


def _say(key: str, **details: object) -> str:
    return say(f"web.{key}", language_now(), **details)


@register.inclusion_tag("indicators/stamp.html")
def stamp(verdict: Verdict) -> dict[str, str]:
    """A small verdict that opens its reason."""
    word = _say(f"stamp_{verdict.comparability.value}")
    level, form = _STAMPS[verdict.comparability]
    return {"level": level, "form": form, "words": word, "reason": verdict.say(language_now())}


@register.simple_tag
def change_words(comparison: Comparison, indicator: Indicator) -> str:
    """How far the figure is from its base; empty where they may not be compared."""
    if comparison.absolute is None or comparison.base is None:
        return ""
    if comparison.absolute == 0:
        return _say("change_none")
    way = "up" if comparison.absolute > 0 else "down"
    approximately = f"≈{NBSP}" if comparison.verdict.comparability is Comparability.ESTIMATE else ""
    return _say(f"change_{way}", size=approximately + _size(comparison, indicator))


def _size(comparison: Comparison, indicator: Indicator) -> str:
    assert comparison.absolute is not None  # noqa: S101  asked before
    size = abs(comparison.absolute)
    if indicator.is_percentage:
        return _say("points_of_percent", points=number(size * 100, max(indicator.decimals, 1)))
    if comparison.relative is None or indicator.unit_of_measure.vi == "điểm":
        return with_unit(size, indicator)
    return percent(abs(comparison.relative))


@register.simple_tag
def base_words(comparison: Comparison, indicator: Indicator) -> str:
    """What the figure is compared with, with its number."""
    if not comparison.bases or comparison.base is None:
        return ""
    if comparison.n > 1:
        return _say("base_of_several", n=comparison.n, value=with_unit(comparison.base, indicator))
    title = comparison.bases[0].period.title.in_(language_now())
    return _say("base_of_one", period=title, value=with_unit(comparison.base, indicator))


@register.simple_tag
def comparison_word(comparison: Comparison) -> str:
    """What kind of comparison it is."""
    return _say(f"kind_{comparison.kind.value}")


@register.simple_tag
def target_words(progress: Progress, indicator: Indicator) -> str:
    """The target by its decision, what is due by now, and how far it is reached."""
    said = [_say("target", value=with_unit(float(progress.target.value), indicator))]
    if progress.target.is_yearly_pace:
        said.append(_say("target_due", value=with_unit(round(progress.due, indicator.decimals), indicator)))
    if progress.pace is not None and progress.target.is_yearly_pace:
        said.append(_say("target_pace", share=percent(progress.pace, 0)))
    if progress.is_met is not None:
        said.append(_say("target_met" if progress.is_met else "target_not_met"))
    return ", ".join(said)


@register.simple_tag
def since_words(since: Since | None) -> str:
    """Since when without a break, and for how many periods."""
    if since is None:
        return ""
    key = "since_at_least" if since.is_at_least else "since_period"
    return _say(key, period=since.period.title.in_(language_now()), n=since.n_periods)
