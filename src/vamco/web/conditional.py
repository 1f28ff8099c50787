"""JSON for pages that ask again and again: an ETag, 304 while nothing changed, compressed once."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that may be handed out many times."""

    etag: str
    plain: bytes
    compressed: bytes


def keep(said: Any, version: str = "") -> Kept:
    """The answer as JSON; its ETag is made of the version, or of its bytes where it has none."""
    plain = json.dumps(said, ensure_ascii=False).encode()
    digest = hashlib.sha256(version.encode() or plain).hexdigest()
    return Kept(f'"{digest[:20]}"', plain, gzip.compress(plain, 6, mtime=0))


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The answer, or 304 where the browser has it."""
    response = unchanged(request, kept.etag) or _as_accepted(request, kept)
    response.headers["ETag"] = kept.etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    return response


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 for whoever holds the answer of that tag, also under the weak tag that a compressing proxy makes of it."""
    response: HttpResponse | None = get_conditional_response(request, etag=etag)
    if response is not None:
        response.headers["ETag"] = etag
    return response


def _as_accepted(request: HttpRequest, kept: Kept) -> HttpResponse:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(kept.plain, content_type="application/json")
    headers = {"Content-Encoding": "gzip"}
    return HttpResponse(kept.compressed, content_type="application/json", headers=headers)
