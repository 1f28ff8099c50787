"""DuckDB as we run it: no extensions, no network, no files but the warehouse's, limited memory and time."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final

import duckdb
from django.conf import settings
from sqlglot import exp

from vamco.vocabulary.errors import Misused, Refused
from vamco.warehouse.storage import store

_ALONE: Final[dict[str, str | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
"""DuckDB would fetch extensions from its own host by itself."""


@contextmanager
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of this thread to the process's one engine; it reads the warehouse's folder only."""
    with _engine(store().root, settings.HOME, settings.ENGINE_MEMORY).cursor() as opened:
        yield opened


@contextmanager
def limited(connection: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Stop what runs on the connection after so many seconds; DuckDB's errors become ours."""
    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        raise Refused("warehouse.query_too_slow", seconds=seconds) from None
    except duckdb.OutOfMemoryException:
        raise Refused("warehouse.query_too_big", memory=settings.ENGINE_MEMORY) from None
    except duckdb.IOException as error:
        raise Refused("warehouse.unreadable_file", reason=_first_line(error)) from error
    except (duckdb.ProgrammingError, duckdb.DataError) as error:
        raise Misused("warehouse.bad_query", reason=_first_line(error)) from error
    finally:
        timer.cancel()


@contextmanager
def workshop() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine of its own for checking and writing: it may read any file, and settings may be changed."""
    with _connected(os.cpu_count() or 2) as opened:
        yield opened


@lru_cache(maxsize=4)
def _engine(folder: Path, _home: Path, _memory: str) -> duckdb.DuckDBPyConnection:
    """Half of the cores, so that several web processes do not fight for them."""
    connection = _connected(max(1, (os.cpu_count() or 2) // 2))
    connection.execute("SET parquet_metadata_cache = true")
    connection.execute(f"SET allowed_directories = {exp.convert([str(folder)]).sql('duckdb')}")
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")
    return connection


def _connected(threads: int) -> duckdb.DuckDBPyConnection:
    limits = {"threads": str(threads), "memory_limit": str(settings.ENGINE_MEMORY)}
    return duckdb.connect(config={**_ALONE, **limits, "temp_directory": str(settings.HOME / "spill")})


def _first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0]
