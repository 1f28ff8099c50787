"""Bytes of uploads that have not all come yet, one file an upload; parts are only ever appended."""

import fcntl
import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from vamco.vocabulary.errors import Misused, Refused
from vamco.web.api.bodies import Body, CutOff, OtherBytes

_CHUNK: Final = 1 << 16  # as much is lost when the line breaks
_FORGOTTEN_AFTER_SECONDS: Final = 7 * 24 * 3600
_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Span:
    """Which bytes of how many a part holds: `first` to `last`, both inside."""

    first: int
    last: int
    total: int

    def __str__(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.total}"

    @property
    def n_bytes(self) -> int:
        """How many bytes the part holds."""
        return self.last - self.first + 1

    @classmethod
    def parse(cls, header: str) -> "Span":
        """The span of a `Content-Range` header. Raises `Misused`, `Refused` when the whole is too large."""
        found = _RANGE.fullmatch(header.strip())
        span = cls(*map(int, found.groups())) if found else None
        if span is None or not span.first <= span.last < span.total:
            wanted = "bytes 0-999999/2500000"
            raise Misused("web.bad_parameter", name="Content-Range", value=header, wanted=wanted)
        if span.total > settings.MAX_DELIVERY_BYTES:
            raise Refused("intake.too_large", limit_mb=settings.MAX_DELIVERY_BYTES // 1_000_000)
        return span


class PartialUpload:
    """The bytes kept so far of the upload that an agency calls by this key."""

    def __init__(self, agency: str, key: str) -> None:
        name = hashlib.sha256(f"{agency}\n{key}".encode()).hexdigest()
        self.path = Path(settings.HOME) / "unfinished-uploads" / name

    @property
    def n_bytes(self) -> int:
        """How many bytes are kept."""
        return self.path.stat().st_size if self.path.exists() else 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else adds to the upload or makes a delivery of it meanwhile."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        _drop_forgotten(self.path.parent)
        with self._beside("lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def append(self, span: Span, body: Body) -> int:
        """Keep the part, which must begin where the kept bytes end; returns how many are kept now.

        Raises `Refused` otherwise, and `CutOff` when the line broke: both name the offset to go on from.
        """
        if body.length not in (None, span.n_bytes):
            wanted = f"bytes {span.first}-{span.first + (body.length or 1) - 1}/{span.total}"
            raise Misused("web.bad_parameter", name="Content-Range", value=str(span), wanted=wanted)
        self._require_total(span)
        with self.path.open("ab") as file:
            kept = file.tell()
            if span.last < kept:
                return kept  # sent again because our answer was lost
            if span.first != kept:
                raise Refused("web.upload_elsewhere", offset=kept, given=span.first)
            _copy(body, file, span)
            return file.tell()

    def forget(self) -> None:
        """Drop the bytes: they were received, or will not be. The lock stays for those who wait for it."""
        self.path.unlink(missing_ok=True)
        self._beside("total").unlink(missing_ok=True)

    def _require_total(self, span: Span) -> None:
        """The total that the first part named is that of all the others."""
        noted = self._beside("total")
        total = noted.read_text("ascii") if noted.exists() and self.n_bytes else ""
        if total and int(total) != span.total:
            raise Refused(
                "web.upload_of_other_length", total=int(total), given=span.total, offset=self.n_bytes
            )
        noted.write_text(str(span.total), "ascii")

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{suffix}")


def _copy(body: Body, file: IO[bytes], span: Span) -> None:
    """Append the body. What came before the line broke is kept; bytes that turn out others are not."""
    try:
        while chunk := body.read(_CHUNK):
            file.write(chunk)
            if file.tell() > span.last + 1:
                raise OtherBytes("web.other_bytes")
    except OtherBytes:
        file.truncate(span.first)
        raise
    except CutOff:
        raise CutOff("web.part_cut_off", offset=file.tell()) from None


def _drop_forgotten(folder: Path) -> None:
    limit = time.time() - _FORGOTTEN_AFTER_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
