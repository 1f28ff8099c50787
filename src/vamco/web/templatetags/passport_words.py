"""Passports in words."""

from collections.abc import Iterable
from datetime import datetime

from django import template

from vamco.geography.succession import WeightBasis
from vamco.geography.unit import AdministrativeUnit
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.definition_words import measure_in_words
from vamco.indicators.figure import Figure
from vamco.indicators.territory import territory_now
from vamco.indicators.verifying import Outcome
from vamco.indicators.wording import number
from vamco.packs.indicator import Indicator, Measure
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import say
from vamco.web.indicators.part_names import part_in_words
from vamco.web.language import language_now
from vamco.web.passport.address import address_of

register = template.Library()


def _say(key: str, **details: object) -> str:
    return say(key, language_now(), **details)


@register.filter
def plain_number(value: float | None) -> str:
    """A numerator or denominator: whole where it is, else to one decimal."""
    if value is None:
        return _say("web.nothing_missing")
    return number(value, 0 if float(value).is_integer() else 1, language_now())


@register.simple_tag
def measure_words(measure: Measure) -> str:
    """What one side counts."""
    return measure_in_words(measure, language_now())


@register.filter
def status_words(status: str) -> str:
    """Whether a figure is whole."""
    return _say(f"indicators.status_{status}")


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


@register.simple_tag
def part_words(figure: Figure, indicator: Indicator) -> str:
    """The part that the figure is of, where it is not of everything."""
    return part_in_words(figure, indicator)


@register.filter
def total(numbers: Iterable[int]) -> int:
    """Their sum."""
    return sum(numbers)
