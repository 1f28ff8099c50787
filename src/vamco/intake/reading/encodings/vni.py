"""VNI for Windows, the Vietnamese of `VNI-…` fonts: a base letter followed by a byte for its marks.

The bytes are those of Windows-1252; a capital takes the capital form of the mark.
"""

import re
from typing import Final

_BASES: Final = {
    "a": ("a", "øùûõï", "àáảãạ"),
    "â": ("a", "âàáåãä", "âầấẩẫậ"),
    "ă": ("a", "êèéúüë", "ăằắẳẵặ"),
    "e": ("e", "øùûõï", "èéẻẽẹ"),
    "ê": ("e", "âàáåãä", "êềếểễệ"),
    "o": ("o", "øùûõï", "òóỏõọ"),
    "ô": ("o", "âàáåãä", "ôồốổỗộ"),
    "ơ": ("ô", "øùûõï", "ờớởỡợ"),
    "u": ("u", "øùûõ", "ùúủũ"),
    "ụ": ("u", "ï", "ụ"),
    "ư": ("ö", "øùûõï", "ừứửữự"),
    "y": ("y", "øùûõ", "ỳýỷỹ"),
}
_ALONE: Final = {"ô": "ơ", "ö": "ư", "ñ": "đ", "î": "ỵ", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}


def _table() -> dict[str, str]:
    lower = dict(_ALONE)
    for base, marks, letters in _BASES.values():
        lower |= {base + mark: letter for mark, letter in zip(marks, letters, strict=True)}
    table = lower | {written.upper(): letter.upper() for written, letter in lower.items()}
    mixed = {w[0].upper() + w[1]: letter.upper() for w, letter in lower.items() if len(w) == 2}
    return mixed | table


_BY_WRITTEN: Final = _table()
_BY_LETTER: Final = {letter: written for written, letter in _BY_WRITTEN.items()}
_WRITTEN: Final = re.compile("|".join(sorted(_BY_WRITTEN, key=len, reverse=True)))


def decode(raw: bytes) -> str:
    """The text of VNI bytes. Raises `UnicodeDecodeError` at a byte unknown to Windows-1252."""
    return read_letters(raw.decode("cp1252"))


def encode(text: str) -> bytes:
    """The VNI bytes of a text. Raises `UnicodeEncodeError` for letters that VNI has no bytes for."""
    return "".join(_BY_LETTER.get(letter) or _plain(letter, text) for letter in text).encode("cp1252")


def read_letters(text: str) -> str:
    """Text whose VNI bytes were taken for Windows-1252 letters, as it was meant."""
    return _WRITTEN.sub(lambda found: _BY_WRITTEN[found[0]], text)


def _plain(letter: str, text: str) -> str:
    if letter.isascii() or not letter.isalpha():
        return letter
    raise UnicodeEncodeError("vni", text, text.index(letter), text.index(letter) + 1, "no VNI bytes")
