"""Files in a folder: immutable, named by their SHA-256, on the disk before anybody hears of them."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

_STAGING: Final = "staging"


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file that is stored for good, though no ledger entry names it yet."""

    path: str  # relative to the store
    sha256: str
    n_bytes: int
    n_rows: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A file found in the store, whoever put it there."""

    path: str
    n_bytes: int
    changed_at: datetime


class LocalFolder:
    """Files in a folder of this machine, or of a disk that several machines share."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def scratch(self) -> Path:
        """A new name in the folder of unfinished files."""
        folder = self.root / _STAGING
        make_durably(folder)
        return folder / f"{uuid4().hex}.parquet"

    def keep(self, written: Path, n_rows: int) -> StagedFile:
        """Bytes to the disk, then the name, then the folder that holds the name."""
        digest, n_bytes = hash_and_sync(written)
        path = path_for(digest)
        target = self.root / path
        make_durably(target.parent)
        written.replace(target)
        sync_folder(target.parent)
        return StagedFile(path, digest, n_bytes, n_rows)

    def local(self, path: str, sha256: str) -> Path:  # noqa: ARG002  a folder needs no check on the way
        """The file itself."""
        return self.root / path

    def size(self, path: str) -> int | None:
        """Bytes of the file, or None."""
        try:
            return (self.root / path).stat().st_size
        except FileNotFoundError:
            return None

    def digest(self, path: str) -> str | None:
        """SHA-256 of the file's bytes, or None."""
        try:
            return sha256_of(self.root / path)
        except FileNotFoundError:
            return None

    def stored(self) -> Iterator[Stored]:
        """Every file below the folder."""
        walked = os.walk(self.root, onerror=_unless_gone)
        for file in sorted(Path(folder, name) for folder, _, names in walked for name in names):
            with suppress(FileNotFoundError):
                yield _found(file, self.root)

    def remove(self, path: str) -> None:
        """Delete the file, and see to it that it stays deleted."""
        target = self.root / path
        target.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            sync_folder(target.parent)


def path_for(sha256: str) -> str:
    """The name of a file with that content."""
    return f"{sha256[:2]}/{sha256}.parquet"


def hash_and_sync(file: Path) -> tuple[str, int]:
    """SHA-256 and size of a file whose bytes are on the disk when this returns."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        os.fsync(opened.fileno())
        return digest, opened.tell()


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def make_durably(folder: Path) -> None:
    """Make a folder and its parents so that a power cut cannot take them away again."""
    if folder.is_dir():
        return
    make_durably(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """The names in the folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _found(file: Path, root: Path) -> Stored:
    status = file.stat()
    return Stored(
        file.relative_to(root).as_posix(), status.st_size, datetime.fromtimestamp(status.st_mtime, tz=UTC)
    )
