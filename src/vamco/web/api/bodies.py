"""The bytes that a call brings, read as they come in."""

from typing import IO, cast

from django.http import HttpRequest


def stream_of(request: HttpRequest) -> IO[bytes]:
    """The body, of known length or in chunks.

    Django reads none of a body whose length it does not know; a server that ends the stream itself
    (`wsgi.input_terminated`) lets us read it to its end.
    """
    is_chunked = request.headers.get("Transfer-Encoding", "").lower() == "chunked"
    if is_chunked and request.META.get("wsgi.input_terminated"):
        return cast("IO[bytes]", request.META["wsgi.input"])
    return cast("IO[bytes]", request)


def file_of(request: HttpRequest, filename: str) -> tuple[IO[bytes], str]:
    """The form's file where there is one, else the body; with the name to call it by."""
    if (request.content_type or "").startswith("multipart/") and (file := request.FILES.get("file")):
        return cast("IO[bytes]", file), file.name or filename
    return stream_of(request), filename
