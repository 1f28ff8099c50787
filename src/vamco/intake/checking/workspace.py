"""A private DuckDB for one check: limited memory, its spill in a folder of its own, no network."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import duckdb
from django.conf import settings

MEMORY: Final = "512MB"  # of DuckDB's own accounting; a check as a whole stays below 1 GiB
_ALONE: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    # A long IN would become a join, and rows behind a join come in any order: they are numbered by their place.
    "disabled_optimizers": "in_clause",
}


@contextmanager
def workspace(name: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A connection and an empty folder; the folder and all that is in it are gone afterwards."""
    folder = Path(settings.HOME) / "checking" / f"{name}-{uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        config = {**_ALONE, "memory_limit": MEMORY, "temp_directory": str(folder / "spill")}
        with duckdb.connect(config=config) as connection:
            yield connection, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
