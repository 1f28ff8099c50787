"""Brings the text of a CSV file to UTF-8 in NFC; the sender's bytes stay as they are."""

import codecs
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from vamco.intake.reading.encodings.detection import LEGACY, LETTERS, UTF8, disguised_encoding
from vamco.intake.reading.repairs import Repairs
from vamco.intake.reading.staging import staged_path
from vamco.vocabulary.errors import Unreadable
from vamco.vocabulary.text import nfc

_CHARACTERS: Final = 1 << 20
_LONGEST_LINE: Final = 32 << 20


def to_utf8(
    path: Path, encoding: str, *, staging: Path, repairs: Repairs, disguise: str | None = None
) -> Path:
    """A staged copy in UTF-8 and NFC, line for line. Raises `Unreadable` where the bytes are not that encoding.

    `disguise` names the 8-bit encoding whose bytes an earlier program took for Latin letters.
    """
    target = staged_path(staging, ".csv")
    try:
        with target.open("w", encoding=UTF8, newline="") as file:
            for text in _pieces(path, encoding):
                file.write(_repaired(text, disguise, repairs))
    except UnicodeError as error:
        raise Unreadable("intake.read_wrong_encoding", encoding=encoding, reason=str(error)) from error
    if encoding != UTF8:
        repairs.add("intake.read_transcoded", n_cells=0, encoding=encoding)
    return target


def head_text(head: bytes) -> str:
    """The first text of a file in UTF-8, but for a letter cut off at its end."""
    return codecs.getincrementaldecoder(UTF8)("replace").decode(head).removeprefix("\ufeff")


def disguise_of(text: str) -> str | None:
    """The 8-bit encoding hidden in a Unicode text, if the text shows it."""
    return None if text.isascii() else disguised_encoding(text)


def _repaired(text: str, disguise: str | None, repairs: Repairs) -> str:
    if disguise is not None:
        meant = LETTERS[disguise](text)
        repairs.add("intake.read_disguised", n_cells=meant != text, encoding=disguise)
        text = meant
    composed = nfc(text)
    if composed != text:
        repairs.add("intake.read_composed", n_cells=_n_composed(text))
    return composed


def _n_composed(text: str) -> int:
    return sum(unicodedata.combining(letter) > 0 for letter in text)


def _pieces(path: Path, encoding: str) -> Iterator[str]:
    """The text in pieces that end with a line; lone carriage returns become line ends."""
    decode: Callable[[str], str] | None = None
    if encoding in LEGACY:
        decode = lambda text: LEGACY[encoding](text.encode("latin-1"))  # noqa: E731
    stored_as = "latin-1" if decode else encoding
    has_only_returns = _has_only_returns(path, stored_as)
    with path.open(encoding=stored_as, newline="") as file:
        is_first = True
        while piece := file.read(_CHARACTERS):
            piece += file.readline(_LONGEST_LINE)
            if is_first:
                piece, is_first = piece.removeprefix("\ufeff"), False
            if has_only_returns:
                piece = piece.replace("\r", "\n")
            yield decode(piece) if decode else piece


def _has_only_returns(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(_CHARACTERS)
    return "\r" in head and "\n" not in head
