"""Which periods days fall into, and which days periods make together."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from vamco.vocabulary.errors import VamcoError
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.warehouse.view import Entry

Days = tuple[date, date]
"""First and last day, both inside."""
_DAY = timedelta(days=1)


def overlapping(type: PeriodType, spans: Iterable[Days]) -> set[Period]:  # noqa: A002
    """Every period of the type that has a day in one of the spans; no range does."""
    found: set[Period] = set()
    if type is PeriodType.RANGE:
        return found
    for start_on, end_on in merged(spans):
        found.update(_covering(type, start_on, end_on))
    return found


def merged(spans: Iterable[Days]) -> list[Days]:
    """The same days as spans in order that neither touch nor overlap."""
    whole: list[Days] = []
    for start_on, end_on in sorted(spans):
        if whole and start_on <= whole[-1][1] + _DAY:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end_on))
        else:
            whole.append((start_on, end_on))
    return whole


def period_of(entry: Entry, type: PeriodType) -> Period | None:  # noqa: A002
    """The period of the type that all of the delivery's days belong to, if there is one."""
    own = _own_period(entry)
    if own is not None and own.type is type:
        return own
    if type is PeriodType.RANGE:
        return None
    found = Period.covering(type, entry.start_on)
    return found if found.start_on <= entry.start_on and entry.end_on <= found.end_on else None


def _own_period(entry: Entry) -> Period | None:
    try:
        return Period.parse(entry.period)
    except VamcoError:
        return None


def _covering(type: PeriodType, start_on: date, end_on: date) -> Iterator[Period]:  # noqa: A002
    period = Period.covering(type, start_on)
    while period.start_on <= end_on:
        yield period
        period = period.next()
