"""Streams XML from files we do not trust: a document type is refused, so nothing can be expanded or fetched."""

from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

from vamco.intake.reading.archive import BoundedStream
from vamco.vocabulary.errors import Unreadable

_CHUNK: Final = 1 << 16
_DEEPEST: Final = 64


class XmlHandler:
    """Receives the elements of a document; names come without their namespace prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text inside an element."""


def parse(stream: BoundedStream, handler: XmlHandler) -> None:
    """Parse the whole stream. Raises `Unreadable`."""
    for _ in parse_steps(stream, handler):
        pass


def parse_steps(stream: BoundedStream, handler: XmlHandler) -> Iterator[None]:
    """Parse the stream in steps, so that the caller can take what the handler has gathered."""
    parser = _parser(handler)
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("intake.read_broken", source_format="XML", reason=str(error)) from error
    yield


def _parser(handler: XmlHandler) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unreadable("intake.read_broken", source_format="XML", reason=f"> {_DEEPEST}")
        handler.start(name if ":" not in name else name.partition(":")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name if ":" not in name else name.partition(":")[2])

    def refuse(*_: Any) -> None:
        raise Unreadable("intake.read_document_type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def local(attributes: dict[str, str], name: str) -> str | None:
    """An attribute by its name without namespace prefix."""
    for key, value in attributes.items():
        if key.rpartition(":")[2] == name:
            return value
    return None
