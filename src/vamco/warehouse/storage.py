"""Where the Parquet files lie: immutable, named by their SHA-256, on the disk before the ledger names them.

A file's folder says nothing of its dataset: only the ledger can tell which files make a table.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from django.conf import settings

from vamco.warehouse.local_storage import LocalFolder, StagedFile, Stored


class Store(Protocol):
    """A place for immutable files; `scratch` and `local` are folders and paths of this machine."""

    @property
    def root(self) -> Path:
        """The only folder of this machine that queries may read."""

    def scratch(self) -> Path:
        """A new name on the same disk, to write a file at before it is kept."""

    def keep(self, written: Path, n_rows: int) -> StagedFile:
        """Store what was written at a scratch name, durably; the same bytes twice are one file."""

    def local(self, path: str, sha256: str) -> Path:
        """The file on this machine, to read. Raises `FileNotFoundError`."""

    def size(self, path: str) -> int | None:
        """Bytes of the stored file, or None when there is none."""

    def digest(self, path: str) -> str | None:
        """SHA-256 of the stored bytes as they are now, or None when there are none."""

    def stored(self) -> Iterator[Stored]:
        """Every file in the store, unfinished ones too."""

    def remove(self, path: str) -> None:
        """Delete a file; one that is gone already is no error."""


def store() -> Store:
    """The store of the setting VAMCO_WAREHOUSE_URL."""
    return _opened(settings.WAREHOUSE_URL, settings.HOME)


@cache
def _opened(url: str, home: Path) -> Store:
    if url.startswith("s3://"):
        from vamco.warehouse.object_storage import Bucket

        return Bucket(url, home / "warehouse-cache")
    return LocalFolder(Path(url).resolve())
