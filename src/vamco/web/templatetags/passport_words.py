"""Passports in words."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.urls import reverse

from vamco.geography.succession import WeightBasis
from vamco.geography.unit import AdministrativeUnit
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.figure import Figure
from vamco.indicators.models import Why
from vamco.indicators.passport import Vintage
from vamco.indicators.territory import territory_now
from vamco.indicators.verifying import Outcome
from vamco.indicators.wording import formula_in_words, measure_in_words, number, value_in_words
from vamco.packs.indicator import Definition, Indicator, Measure
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import say
from vamco.web.language import language_now
from vamco.web.passport.address import address_of
from vamco.web.templatetags.figures import NBSP

register = template.Library()


def _say(key: str, **details: object) -> str:
    return say(key, language_now(), **details)


@register.simple_tag
def value_in_full(value: float | None, indicator: Indicator) -> str:
    """A value of the indicator with its unit of measure."""
    if value is None:
        return _say("web.nothing_missing")
    return value_in_words(value, indicator, language_now()).replace(" %", f"{NBSP}%")


@register.filter
def plain_number(value: float | None) -> str:
    """A numerator or denominator: whole where it is, else to one decimal."""
    if value is None:
        return _say("web.nothing_missing")
    return number(value, 0 if float(value).is_integer() else 1, language_now())


@register.simple_tag
def formula_words(definition: Definition) -> str:
    """How the value is made."""
    return formula_in_words(definition, language_now())


@register.simple_tag
def measure_words(measure: Measure) -> str:
    """What one side counts."""
    return measure_in_words(measure, language_now())


@register.filter
def why_words(why: Why) -> str:
    """Why a figure has a new vintage."""
    return _say(f"web.why_{why}")


@register.filter
def status_words(status: str) -> str:
    """Whether a figure is whole."""
    return _say(f"indicators.status_{status}")


@register.simple_tag
def vintage_value(vintage: Vintage, indicator: Indicator) -> str:
    """What was said, or which nothing."""
    return (
        value_in_full(vintage.value, indicator) if vintage.value is not None else status_words(vintage.status)
    )


@register.filter
def bases_words(bases: Iterable[WeightBasis]) -> str:
    """By what divided units were shared out."""
    return ", ".join(_say(f"web.basis_{basis}") for basis in bases)


@register.filter
def unit_of(unit_id: str) -> AdministrativeUnit:
    """The unit of that key."""
    return territory_now().register.get(unit_id)


@register.filter
def outcome_words(outcome: Outcome) -> str:
    """What came of recomputing."""
    return _say(f"web.outcome_{outcome}")


@register.simple_tag
def passport_now(figure: Figure, as_known_at: datetime | None = None) -> str:
    """The figure's passport, as known at that moment or now."""
    return address_of(figure, as_known_at)


@register.simple_tag
def indicator_named(figure: Figure) -> Indicator:
    """The indicator that the figure is of."""
    return indicator_of(figure.indicator)


@register.simple_tag
def dataset_title(contract_id: str) -> str:
    """What the dataset is called; its id where no contract describes it any more."""
    try:
        return packs().contract(contract_id).title.in_(language_now())
    except NotFound:
        return contract_id


@register.filter
def total(numbers: Iterable[int]) -> int:
    """Their sum."""
    return sum(numbers)


@register.simple_tag
def indicator_address(indicator: Indicator) -> str:
    """The page of the indicator."""
    return reverse("indicator", args=indicator.id.split(".", 1))
