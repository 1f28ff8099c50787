"""Writing the observation ledger: only a figure that changed gets a new vintage, which says why.

Rows go in and out as plain tuples: thirty thousand model instances take longer than computing the figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isclose
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from vamco.indicators import digests
from vamco.indicators.digests import Scope
from vamco.indicators.models import Observation, Reach, Run, Why
from vamco.indicators.row import Row
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

_COLUMNS: Final = (*Row._fields, "known_since_at", "superseded_at", "why", "run_id")
_CHUNK: Final = 500
_EXACT: Final = 1e-9  # sums of doubles differ in their last digits with the order of rows

Reasons = Mapping[tuple[str, str], Why]
"""(indicator, period) → why its figures change; late rows where nothing is said."""


class Live(NamedTuple):
    """A vintage that is not superseded, as far as it can change."""

    id: int
    indicator: str
    definition_version: int
    unit_id: str
    period: str
    breakdown: str
    numerator: float | None
    denominator: float | None
    value: float | None
    status: str
    n_rows: int
    n_excluded: int
    coverage: float
    estimated_share: float


Key = tuple[str, str, str, str]
"""Indicator, unit, period and breakdown."""


@dataclass
class Recorded:
    """What a recording changed."""

    n_rows: int = 0
    n_changed: int = 0
    changed: dict[str, set[Period]] = field(default_factory=lambda: defaultdict(set))


def record(
    run: Run,
    rows: Sequence[Row],
    *,
    scope: Scope | None = None,
    reasons: Reasons | None = None,
    at: datetime | None = None,
) -> Recorded:
    """Add a vintage for each row that differs from the live one, in one transaction; the second time, nothing.

    Live figures of the scope (by default the rows' own indicators and periods) that have no row are withdrawn.
    The vintages are known since `at` (now, when None), but never since before what was recorded last.
    """
    scope = scope if scope is not None else _scope_of(rows)
    with transaction.atomic():
        lock()
        news = digests.News(rows, scope)
        live = dict(_live(news.scope))
        superseded, fresh = _differences(live, news.rows, reasons or {})
        if fresh:
            since = _after_the_last(at or timezone.now())
            _supersede(superseded, since)
            _insert(run, fresh, since)
        news.keep()
    recorded = Recorded(len(rows), len(fresh))
    for row, _ in fresh:
        recorded.changed[row.indicator].add(Period.parse(row.period))
    return recorded


def _after_the_last(at: datetime) -> datetime:
    last = Observation.objects.aggregate(last=Max("known_since_at"))["last"]
    return max(at, last) if last else at


def lock() -> None:
    """Wait until this transaction is the only one that writes figures."""
    Reach.objects.select_for_update().get_or_create(indicator="", dataset="")


def _scope_of(rows: Iterable[Row]) -> dict[str, set[Period]]:
    named = {(row.indicator, row.period) for row in rows}
    scope: defaultdict[str, set[Period]] = defaultdict(set)
    for indicator, period in named:
        scope[indicator].add(Period.parse(period))
    return scope


def _live(scope: Scope) -> Iterator[tuple[Key, Live]]:
    for indicator, periods in scope.items():
        names = {str(period): period for period in periods}
        if not names:
            continue
        first, last = (pick(p.start_on for p in names.values()) for pick in (min, max))
        found = Observation.objects.filter(
            indicator=indicator, start_on__gte=first, start_on__lte=last, superseded_at=None
        )
        for values in found.values_list(*Live._fields):
            row = Live._make(values)
            if row.period in names:
                yield (indicator, row.unit_id, row.period, row.breakdown), row


def _differences(
    live: dict[Key, Live], rows: Iterable[Row], reasons: Reasons
) -> tuple[list[int], list[tuple[Row, Why]]]:
    """The vintages that are over, and the rows that take their place or are new."""
    superseded: list[int] = []
    fresh: list[tuple[Row, Why]] = []
    given: dict[Key, Row] = {}
    for row in rows:
        key = (row.indicator, row.unit_id, row.period, row.breakdown)
        given[key] = row
        old = live.get(key)
        if old is None:
            fresh.append((row, Why.FIRST))
        elif not _says_the_same(old, row):
            superseded.append(old.id)
            fresh.append((row, _why(old, row, reasons)))
    gone = [old for key, old in live.items() if key not in given and old.status != ObservationStatus.MISSING]
    for old, row in _withdrawn(gone, given):
        superseded.append(old.id)
        fresh.append((row, Why.WITHDRAWN))
    return superseded, fresh


def _says_the_same(old: Live, row: Row) -> bool:
    """The order is that of `Live`, from numerator on."""
    before = (old.definition_version, *old[6:])
    after = (row.definition_version, *row[8:16])
    return before == after or all(map(_equal, before, after))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=_EXACT)
    return bool(one == other)


def _why(old: Live, row: Row, reasons: Reasons) -> Why:
    if old.definition_version != row.definition_version:
        return Why.NEW_DEFINITION
    return reasons.get((row.indicator, row.period), Why.LATE_ROWS)


def _withdrawn(gone: Sequence[Live], given: Mapping[Key, Row]) -> Iterator[tuple[Live, Row]]:
    """A figure without its data is missing; a part of a whole that is still known is nothing of it: zero."""
    by_id = {row.pk: row for row in _rows_of([old.id for old in gone])}
    for old in gone:
        whole = given.get((old.indicator, old.unit_id, old.period, ""))
        is_zero = bool(old.breakdown) and whole is not None and whole.numerator is not None
        before = by_id[old.id]
        row = Row(*(getattr(before, name) for name in Row._fields))
        number = 0.0 if is_zero else None
        value, status = _of_nothing(row, is_zero=is_zero)
        yield (
            old,
            row._replace(
                numerator=number,
                denominator=0.0 if is_zero and row.denominator is not None else None,
                value=value,
                status=status,
                n_rows=0,
                n_excluded=0,
                coverage=whole.coverage if whole else 0.0,
                estimated_share=0.0,
            ),
        )


def _rows_of(ids: Sequence[int]) -> Iterator[Observation]:
    for first in range(0, len(ids), _CHUNK):
        yield from Observation.objects.filter(pk__in=ids[first : first + _CHUNK])


def _of_nothing(row: Row, *, is_zero: bool) -> tuple[float | None, str]:
    if not is_zero:
        return None, ObservationStatus.MISSING.value
    if row.denominator is not None:
        return None, ObservationStatus.NOT_APPLICABLE.value
    return 0.0, ObservationStatus.NORMAL.value


def _supersede(ids: Sequence[int], at: datetime) -> None:
    for first in range(0, len(ids), _CHUNK):
        Observation.objects.filter(pk__in=ids[first : first + _CHUNK]).update(superseded_at=at)


def _insert(run: Run, fresh: Sequence[tuple[Row, Why]], at: datetime) -> None:
    if not fresh:
        return
    moment = connection.ops.adapt_datetimefield_value(at)
    days = {day for row, _ in fresh for day in (row.start_on, row.end_on, row.map_on)}
    written = {day: connection.ops.adapt_datefield_value(day) for day in days}
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, _COLUMNS))
    places = ", ".join(["%s"] * len(_COLUMNS))
    statement = f"INSERT INTO {quote(Observation._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    values = (
        (
            *row[:5], written[row.start_on], written[row.end_on], *row[7:16], written[row.map_on],
            moment, None, why.value, run.pk,
        )
        for row, why in fresh
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(values))
