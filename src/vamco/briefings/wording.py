"""Numbers, periods, changes and bands as a Vietnamese (or English) sentence takes them in."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone

from vamco.indicators.comparing import Comparison, Kind
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.territory import territory_now
from vamco.indicators.wording import number, value_in_words
from vamco.packs.indicator import Band, Indicator
from vamco.vocabulary.messages import Language, say
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

_NBSP: Final = "\N{NO-BREAK SPACE}"
_NAMED: Final = 4  # units or titles that a sentence names; the others are counted
_FEW: Final = 0.0005  # of the base: what rounds to 0,0 %
_COMPARATORS: Final = {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}


def words(key: str, language: Language, **details: object) -> str:
    """A message of this package."""
    return say(f"briefings.{key}", language, **details)


def day(on: date, language: Language) -> str:
    """22/11/2026; in English 22 Nov 2026."""
    return f"{on:%d/%m/%Y}" if language == "vi" else f"{on.day} {on:%b %Y}"


def moment(at: datetime, language: Language) -> str:
    """07:00 22/11/2026, on the province's clock."""
    local = timezone.localtime(at)
    return f"{local:%H:%M} {day(local.date(), language)}"


def period_within(period: Period, language: Language) -> str:
    """The period within a sentence: “tuần 46/2026”, “ngày 22/11/2026”."""
    title = period.title.in_(language)
    if language == "en":
        return title
    if period.type is PeriodType.DAY:
        return words("on_day", language, day=title)
    return title[:1].lower() + title[1:]


def value(figure: Figure, indicator: Indicator, language: Language) -> str:
    """The value with its unit of measure; ≈ before what rests on estimates."""
    if figure.value is None:
        return words("no_value", language)
    said = with_unit(figure.value, indicator, language)
    return f"≈{_NBSP}{said}" if figure.is_estimated else said


def with_unit(amount: float | Decimal, indicator: Indicator, language: Language) -> str:
    """The number and its unit of measure, which stay on one line."""
    return value_in_words(amount, indicator, language).replace(" ", _NBSP, 1)


def subject(figure: Figure, indicator: Indicator, language: Language) -> str:
    """What is spoken of: the title, the unit where it is not the whole province, and the period."""
    title, period = indicator.title.in_(language), period_within(figure.period, language)
    if figure.level == "province":
        return words("subject", language, title=title, period=period)
    return words("subject_of_unit", language, title=title, period=period, unit=unit_name(figure))


def unit_name(figure: Figure) -> str:
    """The unit's name."""
    return territory_now().register.get(figure.unit_id).name


def change(compared: Comparison, indicator: Indicator, language: Language) -> str:
    """“tăng 12,4 % so với cùng kỳ (từ 89 lên 100 ca)”; the verdict must not be that they do not compare."""
    assert compared.base is not None  # noqa: S101  promised by the caller
    is_near = words("about", language) if _is_estimated(compared) else ""
    numbers = {
        "with_what": with_what(compared.kind, language),
        "base": _bare(compared.base, indicator, language),
        "value": with_unit(compared.figure.value or 0.0, indicator, language),
        "by": is_near + by_how_much(compared, indicator, language),
        "near": is_near,
    }
    return words(f"change_{_direction(compared)}", language, **numbers)


def with_what(kind: Kind, language: Language) -> str:
    """“cùng kỳ năm trước” or “kỳ trước”."""
    return words(f"with_{kind.value}", language)


def by_how_much(compared: Comparison, indicator: Indicator, language: Language) -> str:
    """12,4 %; of a share, points of per cent; from nothing, the number itself."""
    absolute = abs(compared.absolute or 0.0)
    if indicator.is_percentage:
        points = number(absolute * 100, max(1, indicator.decimals), language)
        return words("points", language, points=points)
    if compared.relative is None:
        return with_unit(absolute, indicator, language)
    return f"{number(abs(compared.relative) * 100, 1, language)}{_NBSP}%"


def bound_in_words(band: Band, indicator: Indicator, language: Language) -> str:
    """“dưới 95 %”, or “trên ngưỡng dịch” where the bound is another indicator."""
    key = f"band_{_COMPARATORS[band.comparator]}"
    if isinstance(band.bound, str):
        line = indicator_of(band.bound).title.in_(language)
        return words(key, language, bound=line[:1].lower() + line[1:])
    edge = band.bound * 100 if indicator.is_percentage else band.bound
    unit = "%" if indicator.is_percentage else indicator.unit_of_measure.in_(language)
    return words(key, language, bound=f"{number(edge, _decimals(edge), language)}{_NBSP}{unit}")


def listed(names: Sequence[str], others: str, language: Language) -> str:
    """“A, B, C, D và 3 xã khác”: the message `others` counts those that are not named."""
    if len(names) <= _NAMED + 1:
        return ", ".join(names)
    rest = number(len(names) - _NAMED, 0, language)
    return words(others, language, named=", ".join(names[:_NAMED]), n=rest)


def _direction(compared: Comparison) -> str:
    if not compared.absolute or (compared.relative is not None and abs(compared.relative) < _FEW):
        return "none"
    way = "up" if compared.absolute > 0 else "down"
    return f"{way}_from_nothing" if compared.relative is None else way


def _is_estimated(compared: Comparison) -> bool:
    return compared.figure.is_estimated or any(base.is_estimated for base in compared.bases)


def _bare(amount: float, indicator: Indicator, language: Language) -> str:
    """Without its unit, which follows the second number; per cent stands at both."""
    if indicator.is_percentage:
        return with_unit(amount, indicator, language)
    return number(amount, indicator.decimals, language)


def _decimals(edge: Decimal) -> int:
    """As many as the bound is written with."""
    return max(0, -int(edge.normalize().as_tuple().exponent))
