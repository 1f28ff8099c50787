"""Figures in words: the value or its kind of nothing, what it rests on, changes, and verdicts."""

from datetime import date
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils import timezone

from vamco.indicators.declared import indicator_of
from vamco.indicators.definition_words import formula_in_words
from vamco.indicators.figure import Figure
from vamco.indicators.models import Why
from vamco.indicators.passport import Vintage
from vamco.indicators.territory import territory_now
from vamco.indicators.wording import sentence
from vamco.packs.contract import LegalBasis
from vamco.packs.indicator import Additivity, Band, Definition, Indicator, Target
from vamco.vocabulary.messages import say
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.language import language_now
from vamco.web.passport.address import address_of
from vamco.web.templatetags.figures import NBSP, day, nothing, number, percent

register = template.Library()

SIGNS: Final = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_UNNAMED_UNITS: Final = ("%", "")


def _say(key: str, **details: object) -> str:
    return say(f"web.{key}", language_now(), **details)


def plain(value: float, indicator: Indicator) -> str:
    """The number alone; a share of one as per cent."""
    if indicator.is_percentage:
        return percent(value, indicator.decimals)
    return number(value, indicator.decimals)


@register.simple_tag
def with_unit(value: float, indicator: Indicator) -> str:
    """The number with its unit of measure."""
    unit = unit_word(indicator)
    return f"{plain(value, indicator)}{NBSP}{unit}" if unit else plain(value, indicator)


@register.simple_tag
def unit_word(indicator: Indicator) -> str:
    """The unit of measure beside the number; per cent stands in the number itself."""
    unit = indicator.unit_of_measure.in_(language_now())
    return "" if indicator.is_percentage and unit in _UNNAMED_UNITS else unit


@register.simple_tag
def value_words(figure: Figure, indicator: Indicator) -> str:
    """The value, `≈` before what is estimated; or which kind of nothing it is."""
    if figure.value is None:
        return nothing_words(figure)
    return (
        f"≈{NBSP}{plain(figure.value, indicator)}" if figure.is_estimated else plain(figure.value, indicator)
    )


def nothing_words(figure: Figure) -> str:
    """Which kind of nothing, late ones with the day since when."""
    if figure.late_since and figure.status == "late":
        return _say("late_since", day=day(figure.late_since))
    return nothing(figure.status.value)


@register.simple_tag
def rests_on(figure: Figure, indicator: Indicator) -> str:
    """Numerator over denominator, and what was left out."""
    if figure.value is None or figure.numerator is None or figure.denominator is None:
        return ""
    parts = {"above": _count(figure.numerator), "below": _count(figure.denominator)}
    if indicator.over_units is not Additivity.RATIO:
        return ""
    if figure.n_excluded:
        return _say("rests_on_without", **parts, excluded=number(figure.n_excluded))
    return _say("rests_on", **parts)


