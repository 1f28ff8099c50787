"""Whether the expression of a rule, measure or formula can be read, and what keeps it from being run."""

from collections.abc import Collection, Iterator
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vamco.packs.contract import Rule
from vamco.packs.indicator import Formula

# Functions that DuckDB and Spark answer alike.
_FUNCTIONS: Final = (
    *(exp.And, exp.Or, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast),
    *(exp.Abs, exp.Round, exp.Greatest, exp.Least),
    *(exp.Length, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.StartsWith, exp.RegexpLike),
    *(exp.Year, exp.Quarter, exp.Month, exp.Day, exp.DateDiff, exp.DateAdd, exp.LastDay, exp.TsOrDsToDate),
    *(exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.Avg),
)
_ARITHMETIC: Final = (exp.Greatest, exp.Least, exp.Coalesce, exp.Case, exp.If, exp.And, exp.Or)
_SERIES_FUNCTIONS: Final = {
    *("SAME_MONTH_MEAN", "SAME_MONTH_SD", "PREVIOUS", "MOVING_SUM", "MOVING_MEAN", "CUMULATIVE"),
}
_READS_TABLES: Final = (exp.Query, exp.Table, exp.Window, exp.Star, exp.Alias)


def objections(rule: Rule, columns: Collection[str]) -> Iterator[str]:
    """The parts of the rule's expression that stop it, as written; all of it when it cannot be read."""
    yield from _objections(rule.holds, rule.scope, columns)


def measure_objections(expression: str | None, columns: Collection[str]) -> Iterator[str]:
    """The parts that stop an expression over the columns of one row; nothing stops no expression."""
    if expression is not None:
        yield from _objections(expression, "row", columns)


def formula_objections(formula: Formula) -> Iterator[str]:
    """The parts that stop a formula, and inputs that it does not use."""
    tree = _parsed(formula.expression)
    if tree is None:
        yield formula.expression
        return
    used = {column.name for column in tree.find_all(exp.Column)}
    yield from sorted(used ^ formula.inputs.keys())
    for part in tree.walk():
        if isinstance(part, exp.Anonymous):
            if part.name.upper() not in _SERIES_FUNCTIONS:
                yield part.sql()
        elif isinstance(part, (*_READS_TABLES, exp.Func)) and not isinstance(part, _ARITHMETIC):
            yield part.sql()


def outputs(sql: str) -> tuple[str, ...]:
    """The names of a query's columns; none when the text is no query."""
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError:
        return ()
    return tuple(tree.named_selects) if isinstance(tree, exp.Query) else ()


def _objections(expression: str, scope: str, columns: Collection[str]) -> Iterator[str]:
    tree = _parsed(expression)
    if tree is None:
        yield expression
    else:
        yield from _inside(tree, scope, columns)


def _parsed(expression: str) -> exp.Expr | None:
    """The one expression that the text is, if it is one."""
    try:
        tree = sqlglot.parse_one(f"SELECT {expression}", dialect="duckdb")
    except SqlglotError:
        return None
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or _has_more(tree):
        return None
    only: exp.Expr = tree.expressions[0]
    return only


def _has_more(select: exp.Select) -> bool:
    return any(value for name, value in select.args.items() if name != "expressions")


def _inside(tree: exp.Expr, scope: str, columns: Collection[str]) -> Iterator[str]:
    for part in tree.walk():
        if isinstance(part, exp.Column):
            stops = (
                part.table or part.name not in columns or (scope == "delivery" and not _is_aggregated(part))
            )
        elif isinstance(part, exp.AggFunc):
            stops = scope == "row" or not isinstance(part, _FUNCTIONS)
        elif isinstance(part, exp.Func):
            stops = not isinstance(part, _FUNCTIONS)
        else:
            stops = isinstance(part, _READS_TABLES) and not _counts_rows(part)
        if stops:
            yield part.sql()


def _is_aggregated(column: exp.Column) -> bool:
    return column.find_ancestor(exp.AggFunc) is not None


def _counts_rows(part: exp.Expr) -> bool:
    return isinstance(part, exp.Star) and isinstance(part.parent, exp.Count)
