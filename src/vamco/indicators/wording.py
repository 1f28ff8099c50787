"""Figures in Vietnamese and English sentences, made from the numbers."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from vamco.indicators.figure import Figure
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Indicator
from vamco.vocabulary.messages import Language, say

_TO_VIETNAMESE: Final = str.maketrans(",.", ".,")


def number(value: float | Decimal, decimals: int, language: Language) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English, rounded half up."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    plain = f"{rounded:,f}"
    return plain if language == "en" else plain.translate(_TO_VIETNAMESE)


def value_in_words(value: float | Decimal, indicator: Indicator, language: Language) -> str:
    """The value with its unit of measure; a share as per cent."""
    if indicator.is_percentage:
        return f"{number(value * 100, indicator.decimals, language)} %"
    unit = indicator.unit_of_measure.in_(language)
    return f"{number(value, indicator.decimals, language)} {unit}"


def sentence(figure: Figure, indicator: Indicator, language: Language) -> str:
    """What the figure says, and how far to trust it."""
    return " ".join(_sentences(figure, indicator, language))


def _sentences(figure: Figure, indicator: Indicator, language: Language) -> Iterator[str]:
    yield _main(figure, indicator, language)
    if figure.low is not None and figure.high is not None:
        low, high = (value_in_words(v, indicator, language) for v in (figure.low, figure.high))
        if low != high:
            yield say("indicators.sentence_between", language, low=low, high=high)
    if figure.is_estimated:
        share = number(figure.estimated_share * 100, 1, language)
        yield say("indicators.sentence_estimated", language, share=share)
    if missing := [*_missing(figure, language)]:
        yield say("indicators.sentence_missing", language, parts=missing)


def _main(figure: Figure, indicator: Indicator, language: Language) -> str:
    subject = {
        "period": figure.period.title.in_(language),
        "unit": territory_now().register.get(figure.unit_id).name,
        "title": indicator.title.in_(language),
    }
    if figure.value is None:
        status = say(f"indicators.status_{figure.status}", language)
        why = figure.reason.say(language) if figure.reason else ""
        return say("indicators.sentence_nothing", language, **subject, status=status, why=why).strip()
    value = value_in_words(figure.value, indicator, language)
    release = say(f"indicators.release_{figure.release}", language)
    return say("indicators.sentence_value", language, **subject, value=value, release=release)


def _missing(figure: Figure, language: Language) -> Iterator[str]:
    register = territory_now().register
    yield from (register.get(unit_id).name for unit_id in figure.missing_units)
    yield from (period.title.in_(language) for period in figure.missing_periods)
