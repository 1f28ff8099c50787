"""Numbers, days and tables as the command line shows them to people."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from vamco.flow.command_line import language
from vamco.vocabulary.messages import say

_TO_VIETNAMESE: Final = str.maketrans(",.", ".,")


def number(value: float | Decimal) -> str:
    """12.687 and 97,4 in Vietnamese, 12,687 and 97.4 in English; no zeros that say nothing."""
    plain = format(Decimal(str(value)).normalize(), ",f")
    return plain if language() == "en" else plain.translate(_TO_VIETNAMESE)


def score(points: float) -> str:
    """A quality score out of 100, to one decimal; never rounded up to a full 100."""
    return number(round(min(points, 99.9) if points < 100 else points, 1))


def day(value: date) -> str:
    """22/11/2026; in English 22 Nov 2026."""
    return f"{value:%d/%m/%Y}" if language() == "vi" else f"{value.day} {value:%b %Y}"


def cell(value: Any) -> str:
    """A value as people read it; nothing is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("flow.value_true" if value else "flow.value_false", language())
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%H:%M} {day(local)}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    return str(value)


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """The lines of a table, header first: columns aligned, numbers to the right."""
    written = [[cell(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *written, strict=True)]
    to_right = [_is_numeric(column) for column in zip(*rows, strict=True)] or [False] * len(header)
    for line in (header, *written):
        cells = zip(line, widths, to_right, strict=True)
        yield "  ".join(t.rjust(w) if right else t.ljust(w) for t, w, right in cells).rstrip()


def _is_numeric(column: Sequence[Any]) -> bool:
    values = [value for value in column if value is not None]
    return bool(values) and all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in values
    )
