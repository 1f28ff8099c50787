"""TCVN3 ("ABC"), the single-byte Vietnamese of `.Vn…` fonts: TCVN 5712:1993, character set VN3.

It has no capitals with tones: capital fonts (`.VnTimeH`) draw the lower-case bytes as capitals.
"""

import codecs
from typing import Final

_BYTES: Final = bytes.fromhex(
    "A1A2A3A4A5A6A7 A8A9AAABACADAE"
    "B5B6B7B8B9 BBBCBDBEC6 C7C8C9CACB CCCECFD0D1 D2D3D4D5D6 D7D8DCDDDE"
    "DFE1E2E3E4 E5E6E7E8E9 EAEBECEDEE EFF1F2F3F4 F5F6F7F8F9 FAFBFCFDFE"
)
_LETTERS: Final = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_UNDEFINED: Final = "\ufffe"

_BY_BYTE: Final = dict(zip(_BYTES, _LETTERS, strict=True))
_DECODING: Final = "".join(
    _BY_BYTE.get(code, chr(code) if code < 0x80 or code == 0xA0 else _UNDEFINED) for code in range(256)
)
_ENCODING: Final = codecs.charmap_build(_DECODING)


def decode(raw: bytes) -> str:
    """The text of TCVN3 bytes. Raises `UnicodeDecodeError` at a byte that VN3 leaves undefined."""
    return codecs.charmap_decode(raw, "strict", _DECODING)[0]


def encode(text: str) -> bytes:
    """The TCVN3 bytes of a text. Raises `UnicodeEncodeError` for capitals with tones and foreign letters."""
    return codecs.charmap_encode(text, "strict", _ENCODING)[0]


def read_letters(text: str) -> str:
    """Text whose TCVN3 bytes were taken for Latin-1 letters, as it was meant; other letters stay."""
    return text.translate(_BY_BYTE)
