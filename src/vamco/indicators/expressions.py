"""The SQL that a pack may write in a measure: one expression over the columns of one dataset."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vamco.vocabulary.errors import Misused

# Functions that DuckDB and Spark answer alike.
_FUNCTIONS: Final = (
    *(exp.And, exp.Or, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast),
    *(exp.Abs, exp.Round, exp.Greatest, exp.Least),
    *(exp.Length, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.StartsWith, exp.RegexpLike),
    *(exp.Year, exp.Quarter, exp.Month, exp.Day, exp.DateDiff, exp.DateAdd, exp.LastDay, exp.TsOrDsToDate),
)
_FORBIDDEN: Final = (exp.Query, exp.Table, exp.Window, exp.Star, exp.Alias, exp.Placeholder, exp.Parameter)


@lru_cache(maxsize=4096)
def expression(text: str, dataset: str, columns: frozenset[str]) -> exp.Expr:
    """The expression as a tree whose columns are quoted; never change it, it is kept.

    Raises `Misused` naming the part that is not allowed: a table, a query, an unknown column or function.
    """
    tree = _parsed(text)
    objections = [text] if tree is None else list(_objections(tree, columns))
    if tree is None or objections:
        raise Misused("indicators.bad_expression", expression=text, part=objections[0], dataset=dataset)
    return tree.transform(
        lambda part: exp.column(part.name, quoted=True) if isinstance(part, exp.Column) else part
    )


def _parsed(text: str) -> exp.Expr | None:
    try:
        tree = sqlglot.parse_one(f"SELECT {text}", dialect="duckdb")
    except SqlglotError:
        return None
    has_more = any(value for name, value in tree.args.items() if name != "expressions")
    if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or has_more:
        return None
    found: exp.Expr = tree.expressions[0]
    return found


def _objections(tree: exp.Expr, columns: Collection[str]) -> Iterator[str]:
    for part in tree.walk():
        if isinstance(part, exp.Column):
            stops = bool(part.table) or part.name not in columns
        elif isinstance(part, exp.Func):
            stops = not isinstance(part, _FUNCTIONS)
        else:
            stops = isinstance(part, _FORBIDDEN)
        if stops:
            yield part.sql("duckdb")
