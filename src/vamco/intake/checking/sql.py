"""Small pieces of DuckDB SQL. What comes from people is quoted here or bound; nothing is pasted."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import duckdb
from sqlglot import exp

_OTHER_SPACES: Final = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"


def name(text: str) -> str:
    """A quoted identifier."""
    return exp.to_identifier(text, quoted=True).sql("duckdb")


def literal(value: Any) -> str:
    """A value as a literal."""
    return exp.convert(value).sql("duckdb")


def literals(values: Iterable[Any]) -> str:
    """Values as a list in parentheses, for IN."""
    return f"({', '.join(map(literal, values))})"


def fits(text: str, pattern: str) -> str:
    """Whether the whole text fits the regular expression."""
    return f"regexp_full_match({text}, {literal(pattern)})"


def with_plain_spaces(text: str) -> str:
    """The text with a plain space for each no-break, narrow no-break or thin one."""
    return f"translate({text}, {literal(_OTHER_SPACES)}, {literal(' ' * len(_OTHER_SPACES))})"


def named(expression: str, alias: str) -> str:
    """An expression of a SELECT with its name."""
    return f"{expression} AS {name(alias)}"


def select(columns: Sequence[str], source: str, where: str = "", group_by: str = "", having: str = "") -> str:
    """A SELECT of expressions that this package built."""
    clauses = {
        "SELECT": ", ".join(columns),
        "FROM": source,
        "WHERE": where,
        "GROUP BY": group_by,
        "HAVING": having,
    }
    return " ".join(f"{keyword} {clause}" for keyword, clause in clauses.items() if clause)


def within(query: str, alias: str) -> str:
    """A query as the source of another."""
    return f"({query}) AS {name(alias)}"


def cases(*branches: tuple[str, str], otherwise: str = "NULL") -> str:
    """CASE: the result of the first condition that holds."""
    whens = " ".join(f"WHEN {condition} THEN {result}" for condition, result in branches)
    return f"CASE {whens} ELSE {otherwise} END" if whens else otherwise


def any_of(conditions: Iterable[str]) -> str:
    """True where one of the conditions holds; never null when they are not."""
    return " OR ".join(f"({condition})" for condition in conditions) or "FALSE"


def create_table(table: str, query: str) -> str:
    """A table of a query's rows, in the place of one of that name."""
    return f"CREATE OR REPLACE TABLE {table} AS {query}"


def create_view(view: str, query: str) -> str:
    """A view of a query."""
    return f"CREATE OR REPLACE VIEW {view} AS {query}"


def create_empty(table: str, columns: str) -> str:
    """A table without rows; `columns` as SQL declares them."""
    return f"CREATE OR REPLACE TABLE {table} ({columns})"


def empty(table: str) -> str:
    """Take all rows out of a table."""
    return f"TRUNCATE {table}"


def insert(table: str, query: str) -> str:
    """Add a query's rows to a table."""
    return f"INSERT INTO {table} {query}"


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows to a table, a whole column at a time: DuckDB is slow row by row."""
    if not rows:
        return
    columns = {f"column_{place}": list(column) for place, column in enumerate(zip(*rows, strict=True))}
    unnested = ", ".join(f"unnest(${column})" for column in columns)
    connection.execute(f"INSERT INTO {table} SELECT {unnested}", columns)
