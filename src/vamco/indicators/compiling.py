"""Measures to SQL trees: those that read the same rows in the same way become columns of one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlglot import exp

from vamco.indicators.expressions import expression
from vamco.indicators.periods import Days, merged
from vamco.packs.indicator import Aggregation, Measure
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.warehouse.schema import Schema

PERIOD, UNIT, PART = "period_start_on", "unit_id", "part"
_TRUNCATED: Final = {
    PeriodType.WEEK: "WEEK",
    PeriodType.MONTH: "MONTH",
    PeriodType.QUARTER: "QUARTER",
    PeriodType.YEAR: "YEAR",
}
_WHOLE_NUMBERS: Final = ("BIGINT", "INTEGER")
_MOMENTS: Final = ("DATE", "TIMESTAMP")
_DAY: Final = timedelta(days=1)
_NO_DAY: Final = exp.cast(exp.null(), "DATE")

Origin = tuple[int, int, int, date | None]
"""(delivery_id, delivery_part, ledger's seq, first day of the delivery's period)."""


@dataclass(frozen=True, slots=True)
class Way:
    """How rows are read and grouped; measures of the same way share one query.

    `by_value` groups by the time column itself, as stocks need. `homes_on` is the day on whose map rows are
    grouped by the unit that they lie in, where figures of parts cannot be put together.
    """

    dataset: str
    time: str | None
    unit: str | None
    latest_by: tuple[str, ...]
    period_type: PeriodType
    part: str = ""  # column of a breakdown; empty for the whole
    by_value: bool = False
    homes_on: date | None = None
    level: str = ""  # of the homes


@dataclass(frozen=True, slots=True)
class Homes:
    """Which unit of a map the rows of a unit are counted in; `default` is for rows without a unit."""

    pairs: tuple[tuple[str, str], ...]
    default: str | None = None


def query(
    way: Way,
    measures: Sequence[Measure],
    schema: Schema,
    periods: Iterable[Period],
    origins: Sequence[Origin],
    homes: Homes | None = None,
) -> exp.Select:
    """One row for each period, unit and part: per measure `v<i>`, `n<i>` rows counted, `x<i>` without a number.

    Raises `Misused` when a measure does not fit the dataset.
    """
    wanted = sorted(set(periods))
    reader = _Reader(way, schema, wanted, merged((p.start_on, p.end_on) for p in wanted))
    reader.require_columns()
    columns = [column for i, measure in enumerate(measures) for column in reader.columns_of(i, measure)]
    keys = [reader.period(), reader.unit(homes), reader.part()]
    found = exp.select(*keys, *columns)
    found = reader.from_rows(found, origins)
    if homes is not None:
        found = found.join(
            _table(homes.pairs, "homes", "home_of", "home"),
            on=_same("home_of", reader.unit_column),
            join_type="left",
        )
    return found.group_by(*(exp.Literal.number(place) for place in (1, 2, 3)))


def touched(way: Way, schema: Schema, entries: Sequence[tuple[int, int]]) -> exp.Select:
    """The days (or years) on which rows of those entries lie: also of older rows of the same keys."""
    changed = exp.Tuple(expressions=[_column("delivery_id"), _column("delivery_part")]).isin(
        *map(exp.convert, entries)
    )
    if way.latest_by:
        keys = [_column(name) for name in way.latest_by]
        same = exp.select(*keys).from_(_dataset(way.dataset)).where(changed)
        changed = exp.In(this=exp.Tuple(expressions=[k.copy() for k in keys]), query=same.subquery())
    time: exp.Expr = _column(way.time or "")
    if _type(schema, way.time or "") not in _WHOLE_NUMBERS:
        time = exp.cast(time, "DATE")
    return exp.select(time).distinct().from_(_dataset(way.dataset)).where(changed)


def is_year(schema: Schema, time: str) -> bool:
    """Whether the time column holds years as whole numbers."""
    return _type(schema, time) in _WHOLE_NUMBERS


@dataclass(frozen=True, slots=True)
class _Reader:
    way: Way
    schema: Schema
    periods: list[Period]
    spans: list[Days]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(column.name for column in self.schema.columns)

    @property
    def unit_column(self) -> str:
        """The column with the unit's key, which intake found on the map of the row's day."""
        return f"{self.way.unit}__unit"

    def require_columns(self) -> None:
        way = self.way
        named = [*way.latest_by, *filter(None, [way.time, way.part])]
        if way.unit:
            named.append(self.unit_column)
        if absent := [name for name in named if name not in self.names]:
            raise Misused("indicators.no_column", dataset=way.dataset, columns=absent)
        if way.time and _type(self.schema, way.time) not in (*_WHOLE_NUMBERS, *_MOMENTS):
            raise Misused("indicators.time_is_no_time", dataset=way.dataset, column=way.time)

    def columns_of(self, number: int, measure: Measure) -> list[exp.Expr]:
        where = self._parsed(measure.where) if measure.where else None
        value = self._parsed(measure.column) if measure.column else None
        counted = value if value is not None else exp.Star()
        present = None if value is None else value.is_(exp.null())
        absent = exp.convert(0) if present is None else _count(exp.Star(), _all(where, present))
        return [
            exp.alias_(_value(measure, value, where), f"v{number}"),
            exp.alias_(_count(counted, where), f"n{number}"),
            exp.alias_(absent, f"x{number}"),
        ]

    def period(self) -> exp.Expr:
        return exp.alias_(self._period(), PERIOD)

    def _period(self) -> exp.Expr:
        way = self.way
        if way.time is None:
            return exp.column("entry_start_on")
        time = _column(way.time)
        if _type(self.schema, way.time) in _WHOLE_NUMBERS:
            return exp.DateFromParts(year=exp.cast(time, "INT"), month=exp.convert(1), day=exp.convert(1))
        day = time if _type(self.schema, way.time) == "DATE" else exp.cast(time, "DATE")
        if way.by_value or way.period_type is PeriodType.DAY:
            return day
        if way.period_type in _TRUNCATED:
            unit = exp.Literal.string(_TRUNCATED[way.period_type])
            return exp.cast(exp.func("DATE_TRUNC", unit, exp.cast(time, "DATE"), dialect="duckdb"), "DATE")
        return self._period_by_case(day)

    def _period_by_case(self, day: exp.Expr) -> exp.Expr:
        """Periods that no function of SQL cuts, named one by one."""
        case = exp.Case()
        for period in self.periods:
            case = case.when(
                day.copy().between(_literal(period.start_on), _literal(period.end_on)),
                _literal(period.start_on),
            )
        return case.else_(_NO_DAY.copy())

    def unit(self, homes: Homes | None) -> exp.Expr:
        if homes is not None:
            home = exp.column("home")
            unit: exp.Expr = exp.func("COALESCE", home, exp.convert(homes.default)) if homes.default else home
        else:
            unit = _column(self.unit_column) if self.way.unit else exp.cast(exp.null(), "VARCHAR")
        return exp.alias_(unit, UNIT)

    def part(self) -> exp.Expr:
        if not self.way.part:
            return exp.alias_(exp.convert(""), PART)
        text = exp.func("COALESCE", exp.cast(_column(self.way.part), "VARCHAR"), exp.convert(""))
        return exp.alias_(text, PART)

    def from_rows(self, select: exp.Select, origins: Sequence[Origin]) -> exp.Select:
        way = self.way
        if way.latest_by:
            select = select.from_(self._latest(origins).subquery("latest")).where(exp.column("recency").eq(1))
            return select.where(self._in_time())
        select = select.from_(_dataset(way.dataset))
        if way.time is None:
            return _with_entries(select, [o for o in origins if o[3] is not None])
        return select.where(self._in_time())

    def _latest(self, origins: Sequence[Origin]) -> exp.Select:
        """All rows of the keys that have a row in the time asked for, the one delivered last first."""
        keys = [_column(name) for name in self.way.latest_by]
        order = exp.Order(expressions=[exp.Ordered(this=_by(n), desc=True) for n in ("entry_seq", "row_no")])
        recency = exp.Window(this=exp.RowNumber(), partition_by=keys, order=order)
        stored = [_column(c.name) for c in self.schema.columns]
        select = exp.select(*stored, exp.column("entry_start_on"), exp.alias_(recency, "recency"))
        select = _with_entries(select.from_(_dataset(self.way.dataset)), origins)
        near = exp.select(*(k.copy() for k in keys)).from_(_dataset(self.way.dataset))
        if self.way.time is None:
            near = _with_entries(near, [o for o in origins if o[3] is not None])
        near = near.where(self._in_time())
        return select.where(
            exp.In(this=exp.Tuple(expressions=[k.copy() for k in keys]), query=near.subquery())
        )

    def _in_time(self) -> exp.Expr:
        time = self.way.time
        if time is None:
            return exp.or_(
                *(exp.column("entry_start_on").between(_literal(a), _literal(b)) for a, b in self.spans)
            )
        kind = _type(self.schema, time)
        if kind in _WHOLE_NUMBERS:
            return exp.or_(*(_column(time).between(a.year, b.year) for a, b in self.spans))
        return exp.or_(
            *(
                exp.and_(_column(time) >= _literal(a), _column(time) < _literal(b + _DAY))
                for a, b in self.spans
            )
        )

    def _parsed(self, text: str) -> exp.Expr:
        return expression(text, self.way.dataset, self.names).copy()


def _value(measure: Measure, value: exp.Expr | None, where: exp.Expr | None) -> exp.Expr:
    if measure.aggregation is Aggregation.COUNT:
        return _count(exp.Star(), where)
    if value is None:
        raise Misused(
            "indicators.nothing_to_aggregate", dataset=measure.dataset, aggregation=measure.aggregation
        )
    if measure.aggregation is Aggregation.DISTINCT:
        return _count(exp.Distinct(expressions=[value.copy()]), where)
    if measure.aggregation is Aggregation.PERCENTILE:
        share = exp.Literal.number(str((measure.percentile or 50) / 100))
        number = exp.cast(value.copy(), "DOUBLE")
        return _filtered(exp.PercentileCont(this=number, expression=share), where)
    kind = {Aggregation.MAXIMUM: exp.Max, Aggregation.MINIMUM: exp.Min}.get(measure.aggregation, exp.Sum)
    return exp.cast(_filtered(kind(this=value.copy()), where), "DOUBLE")


def _count(what: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    return _filtered(exp.Count(this=what.copy()), where)


def _filtered(aggregate: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    return aggregate if where is None else exp.Filter(this=aggregate, expression=exp.Where(this=where.copy()))


def _all(*conditions: exp.Expr | None) -> exp.Expr:
    return exp.and_(*(condition.copy() for condition in conditions if condition is not None))


def _with_entries(select: exp.Select, origins: Sequence[Origin]) -> exp.Select:
    table = _table(origins, "entries", "entry_id", "entry_part", "entry_seq", "entry_start_on")
    on = exp.and_(_same("entry_id", "delivery_id"), _same("entry_part", "delivery_part"))
    return select.join(table, on=on)


def _table(rows: Sequence[tuple[object, ...]], name: str, *columns: str) -> exp.Expr:
    values = [exp.Tuple(expressions=[_literal(cell) for cell in row]) for row in rows]
    alias = exp.TableAlias(this=exp.to_identifier(name), columns=[exp.to_identifier(c) for c in columns])
    return exp.Values(expressions=values, alias=alias)


def _literal(value: object) -> exp.Expr:
    return _NO_DAY.copy() if value is None else exp.convert(value)


def _same(ours: str, theirs: str) -> exp.Expr:
    return exp.column(ours).eq(_column(theirs))


def _by(name: str) -> exp.Expr:
    return exp.column(name)


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _dataset(dataset: str) -> exp.Table:
    pack, _, name = dataset.partition(".")
    return exp.table_(name, pack, quoted=True)


def _type(schema: Schema, name: str) -> str:
    return next((column.type for column in schema.columns if column.name == name), "")
