"""Text in two languages, and Vietnamese text made comparable."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from vamco.vocabulary.messages import Language


@dataclass(frozen=True, slots=True)
class Text:
    """A title or sentence in Vietnamese, with its English."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi

    def in_(self, language: Language) -> str:
        """The text in that language."""
        return self.en if language == "en" else self.vi

    def as_dict(self) -> dict[Language, str]:
        """The text by language, as JSON and the details of a message can carry it."""
        return {"vi": self.vi, "en": self.en}


_MARKS = re.compile(r"[̀-ͯ]")
_SPACES = re.compile(r"\s+")
_QUOTED_OR_DAY = re.compile(r"“[^”]*”|\b(\d{4})-(\d\d)-(\d\d)\b")


def nfc(text: str) -> str:
    """The composed Unicode form: the only one that the program stores."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=65_536)  # headers and names are few, and compared again with every delivery
def fold(text: str) -> str:
    """Lower case without marks, `đ` as `d`, spaces squeezed: for search, never for storage."""
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text)).casefold().replace("đ", "d")
    return _SPACES.sub(" ", plain).strip()


def with_written_days(sentence: str, language: Language) -> str:
    """The sentence with its ISO days as Vietnamese readers write them; what it quotes from somebody stays."""
    if language != "vi":
        return sentence
    return _QUOTED_OR_DAY.sub(
        lambda found: f"{found[3]}/{found[2]}/{found[1]}" if found[1] else found[0], sentence
    )
