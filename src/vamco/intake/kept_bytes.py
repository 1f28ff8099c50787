"""Bytes kept under their SHA-256, and on the disk before anybody is told so."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from vamco.intake.own_folder import own_folder
from vamco.warehouse.local_storage import make_durably, sync_folder

_CHUNK: Final = 1 << 20

Check = Callable[[bytes, int], None]
"""Raises what is to be said of bytes that are not taken; given each chunk and how many bytes there are with it, and at the
end nothing and how many there were."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are kept: their SHA-256 and their number."""

    sha256: str
    n_bytes: int


def path_in(folder: Path, sha256: str) -> Path:
    """Where in the folder bytes with that SHA-256 are kept."""
    return folder / sha256[:2] / sha256[2:]


def keep_in(folder: Path, stream: IO[bytes], check: Check) -> Kept:
    """Keep all bytes of the stream; what the check refuses leaves none."""
    with _unfinished(folder) as file:
        kept = _copy(stream, file, check)
        target = path_in(folder, kept.sha256)
        make_durably(target.parent)
        Path(file.name).replace(target)
    sync_folder(target.parent)
    return kept


@contextmanager
def _unfinished(folder: Path) -> Iterator[IO[bytes]]:
    with own_folder(folder / "unfinished", "bytes") as own:
        path = own / "bytes"
        path.touch(0o600)
        with path.open("wb") as file:
            yield file


def _copy(stream: IO[bytes], file: IO[bytes], check: Check) -> Kept:
    digest, n_bytes = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        n_bytes += len(chunk)
        check(chunk, n_bytes)
        digest.update(chunk)
        file.write(chunk)
    check(b"", n_bytes)
    file.flush()
    os.fsync(file.fileno())
    return Kept(digest.hexdigest(), n_bytes)
