"""A way to hand bytes to the reader."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from vamco.intake.reading.reader import read
from vamco.intake.reading.text_table import TextTable


@pytest.fixture
def read_bytes(tmp_path: Path) -> Callable[..., TextTable]:
    """Read bytes as if they had been sent under some name."""

    def reader(raw: bytes, **options: Any) -> TextTable:
        path = tmp_path / "sent.bin"
        path.write_bytes(raw)
        return read(path, filename="sent.bin", staging=tmp_path / "staging", **options)

    return reader