def _count(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


@register.simple_tag
def doubts(figure: Figure, indicator: Indicator) -> list[str]:
    """One line for each reason not to take the value at its face: estimate, range, parts that are missing."""
    said: list[str] = []
    if figure.value is not None and figure.is_estimated:
        said.append(_say("doubt_estimated", share=percent(figure.estimated_share)))
    if between := _between(figure, indicator):
        said.append(between)
    if figure.missing_units:
        names = [territory_now().register.get(unit).name for unit in figure.missing_units[:3]]
        said.append(_say("doubt_units", n=number(len(figure.missing_units)), names=names))
    if figure.missing_periods:
        said.append(_say("doubt_periods", n=number(len(figure.missing_periods))))
    if figure.status == "partial" and not (figure.missing_units or figure.missing_periods):
        said.append(_say("doubt_partial"))
    if figure.value is None and figure.reason:
        said.append(figure.reason.say(language_now()))
    return said


def _between(figure: Figure, indicator: Indicator) -> str:
    """The bounds, where they differ as far as they are written."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = plain(figure.low, indicator), plain(figure.high, indicator)
    return "" if low == high else _say("doubt_between", low=low, high=high)


@register.simple_tag
def completeness(figure: Figure) -> str:
    """How much of the period was delivered, and since when the figure has been known."""
    covered = percent(figure.coverage, 0)
    if figure.known_since_at is None:
        return ""
    return _say("completeness", covered=covered, since=day(timezone.localtime(figure.known_since_at)))


@register.simple_tag
def release_word(figure: Figure) -> str:
    """How firm the figure is."""
    return say(f"indicators.release_{figure.release}", language_now()) if figure.release else ""


@register.simple_tag
def figure_sentence(figure: Figure, indicator: Indicator) -> str:
    """What the figure says, in a sentence, and how far to trust it."""
    return sentence(figure, indicator, language_now())


@register.simple_tag
def band_words(band: Band, indicator: Indicator) -> str:
    """From where on a value is abnormal."""
    if isinstance(band.bound, str):
        bound = indicator_of(band.bound).title.in_(language_now())
    else:
        bound = with_unit(float(band.bound), indicator)
    return f"{SIGNS[band.comparator]}{NBSP}{bound}"


@register.simple_tag
def target_document(target: Target) -> str:
    """The decision that set the target, marked where nobody has checked it yet."""
    return target.document if target.verified else _say("unverified", document=target.document)


@register.simple_tag
def law_words(basis: LegalBasis) -> str:
    """The document with the days between which it is in force, marked where nobody has checked it yet."""
    end = day(basis.valid_to_on) if basis.valid_to_on else ""
    key = "law_between" if end else "law_since"
    said = _say(key, document=basis.document, start=day(basis.valid_from_on), end=end)
    return said if basis.verified else _say("unverified", document=said)


@register.simple_tag
def formula_words(definition: Definition) -> str:
    """How the value is made."""
    return formula_in_words(definition, language_now())


@register.simple_tag
def vintage_words(vintage: Vintage, indicator: Indicator) -> str:
    """What was said then."""
    return nothing(vintage.status.value) if vintage.value is None else with_unit(vintage.value, indicator)


@register.filter
def why_words(why: Why) -> str:
    """Why a figure was said anew."""
    return _say(f"why_{why}")


@register.simple_tag
def order_word(order: str) -> str:
    """An order of units as people call it."""
    return _say(f"order_{order}")


@register.filter
def hundredths(share: float) -> str:
    """A share as a length of a drawing a hundred wide."""
    return f"{share * 100:.1f}"


@register.simple_tag
def passport_address(figure: Figure, standpoint: Standpoint) -> str:
    """The passport of the figure, as known at the page's moment."""
    return address_of(figure, standpoint.as_known_at)


@register.simple_tag
def unit_name(figure: Figure) -> str:
    """The unit that the figure is of."""
    return territory_now().register.get(figure.unit_id).name


@register.simple_tag
def map_words(standpoint: Standpoint, on: date | None = None) -> str:
    """On which map the figures stand."""
    if standpoint.map_on is None:
        return _say("map_as_reported")
    return _say("map_of_day", on=day(on or standpoint.map_on))


@register.simple_tag(takes_context=True)
def indicator_address(context: dict[str, Any], indicator: Indicator, **changed: str) -> str:
    """The page of the indicator, looked at from where the page looks from, with some of it changed."""
    address = reverse("indicator", args=indicator.id.split(".", 1))
    query = from_here(context, **changed)
    return f"{address}?{query}" if query else address


@register.simple_tag
def indicator_file_address(indicator: Indicator) -> str:
    """The address of the indicator's tables as files."""
    return reverse("indicator-file", args=indicator.id.split(".", 1))


@register.simple_tag(takes_context=True)
def from_here(context: dict[str, Any], **changed: str) -> str:
    """The parameters of an address that looks from the same place, with some changed; a page may have no place."""
    standpoint: Standpoint | None = context.get("standpoint")
    return standpoint.query(**changed) if standpoint else ""
