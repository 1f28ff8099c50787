"""Files that commands write where somebody asked for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vamco.vocabulary.errors import Refused


@contextmanager
def saved(path: Path) -> Iterator[IO[bytes]]:
    """The file, open to be written. Raises `Refused` where it cannot be."""
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise Refused("flow.cannot_write", path=str(path)) from error
