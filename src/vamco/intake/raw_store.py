"""Raw bytes as they were sent."""

from pathlib import Path
from typing import IO

from django.conf import settings

from vamco.intake.kept_bytes import Kept as Kept
from vamco.intake.kept_bytes import keep_in, path_in
from vamco.vocabulary.errors import Refused


def raw_path(sha256: str) -> Path:
    """Where bytes with that SHA-256 are kept."""
    return path_in(_folder(), sha256)


def keep(stream: IO[bytes]) -> Kept:
    """Keep all bytes of the stream. Raises `Refused` when there are none or too many; then none are kept."""
    return keep_in(_folder(), stream, _check)


def _check(chunk: bytes, n_bytes: int) -> None:
    if n_bytes > settings.MAX_DELIVERY_BYTES:
        raise Refused("intake.too_large", limit_mb=settings.MAX_DELIVERY_BYTES // 1_000_000)
    if not chunk and not n_bytes:
        raise Refused("intake.empty_file")


def _folder() -> Path:
    return Path(settings.HOME) / "raw"
