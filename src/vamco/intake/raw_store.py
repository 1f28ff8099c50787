"""Raw bytes as they were sent, kept under their SHA-256 and on the disk before anybody is told so."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from vamco.intake.own_folder import own_folder
from vamco.vocabulary.errors import Refused
from vamco.warehouse.local_storage import make_durably, sync_folder

_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are kept: their SHA-256 and their number."""

    sha256: str
    n_bytes: int


def raw_path(sha256: str) -> Path:
    """Where bytes with that SHA-256 are kept."""
    return Path(settings.HOME) / "raw" / sha256[:2] / sha256[2:]


def keep(stream: IO[bytes]) -> Kept:
    """Keep all bytes of the stream. Raises `Refused` when there are none or too many; then none are kept."""
    with _unfinished() as file:
        kept = _copy(stream, file)
        target = raw_path(kept.sha256)
        make_durably(target.parent)
        Path(file.name).replace(target)
    sync_folder(target.parent)
    return kept


@contextmanager
def _unfinished() -> Iterator[IO[bytes]]:
    with own_folder(Path(settings.HOME) / "raw" / "unfinished", "bytes") as folder:
        path = folder / "bytes"
        path.touch(0o600)
        with path.open("wb") as file:
            yield file


def _copy(stream: IO[bytes], file: IO[bytes]) -> Kept:
    digest, n_bytes = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        n_bytes += len(chunk)
        if n_bytes > settings.MAX_DELIVERY_BYTES:
            raise Refused("intake.too_large", limit_mb=settings.MAX_DELIVERY_BYTES // 1_000_000)
        digest.update(chunk)
        file.write(chunk)
    if not n_bytes:
        raise Refused("intake.empty_file")
    file.flush()
    os.fsync(file.fileno())
    return Kept(digest.hexdigest(), n_bytes)
