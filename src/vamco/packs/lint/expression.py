"""Whether the expression of a rule can be read, and what keeps it from being run."""

from collections.abc import Collection, Iterator
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vamco.packs.contract import Rule

# Functions that DuckDB and Spark answer alike.
_FUNCTIONS: Final = (
    *(exp.And, exp.Or, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast),
    *(exp.Abs, exp.Round, exp.Greatest, exp.Least),
    *(exp.Length, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.StartsWith, exp.RegexpLike),
    *(exp.Year, exp.Quarter, exp.Month, exp.Day, exp.DateDiff, exp.DateAdd, exp.LastDay, exp.TsOrDsToDate),
    *(exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.Avg),
)
_READS_TABLES: Final = (exp.Query, exp.Table, exp.Window, exp.Star, exp.Alias)


def objections(rule: Rule, columns: Collection[str]) -> Iterator[str]:
    """The parts of the expression that stop it, as written; all of it when it cannot be read."""
    try:
        tree = sqlglot.parse_one(f"SELECT {rule.holds}", dialect="duckdb")
    except SqlglotError:
        tree = None
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or _has_more(tree):
        yield rule.holds
    else:
        yield from _inside(tree.expressions[0], rule.scope, columns)


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
