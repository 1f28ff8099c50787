"""The folder of generated files: written once, synced before they have a name, never changed.

It lies beside the warehouse's data, not in it, and no folder in it looks like a table: every file is
named by the hash of what it was made from, so two processes that make the same file agree on its name.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings

from vamco.warehouse.local_storage import make_durably, sync_folder

METADATA: Final = ".metadata.json"
SNAPSHOT: Final = ".snapshot.json"
_LOCK: Final = "lock"
_UNFINISHED: Final = "unfinished"


class Shelf:
    """Files of one folder, by name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """Where the file of that name lies, if it does."""
        return self.root / name[:2] / name

    def uri(self, name: str) -> str:
        """The location that engines are told."""
        return location(self.path(name))

    def size(self, name: str) -> int | None:
        """Bytes of the file, or None when there is none."""
        try:
            return self.path(name).stat().st_size
        except FileNotFoundError:
            return None

    def put(self, name: str, write: Callable[[Path], None]) -> int:
        """Have the file written unless it is there; its bytes once it has its name.

        Whoever comes second keeps the first file: readers may have seen it.
        """
        if (n_bytes := self.size(name)) is not None:
            return n_bytes
        unfinished = self._unfinished()
        try:
            write(unfinished)
            _sync(unfinished)
            return self._name(unfinished, name)
        finally:
            unfinished.unlink(missing_ok=True)

    def put_bytes(self, name: str, content: bytes) -> int:
        """Keep these bytes under the name, as `put` does."""
        return self.put(name, lambda path: _write(path, content))

    def files(self) -> Iterator[Path]:
        """Every named file."""
        return (path for path in self.root.glob("??/*") if path.is_file())

    def unfinished(self) -> Iterator[Path]:
        """What writers are writing, or left when they were killed."""
        return self.root.glob(f"{_UNFINISHED}/*")

    @contextmanager
    def generating(self) -> Iterator[None]:
        """While this lasts, nothing is cleaned away."""
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def cleaning(self) -> Iterator[None]:
        """While this lasts, nothing is generated."""
        with self._locked(fcntl.LOCK_EX):
            yield

    def _unfinished(self) -> Path:
        folder = self.root / _UNFINISHED
        make_durably(folder)
        return folder / uuid4().hex

    def _name(self, unfinished: Path, name: str) -> int:
        target = self.path(name)
        make_durably(target.parent)
        with suppress(FileExistsError):
            os.link(unfinished, target)
        sync_folder(target.parent)
        return target.stat().st_size

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        make_durably(self.root)
        with (self.root / _LOCK).open("w") as lock:
            fcntl.flock(lock, kind)
            yield


def shelf() -> Shelf:
    """The shelf of this installation."""
    return Shelf(settings.HOME.resolve() / "iceberg")


def location(path: Path) -> str:
    """A path as Iceberg writes locations: not percent-encoded, engines take it literally."""
    return f"file://{path}"


def name_of(inputs: Any, suffix: str) -> str:
    """The name of a file made from these inputs (anything that JSON can say)."""
    said = json.dumps(inputs, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest() + suffix


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _sync(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
