"""Windows-1258: Vietnamese letters followed by combining tones, composed to NFC on the way in."""

import re
import unicodedata
from typing import Final

_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_TONE: Final = re.compile(f"[{_TONES}]")


def decode(raw: bytes) -> str:
    """The text of Windows-1258 bytes, in NFC. Raises `UnicodeDecodeError`."""
    return unicodedata.normalize("NFC", raw.decode("cp1258"))


def encode(text: str) -> bytes:
    """The Windows-1258 bytes of a text. Raises `UnicodeEncodeError`."""
    return "".join(map(_spread, text)).encode("cp1258")


def _spread(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(_TONE.findall(marks))
    return unicodedata.normalize("NFC", _TONE.sub("", marks)) + tones if tones else letter
