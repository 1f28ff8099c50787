"""One query tree, two dialects: over the files of views for DuckDB, over Iceberg tables for Spark Connect.

A tree names datasets as tables, `<pack>.<dataset>`, and keeps to the SQL that DuckDB 1.5 and 2.0
and Spark share: explicit GROUP BY and ORDER BY, `round()` on sums of doubles, moments in UTC
without a zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlglot import exp, parse_one

from vamco.vocabulary.errors import Misused
from vamco.warehouse.iceberg.naming import at_version
from vamco.warehouse.schema import Column, Schema
from vamco.warehouse.view import View

_NOT_HIDDEN: Final = """NOT EXISTS (
    SELECT 1 FROM (SELECT UNNEST($hidden_ids) AS id, UNNEST($hidden_parts) AS part) AS hidden
    WHERE hidden.id = stored.delivery_id AND hidden.part = stored.delivery_part)"""


@dataclass(frozen=True, slots=True)
class Source:
    """A view as DuckDB reads it: local paths of the files that it shows in whole, and in part."""

    view: View
    whole: tuple[str, ...]
    mixed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL for DuckDB and the values of its parameters."""

    sql: str
    parameters: Mapping[str, Any]


def datasets_of(query: exp.Expr) -> tuple[str, ...]:
    """Names of the datasets that a query reads. Raises `Misused` when it does more than that."""
    if not isinstance(query, exp.Query):
        raise Misused("warehouse.not_a_query", query=query.sql("duckdb"))
    return tuple(sorted({f"{t.db}.{t.name}" for t in _tables(query)}))


def filled(query: exp.Expr, values: Mapping[str, Any]) -> exp.Expr:
    """The query with its placeholders (`:name`) replaced by literals."""
    return exp.replace_placeholders(query, **values)


def for_duckdb(query: exp.Expr, sources: Mapping[str, Source]) -> Compiled:
    """The query over the files of those sources (by dataset)."""
    query = query.copy()
    parameters: dict[str, Any] = {}
    for number, table in enumerate(_tables(query)):
        inner, values = _over_files(sources[f"{table.db}.{table.name}"], str(number))
        table.replace(inner.subquery(table.alias or table.name, copy=False))
        parameters |= values
    return Compiled(query.sql("duckdb"), parameters)


def for_spark(query: exp.Expr, catalogue: str, versions: Mapping[str, int]) -> str:
    """The query over the tables of an Iceberg catalogue, at those versions of the ledger (by dataset).

    The version is part of the table's name: engines load a table several times for one query, and
    their VERSION AS OF finds only the versions that the table still lists.
    """
    query = query.copy()
    for table in _tables(query):
        dataset = f"{table.db}.{table.name}"
        namespace, name = at_version(dataset, versions[dataset])
        named = exp.table_(name, namespace, catalogue, quoted=True)
        named.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias or table.name)))
        table.replace(named)
    return query.sql("spark")


def read_parquet(files: exp.Expr, schema: Schema) -> exp.Select:
    """The stored columns of files; fields are found by id, and one that a file lacks is null."""
    columns = [exp.column(c.name, quoted=True) for c in schema.stored]
    known = exp.EQ(this=exp.column("schema"), expression=exp.var(_parquet_schema(schema.stored)))
    scan = exp.Table(this=exp.ReadParquet(expressions=[files, known]))
    return exp.select(*columns).from_(exp.alias_(scan, "stored", table=True))


@cache
def _parquet_schema(columns: tuple[Column, ...]) -> str:
    """DuckDB's map of field id to name and type, as text: parsing it anew took half of a small query."""
    fields = (
        f"{c.field_id}: {{'name': {exp.Literal.string(c.name).sql('duckdb')}, 'type': '{c.type}', 'default_value': NULL}}"
        for c in columns
    )
    return f"MAP {{{', '.join(fields)}}}"


def _tables(query: exp.Expr) -> list[exp.Table]:
    """The tables that are datasets, not common table expressions. Raises `Misused` for anything else."""
    within = {cte.alias for cte in query.find_all(exp.CTE)}
    tables = [t for t in query.find_all(exp.Table) if t.db or t.name not in within]
    for table in tables:
        if not isinstance(table.this, exp.Identifier) or not table.db or table.catalog:
            raise Misused("warehouse.not_a_dataset", table=table.sql("duckdb"))
    return tables


def _over_files(source: Source, number: str) -> tuple[exp.Query, dict[str, Any]]:
    parts: list[exp.Query] = []
    values: dict[str, Any] = {}
    if source.whole:
        parts.append(read_parquet(exp.Placeholder(this=f"whole_{number}"), source.view.schema))
        values[f"whole_{number}"] = list(source.whole)
    if source.mixed:
        mixed = read_parquet(exp.Placeholder(this=f"mixed_{number}"), source.view.schema)
        parts.append(mixed.where(_not_hidden(number), copy=False))
        hidden = sorted(source.view.hidden)
        values[f"mixed_{number}"] = list(source.mixed)
        values[f"hidden_ids_{number}"] = [delivery for delivery, _ in hidden]
        values[f"hidden_parts_{number}"] = [part for _, part in hidden]
    if not parts:
        return _nothing(source.view.schema), values
    return (exp.union(*parts, distinct=False) if len(parts) > 1 else parts[0]), values


def _not_hidden(number: str) -> exp.Expr:
    condition = parse_one(_NOT_HIDDEN, dialect="duckdb")
    for placeholder in condition.find_all(exp.Placeholder, exp.Parameter):
        placeholder.replace(exp.Placeholder(this=f"{placeholder.name}_{number}"))
    return condition


def _nothing(schema: Schema) -> exp.Select:
    """No row, in the right columns."""
    columns = (
        exp.alias_(exp.cast(exp.null(), c.type, dialect="duckdb"), c.name, quoted=True) for c in schema.stored
    )
    return exp.select(*columns).where(exp.false())
