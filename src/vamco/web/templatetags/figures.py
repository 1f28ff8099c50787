"""Numbers, dates and the kinds of nothing, as readers of each language write them."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from vamco.vocabulary.errors import Misused
from vamco.vocabulary.messages import say
from vamco.vocabulary.observation import Nothing
from vamco.vocabulary.period import Period
from vamco.vocabulary.text import Text
from vamco.web.language import language_now

register = template.Library()

NBSP: Final = "\N{NO-BREAK SPACE}"
_TO_VIETNAMESE: Final = str.maketrans(",.", ".,")
_NUMBER_OF_A_DOCUMENT: Final = re.compile(r"\S*\d\S*/\S*-\S*")
_MARKS: Final = {
    Nothing.MISSING: "…",
    Nothing.LATE: "!",
    Nothing.SUPPRESSED: "▒▒▒",
    Nothing.NOT_APPLICABLE: "×",
}
_SIZES: Final = ("B", "kB", "MB", "GB", "TB")


@register.filter
def number(value: float | Decimal | None, places: int = 0) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; no value is said in words."""
    if value is None:
        return nothing(Nothing.MISSING)
    english = f"{value:,.{places}f}"
    return english if language_now() == "en" else english.translate(_TO_VIETNAMESE)


@register.filter
def percent(share: float | Decimal | None, places: int = 1) -> str:
    """A share of one as 93,8 %, with a space that never breaks."""
    if share is None:
        return nothing(Nothing.MISSING)
    return f"{number(share * 100, places)}{'' if language_now() == 'en' else NBSP}%"


@register.filter
def score(points: float | None) -> str:
    """A quality score out of 100, to one decimal; never rounded up to a full 100."""
    if points is None:
        return nothing(Nothing.NOT_APPLICABLE)
    shown = min(points, 99.9) if points < 100 else points
    return number(shown, 0 if shown == 100 else 1)


@register.filter
def day(value: date | None) -> str:
    """22/11/2026; in English 22 Nov 2026."""
    if value is None:
        return nothing(Nothing.MISSING)
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return f"{value:%d/%m/%Y}" if language_now() == "vi" else f"{value.day} {value:%b %Y}"


@register.filter
def moment(value: datetime | None) -> str:
    """14:05 22/11/2026, on the province's clock."""
    if value is None:
        return nothing(Nothing.MISSING)
    local = timezone.localtime(value)
    return f"{local:%H:%M}{NBSP}{day(local)}"


@register.filter
def period(text: str) -> str:
    """The title of the period so written: Tháng 10/2026."""
    try:
        return Period.parse(text).title.in_(language_now())
    except Misused:
        return text


@register.filter
def size(n_bytes: int) -> str:
    """A number of bytes, in the largest unit that keeps it above one."""
    amount, place = float(n_bytes), 0
    while amount >= 1000 and place < len(_SIZES) - 1:
        amount, place = amount / 1000, place + 1
    return f"{number(amount, 1 if place else 0)}{NBSP}{_SIZES[place]}"


@register.filter
def said(text: Text) -> str:
    """A text in the reader's language."""
    return text.in_(language_now())


@register.filter
def unbroken(text: str) -> SafeString:
    """The text with the numbers of documents, as 1682/NQ-UBTVQH15, kept on one line."""
    whole = _NUMBER_OF_A_DOCUMENT.sub(r'<span class="nowrap">\g<0></span>', escape(text))
    return mark_safe(whole)  # noqa: S308  escaped above


@register.filter
def nothing(kind: Nothing | str) -> str:
    """The words of a kind of nothing; zero is no kind of nothing."""
    return say(f"web.nothing_{Nothing(kind)}", language_now())


@register.inclusion_tag("shell/nothing.html")
def nothing_mark(kind: Nothing | str) -> dict[str, str]:
    """The mark of a kind of nothing, for tables whose caption says its words once."""
    return {"mark": _MARKS[Nothing(kind)], "words": nothing(kind)}


@register.filter
def marks_in_words(kinds: Iterable[Nothing]) -> str:
    """What the marks of these kinds mean."""
    return "; ".join(f"{_MARKS[kind]}{NBSP}{nothing(kind)}" for kind in kinds)


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """The value under a key that the template knows only at run time."""
    return mapping.get(key)
