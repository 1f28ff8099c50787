"""The bytes that a call brings, read as they come in: all of them, or an error."""

import base64
import hashlib
import re
from http import HTTPStatus
from typing import IO, Final, cast

from django.http import HttpRequest, UnreadablePostError

from vamco.vocabulary.errors import Misused

_SHA256: Final = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


class CutOff(Misused):
    """The connection broke before all bytes had come."""


class OtherBytes(Misused):
    """Other bytes came than were announced."""


class LengthRequired(Misused):
    """The end of the body cannot be told from a broken connection."""

    http_status = HTTPStatus.LENGTH_REQUIRED


class Body:
    """A stream that ends only where its sender said: by length, by SHA-256, or by both."""

    def __init__(self, stream: IO[bytes], length: int | None, sha256: bytes | None) -> None:
        self.length = length
        self._stream, self._sha256 = stream, sha256
        self._n_read, self._digest = 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes; empty at the end. Raises `CutOff` or `OtherBytes` when that is not the declared end."""
        try:
            chunk = self._stream.read(size)
        except UnreadablePostError:
            raise CutOff("web.cut_off") from None
        self._n_read += len(chunk)
        self._digest.update(chunk)
        if size < 0 or (size and not chunk):
            self._require_whole()
        return chunk

    def _require_whole(self) -> None:
        if self.length is not None and self._n_read < self.length:
            raise CutOff("web.cut_off")
        is_other = self._sha256 is not None and self._digest.digest() != self._sha256
        if is_other or (self.length is not None and self._n_read > self.length):
            raise OtherBytes("web.other_bytes")


def body_of(request: HttpRequest) -> Body:
    """The body, of known length or in chunks. Raises `LengthRequired` when nothing tells its end.

    Django reads none of a body whose length it does not know; a server that ends the stream itself
    (`wsgi.input_terminated`) lets us read it to its end. The server ends it in the same way when the
    connection breaks, so the sender has to say how much there is.
    """
    sha256 = _sha256_of(request)
    if _knows_length(request):
        return Body(cast("IO[bytes]", request), _number(request, "Content-Length"), sha256)
    length = _number(request, "X-Content-Length")
    if length is None and sha256 is None:
        raise LengthRequired("web.length_required")
    terminated = request.META.get("wsgi.input_terminated")
    return Body(request.META["wsgi.input"] if terminated else cast("IO[bytes]", request), length, sha256)


def file_of(request: HttpRequest, filename: str) -> tuple[IO[bytes], str]:
    """The form's file where the body is a form, else the body; with the name to call it by."""
    if not (request.content_type or "").startswith("multipart/"):
        return cast("IO[bytes]", body_of(request)), filename
    if not _knows_length(request):
        raise LengthRequired("web.form_length_required")
    file = request.FILES.get("file")
    if file is None:
        raise Misused("web.no_file")
    return cast("IO[bytes]", file), file.name or filename


def _knows_length(request: HttpRequest) -> bool:
    is_chunked = request.headers.get("Transfer-Encoding", "").lower() == "chunked"
    return not is_chunked and bool(request.headers.get("Content-Length"))


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.headers.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit()):
        raise Misused("web.bad_parameter", name=name, value=text, wanted="2500000")
    return int(text) if text else None


def _sha256_of(request: HttpRequest) -> bytes | None:
    """The SHA-256 of a `Content-Digest` header (RFC 9530); other digests are not looked at."""
    text = request.headers.get("Content-Digest", "")
    found = _SHA256.search(text)
    if found is None and "sha-256" in text.lower():
        raise Misused("web.bad_parameter", name="Content-Digest", value=text, wanted="sha-256=:…:")
    return base64.b64decode(found[1]) if found else None
