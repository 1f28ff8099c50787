"""Which rows a measure counts, each with the period, the unit and the parts that it belongs to, as an SQL tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlglot import exp

from vamco.indicators.periods import Days, merged
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.warehouse.schema import Schema

PERIOD, UNIT, PART = "_period", "_unit", "_part"
"""Names that no contract gives a column: they begin with an underscore."""
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
"""(delivery_id, delivery_part, ledger's seq, first day of the delivery's period if that is asked for)."""


@dataclass(frozen=True, slots=True)
class Way:
    """How rows are read and grouped; measures of the same way share one query.

    `by_value` groups by the time column itself, as stocks need. `homes_on` is the day on whose map rows are
    grouped by the unit of the `level` that they lie in, where figures of parts cannot be put together.
    """

    dataset: str
    time: str | None
    unit: str | None
    latest_by: tuple[str, ...]
    period_type: PeriodType
    by_value: bool = False
    homes_on: date | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Homes:
    """Which unit of a map the rows of a unit are counted in; `default` is for rows without a unit."""

    pairs: tuple[tuple[str, str], ...]
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a dataset that lie in some periods. Raises `Misused` when the dataset lacks a column."""

    way: Way
    schema: Schema
    periods: Sequence[Period]
    origins: Sequence[Origin]
    homes: Homes | None = None
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        way = self.way
        named = [*way.latest_by, *self.parts, *([way.time] if way.time else [])]
        named += [unit_column(way)] if way.unit else []
        if absent := [name for name in named if name not in self.names]:
            raise Misused("indicators.no_column", dataset=way.dataset, columns=absent)
        if way.time and _type(self.schema, way.time) not in (*_WHOLE_NUMBERS, *_MOMENTS):
            raise Misused("indicators.time_is_no_time", dataset=way.dataset, column=way.time)

    @property
    def names(self) -> frozenset[str]:
        """The dataset's columns."""
        return frozenset(column.name for column in self.schema.columns)

    def rows(self) -> exp.Select:
        """All columns of the rows, and their keys; the period's may be a moment."""
        keys = [exp.alias_(self._period(), PERIOD), exp.alias_(self._unit(), UNIT)]
        keys += [exp.alias_(_text(name), f"{PART}{n}") for n, name in enumerate(self.parts)]
        columns = [column(name.name) for name in self.schema.columns]
        rows = self._from(exp.select(*columns, *keys))
        if self.homes is None:
            return rows
        homes = _values(self.homes.pairs, "homes", "home_of", "home")
        return rows.join(homes, on=_same("home_of", unit_column(self.way)), join_type="left")

    def _period(self) -> exp.Expr:
        way = self.way
        if way.time is None:
            return exp.column("entry_start_on")
        kind = _type(self.schema, way.time)
        if kind in _WHOLE_NUMBERS:
            year = exp.cast(column(way.time), "INT")
            return exp.DateFromParts(year=year, month=exp.convert(1), day=exp.convert(1))
        day = column(way.time) if kind == "DATE" else exp.cast(column(way.time), "DATE")
        if way.by_value or way.period_type is PeriodType.DAY:
            return day
        if way.period_type in _TRUNCATED:
            unit = exp.Literal.string(_TRUNCATED[way.period_type])
            return exp.func("DATE_TRUNC", unit, exp.cast(day, "DATE"), dialect="duckdb")
        return self._period_by_case(day)

    def _period_by_case(self, day: exp.Expr) -> exp.Expr:
        """Periods that no function of SQL cuts, named one by one."""
        case = exp.Case()
        for period in self.periods:
            within = day.copy().between(_literal(period.start_on), _literal(period.end_on))
            case = case.when(within, _literal(period.start_on))
        return case.else_(_NO_DAY.copy())

    def _unit(self) -> exp.Expr:
        if self.homes is not None:
            home = exp.column("home")
            return exp.func("COALESCE", home, exp.convert(self.homes.default)) if self.homes.default else home
        return column(unit_column(self.way)) if self.way.unit else exp.cast(exp.null(), "VARCHAR")

    def _from(self, select: exp.Select) -> exp.Select:
        if self.way.latest_by:
            latest = self._by_recency().subquery("latest")
            return select.from_(latest).where(exp.column("recency").eq(1), self._in_time())
        select = select.from_(_dataset(self.way.dataset))
        if self.way.time is None:
            return _with_entries(select, self._asked_for())
        return select.where(self._in_time())

    def _by_recency(self) -> exp.Select:
        """All rows of the keys that have a row in the time asked for; the one delivered last has recency 1."""
        keys = [column(name) for name in self.way.latest_by]
        newest = [exp.Ordered(this=exp.column(name), desc=True) for name in ("entry_seq", "row_no")]
        order = exp.Order(expressions=newest)
        recency = exp.Window(this=exp.RowNumber(), partition_by=keys, order=order)
        columns = [*(column(c.name) for c in self.schema.columns), exp.column("entry_start_on")]
        select = exp.select(*columns, exp.alias_(recency, "recency")).from_(_dataset(self.way.dataset))
        near = exp.select(*keys).from_(_dataset(self.way.dataset))
        if self.way.time is None:
            near = _with_entries(near, self._asked_for())
        return _with_entries(select, self.origins).where(_one_of(keys, near.where(self._in_time())))

    def _asked_for(self) -> list[Origin]:
        return [origin for origin in self.origins if origin[3] is not None]

    def _in_time(self) -> exp.Expr:
        spans = merged((period.start_on, period.end_on) for period in self.periods)
        if self.way.time is None:
            return exp.or_(
                *(exp.column("entry_start_on").between(_literal(a), _literal(b)) for a, b in spans)
            )
        return _within(self.way.time, _type(self.schema, self.way.time), spans)


