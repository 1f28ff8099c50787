"""Files that came as evidence."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import IO, Final

from django.conf import settings

from vamco.intake.kept_bytes import keep_in, path_in
from vamco.vocabulary.errors import NotFound, Refused

MOST_BYTES: Final = 25_000_000
_ZIP: Final = b"PK\x03\x04"
_KINDS: Final = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".docx": (_ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (_ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".odt": (_ZIP, "application/vnd.oasis.opendocument.text"),
    ".ods": (_ZIP, "application/vnd.oasis.opendocument.spreadsheet"),
}
"""Ending of the name → how such a file begins, and its media type."""

ENDINGS: Final = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that is kept, or a link to something kept elsewhere (then only `link` is filled)."""

    sha256: str = ""
    filename: str = ""
    media_type: str = ""
    n_bytes: int = 0
    link: str = ""


def file_path(sha256: str) -> Path:
    """Where the file with that SHA-256 is kept."""
    return path_in(_folder(), sha256)


def attach(stream: IO[bytes], filename: str) -> Attached:
    """Keep all bytes of the stream. Raises `Refused` when there are none, too many, or of no kind that is taken."""
    name = PurePath(filename.replace("\\", "/")).name
    beginning, media_type = _kind(name)
    kept = keep_in(_folder(), stream, partial(_check, name, beginning))
    return Attached(kept.sha256, name[-200:], media_type, kept.n_bytes)


def linked(address: str) -> Attached:
    """A link as evidence. Raises `Refused` where it is no web address."""
    if not address.startswith(("https://", "http://")) or len(address) > 500:
        raise Refused("directives.bad_link", link=address[:80])
    return Attached(link=address)


def attached_bytes(sha256: str) -> bytes:
    """The file's bytes as they came. Raises `NotFound`."""
    path = file_path(sha256)
    if not path.is_file():
        raise NotFound("directives.file_not_found", sha256=sha256)
    return path.read_bytes()


def _kind(name: str) -> tuple[bytes, str]:
    ending = PurePath(name).suffix.lower()
    if ending not in _KINDS:
        raise Refused("directives.file_of_unknown_kind", filename=name, wanted=list(ENDINGS))
    return _KINDS[ending]


def _check(name: str, beginning: bytes, chunk: bytes, n_bytes: int) -> None:
    if not n_bytes:
        raise Refused("directives.file_is_empty", filename=name)
    if len(chunk) == n_bytes and not chunk.startswith(beginning):
        raise Refused("directives.file_is_not_its_name", filename=name)
    if n_bytes > MOST_BYTES:
        raise Refused("directives.file_too_large", filename=name, limit_mb=MOST_BYTES // 1_000_000)


def _folder() -> Path:
    return Path(settings.HOME) / "evidence"
