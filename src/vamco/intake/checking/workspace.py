"""A private DuckDB for one check: limited memory, its spill in a folder of its own, no network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
from django.conf import settings

from vamco.intake.own_folder import own_folder

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
    with own_folder(workspaces(), name) as folder:
        config = {**_ALONE, "memory_limit": MEMORY, "temp_directory": str(folder / "spill")}
        with duckdb.connect(config=config) as connection:
            yield connection, folder


def workspaces() -> Path:
    """Where the folders of all checks are."""
    return Path(settings.HOME) / "checking"