def days_of(way: Way, schema: Schema, entries: Sequence[tuple[int, int]]) -> exp.Select:
    """The days (or years) on which rows of those entries lie, and other rows of the same `latest_by` keys."""
    time: exp.Expr = column(way.time or "")
    if not is_year(schema, way.time or ""):
        time = exp.cast(time, "DATE")
    both = exp.Tuple(expressions=[column("delivery_id"), column("delivery_part")])
    changed: exp.Expr = both.isin(*map(exp.convert, entries))
    if way.latest_by:
        keys = [column(name) for name in way.latest_by]
        changed = _one_of(keys, exp.select(*keys).from_(_dataset(way.dataset)).where(changed))
    return exp.select(time).distinct().from_(_dataset(way.dataset)).where(changed)


def is_year(schema: Schema, time: str) -> bool:
    """Whether the time column holds years as whole numbers."""
    return _type(schema, time) in _WHOLE_NUMBERS


def unit_column(way: Way) -> str:
    """The column with the unit's key, which intake found on the map of the row's day."""
    return f"{way.unit}__unit"


def column(name: str) -> exp.Column:
    """A column by its own name, whatever it is."""
    return exp.column(name, quoted=True)


def _within(time: str, kind: str, spans: Sequence[Days]) -> exp.Expr:
    if kind in _WHOLE_NUMBERS:
        return exp.or_(*(column(time).between(a.year, b.year) for a, b in spans))
    return exp.or_(
        *(exp.and_(column(time) >= _literal(a), column(time) < _literal(b + _DAY)) for a, b in spans)
    )


def _text(name: str) -> exp.Expr:
    return exp.func("COALESCE", exp.cast(column(name), "VARCHAR"), exp.convert(""))


def _one_of(keys: Sequence[exp.Expr], query: exp.Select) -> exp.Expr:
    return exp.In(this=exp.Tuple(expressions=[key.copy() for key in keys]), query=query.subquery())


def _with_entries(select: exp.Select, origins: Sequence[Origin]) -> exp.Select:
    entries = _values(origins, "entries", "entry_id", "entry_part", "entry_seq", "entry_start_on")
    return select.join(
        entries, on=exp.and_(_same("entry_id", "delivery_id"), _same("entry_part", "delivery_part"))
    )


def _values(rows: Sequence[tuple[object, ...]], name: str, *columns: str) -> exp.Expr:
    tuples = [exp.Tuple(expressions=[_literal(value) for value in row]) for row in rows]
    alias = exp.TableAlias(this=exp.to_identifier(name), columns=[exp.to_identifier(c) for c in columns])
    return exp.Values(expressions=tuples, alias=alias)


def _literal(value: object) -> exp.Expr:
    return _NO_DAY.copy() if value is None else exp.convert(value)


def _same(ours: str, theirs: str) -> exp.Expr:
    return exp.column(ours).eq(column(theirs))


def _dataset(dataset: str) -> exp.Table:
    pack, _, name = dataset.partition(".")
    return exp.table_(name, pack, quoted=True)


def _type(schema: Schema, name: str) -> str:
    return next((column.type for column in schema.columns if column.name == name), "")
