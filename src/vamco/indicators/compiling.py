"""Measures to one SQL tree: those that read the same rows in the same way become columns of one query."""

from collections.abc import Sequence
from typing import Final

from sqlglot import exp

from vamco.indicators.expressions import expression
from vamco.indicators.selecting import PART, PERIOD, UNIT, Selection
from vamco.packs.indicator import Aggregation, Measure
from vamco.vocabulary.errors import Misused

SPLIT_BY: Final = "_split_by"
_EXTREMES: Final = {Aggregation.MAXIMUM: exp.Max, Aggregation.MINIMUM: exp.Min}


def query(selection: Selection, measures: Sequence[Measure]) -> exp.Select:
    """One row for each period and unit, whole (`_split_by` -1) and by each part (its number).

    Measure i has the column `v<i>`, its value. Where that is no count of rows, it has also `n<i>`, rows counted, and
    `x<i>`, rows without a number.
    Raises `Misused` when a measure does not fit the dataset.
    """
    numbers = [column for i, measure in enumerate(measures) for column in _columns(i, measure, selection)]
    parts = [f"{PART}{number}" for number in range(len(selection.parts))]
    # DuckDB truncates a day to a moment, Spark to a day; few groups are made days again sooner than many rows.
    period = exp.alias_(exp.cast(exp.column(PERIOD, "rows"), "DATE"), PERIOD)
    keys = [exp.column(name) for name in (UNIT, *parts)]
    found = exp.select(period, *keys, exp.alias_(_split_by(parts), SPLIT_BY), *numbers)
    return _grouped(found.from_(selection.rows().subquery("rows")), parts)


def _split_by(parts: Sequence[str]) -> exp.Expr:
    if not parts:
        return exp.convert(-1)
    case = exp.Case()
    for number, name in enumerate(parts):
        case = case.when(exp.func("GROUPING", exp.column(name, "rows")).eq(0), exp.convert(number))
    return case.else_(exp.convert(-1))


def _grouped(select: exp.Select, parts: Sequence[str]) -> exp.Select:
    if not parts:
        return select.group_by(*(exp.column(name, "rows") for name in (PERIOD, UNIT)))
    sets = [[PERIOD, UNIT], *([PERIOD, UNIT, part] for part in parts)]
    tuples = [exp.Tuple(expressions=[exp.column(name, "rows") for name in names]) for names in sets]
    select.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=tuples)]))
    return select


def _columns(number: int, measure: Measure, selection: Selection) -> list[exp.Expr]:
    where = _parsed(measure.where, selection)
    value = _parsed(measure.column, selection)
    found = exp.alias_(_value(measure, value, where), f"v{number}")
    if value is None:
        return [found]
    absent = _count(_both(value.is_(exp.null()), where))
    # Numbers are counted by those that are not there: they are few, and the rest is counted anyway.
    counted = _count(where) - absent.copy()
    return [found, exp.alias_(counted, f"n{number}"), exp.alias_(absent, f"x{number}")]


def _both(seldom: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    """What holds for few rows first: the other is then tried for those few only."""
    return seldom if where is None else exp.and_(seldom, where.copy())


def _parsed(text: str | None, selection: Selection) -> exp.Expr | None:
    return None if text is None else expression(text, selection.way.dataset, selection.names).copy()


def _value(measure: Measure, value: exp.Expr | None, where: exp.Expr | None) -> exp.Expr:
    kind = measure.aggregation
    if kind is Aggregation.COUNT:
        return _count(where)
    if value is None:
        raise Misused("indicators.nothing_to_aggregate", dataset=measure.dataset, aggregation=kind)
    if kind is Aggregation.DISTINCT:
        return _filtered(exp.Count(this=exp.Distinct(expressions=[value.copy()])), where)
    if kind is Aggregation.PERCENTILE:
        share = exp.Literal.number(str((measure.percentile or 50) / 100))
        return _filtered(exp.PercentileCont(this=exp.cast(value.copy(), "DOUBLE"), expression=share), where)
    aggregate = _EXTREMES.get(kind, exp.Sum)(this=value.copy())
    return exp.cast(_filtered(aggregate, where), "DOUBLE")


def _count(where: exp.Expr | None) -> exp.Expr:
    """DuckDB counts what a condition holds for in half the time that a filter takes."""
    if where is None:
        return exp.Count(this=exp.Star())
    return exp.cast(exp.CountIf(this=where.copy()), "BIGINT")


def _filtered(aggregate: exp.Expr, where: exp.Expr | None) -> exp.Expr:
    return aggregate if where is None else exp.Filter(this=aggregate, expression=exp.Where(this=where.copy()))
