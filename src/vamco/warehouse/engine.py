"""Queries: a sqlglot tree over datasets in, an Arrow table out, whichever engine runs it."""

import sys
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, Protocol

import pyarrow
from django.conf import settings
from django.db import connection
from sqlglot import exp

from vamco.vocabulary.errors import Refused
from vamco.warehouse import duck
from vamco.warehouse.compiling import Source, datasets_of, filled, for_duckdb
from vamco.warehouse.storage import store
from vamco.warehouse.versions import Moments, present_versions, versions_at
from vamco.warehouse.view import File, at_version


class Engine(Protocol):
    """Something that runs queries over datasets."""

    def table(
        self, query: exp.Expr, values: Mapping[str, Any] | None = None, *, as_known_at: Moments = None
    ) -> pyarrow.Table:
        """The query's result; `values` fill its placeholders (`:name`).

        All tables are read at one version of the ledger, or as known at the given moments.
        Raises `Refused` when it takes too long or too much memory, `Misused` when it is no query.
        """


class DuckDBEngine:
    """DuckDB in this process, over the files of the warehouse."""

    def table(
        self, query: exp.Expr, values: Mapping[str, Any] | None = None, *, as_known_at: Moments = None
    ) -> pyarrow.Table:
        """The query's result, as promised by `Engine`."""
        query = filled(query, values or {})
        compiled = for_duckdb(query, sources(datasets_of(query), as_known_at))
        with duck.cursor() as cursor, duck.limited(cursor, settings.ENGINE_SECONDS):
            return cursor.sql(compiled.sql, params=compiled.parameters).to_arrow_table()


def engine() -> Engine:
    """The engine of the setting VAMCO_ENGINE_URL."""
    return _opened(settings.ENGINE_URL)


@cache
def _opened(url: str) -> Engine:
    if url:
        # pyspark takes a process whose main module has no file (a worker that another program made)
        # for its own doctests, and ends it.
        sys.modules["__main__"].__dict__.setdefault("__file__", __file__)
        from vamco.warehouse.spark import SparkConnectEngine

        return SparkConnectEngine(url)
    return DuckDBEngine()


def sources(datasets: Iterable[str], as_known_at: Moments = None) -> dict[str, Source]:
    """Each dataset as DuckDB reads it, all at one version of the ledger. Raises `NotFound`."""
    present = present_versions(datasets)
    wanted = versions_at(present, as_known_at)
    # A version that is not committed yet may be rolled back, and its number given to another.
    plan = planned.__wrapped__ if connection.in_atomic_block else planned
    return {
        name: plan(name, wanted.get(name, seq), seq, settings.WAREHOUSE_URL) for name, seq in present.items()
    }


@lru_cache(maxsize=256)
def planned(dataset: str, seq: int, present: int, store_url: str) -> Source:  # noqa: ARG001  part of the key
    """The files to read for a version. Neither ledger nor files change for a known version: it is kept."""
    view = at_version(dataset, seq, present)
    return Source(
        view=view,
        whole=tuple(_local(file) for file in view.files if not file.is_mixed),
        mixed=tuple(_local(file) for file in view.files if file.is_mixed),
    )


def _local(file: File) -> str:
    try:
        return str(store().local(file.path, file.sha256))
    except FileNotFoundError:
        raise Refused("warehouse.unreadable_file", reason=file.path) from None
