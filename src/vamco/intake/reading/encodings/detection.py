"""Which encoding a text file is written in: from evidence in its bytes, never from its name."""

import codecs
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from vamco.intake.reading.encodings import tcvn3, vni, windows1258
from vamco.intake.reading.encodings.syllables import evidence
from vamco.vocabulary.errors import Misused, Unreadable

UTF8: Final = "utf-8"
LEGACY: Final[Mapping[str, Callable[[bytes], str]]] = {
    "windows-1258": windows1258.decode,
    "tcvn3": tcvn3.decode,
    "vni": vni.decode,
}
LETTERS: Final[Mapping[str, Callable[[str], str]]] = {
    "tcvn3": tcvn3.read_letters,
    "vni": vni.read_letters,
}
ENCODINGS: Final = (UTF8, "utf-16-le", "utf-16-be", *LEGACY)

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENOUGH_WORDS: Final = 3
_ENOUGH_SHARE: Final = 0.8
_CLEAR_LEAD: Final = 0.2


def declared_encoding(name: str) -> str:
    """One of `ENCODINGS` from the name a sender declares. Raises `Misused`."""
    plain = name.lower().replace("_", "-")
    known = {"utf8": UTF8, "utf-8-sig": UTF8, "cp1258": "windows-1258", "abc": "tcvn3"}.get(plain, plain)
    if known not in ENCODINGS:
        raise Misused("intake.read_encoding_name", encoding=name, known=ENCODINGS)
    return known


def unicode_encoding(head: bytes) -> str | None:
    """The Unicode encoding that the first bytes prove, else None."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    return _zeros_of_utf16(head)


def is_utf8(head: bytes) -> bool:
    """Whether the bytes are UTF-8, but for a letter cut off at the end."""
    try:
        codecs.utf_8_decode(head, "strict", False)
    except UnicodeDecodeError:
        return False
    return True


def legacy_encoding(sample: bytes) -> str:
    """The Vietnamese 8-bit encoding of the bytes. Raises `Unreadable` unless one clearly wins."""
    shares: dict[str, float] = {}
    for name, decode in LEGACY.items():
        try:
            found = evidence(decode(sample))
        except UnicodeDecodeError:
            continue
        if found.n_syllables >= _ENOUGH_WORDS:
            shares[name] = found.share
    best = _clear_winner(shares)
    if best is None:
        raise Unreadable("intake.read_unknown_encoding", known=ENCODINGS)
    return best


def disguised_encoding(text: str) -> str | None:
    """The 8-bit encoding whose bytes were saved as if they were Latin letters, if the text shows it."""
    shares = {"": evidence(unicodedata.normalize("NFC", text)).share}
    for name, read_letters in LETTERS.items():
        found = evidence(read_letters(text))
        if found.n_syllables >= _ENOUGH_WORDS:
            shares[name] = found.share
    return _clear_winner(shares) or None


def _clear_winner(shares: Mapping[str, float]) -> str | None:
    ranked = sorted(shares, key=lambda name: -shares[name])
    if not ranked or shares[ranked[0]] < _ENOUGH_SHARE:
        return None
    runner_up = shares[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0] if shares[ranked[0]] - runner_up >= _CLEAR_LEAD else None


def _zeros_of_utf16(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and even == 0:
        return "utf-16-le"
    if even > len(head) // 8 and odd == 0:
        return "utf-16-be"
    return None
