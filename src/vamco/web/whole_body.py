"""At the web server's entrance: a connection that breaks off is an error and no end of the body.

Granian gives the same empty bytes for both, and Django takes what came of a form for the whole form.
"""

from collections.abc import Callable, Iterable
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment


class _Whole:
    """An input of so many bytes; an end before that raises `OSError`, which Django knows."""

    def __init__(self, stream: InputStream, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int = -1) -> bytes:
        """So many of the bytes that are left, all of them when `size` is negative."""
        wanted = self._left if size < 0 else min(size, self._left)
        chunks = []
        while wanted:
            chunks.append(self._some(self._stream.read, wanted))
            wanted -= len(chunks[-1])
        return b"".join(chunks)

    def readline(self, size: int = -1) -> bytes:
        """The next line, or as much of it as fits."""
        wanted = self._left if size < 0 else min(size, self._left)
        return self._some(self._stream.readline, wanted) if wanted else b""

    def _some(self, read: Callable[[int], bytes], wanted: int) -> bytes:
        chunk = read(wanted)
        if not chunk:
            raise OSError("the connection broke before the end of the body")
        self._left -= len(chunk)
        return chunk


def whole_bodies(application: WSGIApplication) -> WSGIApplication:
    """The application, which reads a body of known length to its end or not at all."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH", "")
        if length.isascii() and length.isdigit():
            environ["wsgi.input"] = _Whole(environ["wsgi.input"], int(length))
        return application(environ, start_response)

    return answer
