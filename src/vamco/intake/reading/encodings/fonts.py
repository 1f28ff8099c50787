"""What a cell's font says of its letters: `.Vn…` fonts hold TCVN3, `VNI-…` fonts hold VNI."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vamco.intake.reading.encodings import tcvn3, vni
from vamco.intake.reading.encodings.syllables import evidence
from vamco.vocabulary.text import nfc

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
        meant = text if text.isascii() else self._meant(text)
        if meant is None:
            return text
        return meant.upper() if self.is_capital else meant

    def _meant(self, text: str) -> str | None:
        """The legacy reading, None for Unicode text; letters beyond Latin-1 are that unless they make no sense.

        A Windows set to Vietnamese hands legacy bytes on as the letters of code page 1258.
        """
        if not _UNICODE_LETTER.search(text):
            meant = self.read_letters(text)
            return meant if evidence(meant).share >= evidence(text).share else None
        try:
            meant = self.read_letters(text.encode("cp1258").decode("latin-1"))
        except UnicodeEncodeError:
            return None
        return meant if evidence(meant).share > evidence(nfc(text)).share else None


@lru_cache(maxsize=1024)
def letters_of(font: str) -> FontLetters | None:
    """How to read text in that font; None when its letters are Unicode like anybody's."""
    if _VNI.match(font):
        return FontLetters("VNI", vni.read_letters, is_capital=False)
    if _TCVN3.match(font):
        is_capital = _STYLE.sub("", font.strip()).upper().endswith("H")
        return FontLetters("TCVN3", tcvn3.read_letters, is_capital)
    return None
