"""What a cell's font says of its letters: `.Vn…` fonts hold TCVN3, `VNI-…` fonts hold VNI."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vamco.intake.reading.encodings import tcvn3, vni
from vamco.intake.reading.encodings.syllables import evidence

_TCVN3: Final = re.compile(r"\.[Vv][Nn]|Vn[A-Z]")
_VNI: Final = re.compile(r"vni[- ]", re.IGNORECASE)
_STYLE: Final = re.compile(r"\s+(bold|italic|regular)\b.*$", re.IGNORECASE)
_UNICODE_LETTER: Final = re.compile("[^\\W\x00-\xff]|[\u0300-\u0323]")


@dataclass(frozen=True, slots=True)
class FontLetters:
    """How to read the letters of a legacy font."""

    encoding: str  # "TCVN3" or "VNI"
    read_letters: Callable[[str], str]
    is_capital: bool

    def read(self, text: str) -> str:
        """The text as the font draws it; text that already is Unicode Vietnamese stays as it is."""
        if text.isascii():
            return text.upper() if self.is_capital else text
        meant = self.read_letters(text)
        if _UNICODE_LETTER.search(text) or evidence(meant).share < evidence(text).share:
            return text
        return meant.upper() if self.is_capital else meant


@lru_cache(maxsize=1024)
def letters_of(font: str) -> FontLetters | None:
    """How to read text in that font; None when its letters are Unicode like anybody's."""
    if _VNI.match(font):
        return FontLetters("VNI", vni.read_letters, is_capital=False)
    if _TCVN3.match(font):
        is_capital = _STYLE.sub("", font.strip()).upper().endswith("H")
        return FontLetters("TCVN3", tcvn3.read_letters, is_capital)
    return None
