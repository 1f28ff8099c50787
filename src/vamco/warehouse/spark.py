"""Queries on a Spark Connect engine (Spark, Sail) that has our Iceberg catalogue attached."""

import threading
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

import pyarrow
from django.conf import settings
from pyspark.errors import PySparkException
from pyspark.sql.connect.session import SparkSession
from sqlglot import exp

from vamco.vocabulary.errors import Refused
from vamco.warehouse.compiling import datasets_of, filled, for_spark
from vamco.warehouse.versions import Moments, present_versions, versions_at

CATALOGUE: Final = "vamco"


class SparkConnectEngine:
    """The engine at `sc://host:port`; its tables' names say the version of the ledger."""

    def __init__(self, url: str) -> None:
        self.url = url

    def table(
        self, query: exp.Expr, values: Mapping[str, Any] | None = None, *, as_known_at: Moments = None
    ) -> pyarrow.Table:
        """The query's result, as promised by `Engine`."""
        query = filled(query, values or {})
        present = present_versions(datasets_of(query))
        versions = present | versions_at(present, as_known_at)
        return self._run(for_spark(query, CATALOGUE, versions))

    @cached_property
    def session(self) -> SparkSession:
        """The connection, opened when it is first needed."""
        return SparkSession.builder.remote(self.url).getOrCreate()

    def _run(self, sql: str) -> pyarrow.Table:
        tag, late = uuid4().hex, threading.Event()
        timer = threading.Timer(settings.ENGINE_SECONDS, self._stop, (tag, late))
        self.session.addTag(tag)
        timer.start()
        try:
            return self.session.sql(sql).toArrow()
        except PySparkException as error:
            if late.is_set():
                raise Refused("warehouse.query_too_slow", seconds=settings.ENGINE_SECONDS) from None
            raise Refused("warehouse.engine_failed", reason=str(error).partition("\n")[0]) from error
        finally:
            timer.cancel()
            self.session.removeTag(tag)

    def _stop(self, tag: str, late: threading.Event) -> None:
        late.set()
        self.session.interruptTag(tag)
