"""The SQL that a pack may write in a measure: one expression over the columns of one dataset."""

from functools import lru_cache

import sqlglot
from sqlglot import exp

from vamco.packs.lint.expression import measure_objections
from vamco.vocabulary.errors import Misused


@lru_cache(maxsize=4096)
def expression(text: str, dataset: str, columns: frozenset[str]) -> exp.Expr:
    """The expression as a tree whose columns are quoted; never change it, it is kept.

    Raises `Misused` naming the part that is not allowed: a table, a query, an unknown column or function.
    """
    for part in measure_objections(text, columns):
        raise Misused("indicators.bad_expression", expression=text, part=part, dataset=dataset)
    tree: exp.Expr = sqlglot.parse_one(text, dialect="duckdb")
    return tree.transform(_quoted)


def _quoted(part: exp.Expr) -> exp.Expr:
    return exp.column(part.name, quoted=True) if isinstance(part, exp.Column) else part
