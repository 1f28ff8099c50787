"""Names of places as people write them, made comparable without guessing."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from vamco.geography.unit import Kind, Level
from vamco.vocabulary.text import fold

_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_SEPARATORS: Final = re.compile(r"[\s.,;:/_\-–—'’\"()]+")
_LOOK_ALIKES: Final = str.maketrans({"ð": "đ", "ɖ": "đ", "\u200b": None, "\ufeff": None, "\u00ad": None})
_ONES: Final = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_ROMAN: Final = {"x" * tens + ones: str(10 * tens + n) for tens in range(3) for n, ones in enumerate(_ONES)}
_SYLLABLE_IN_Y: Final = re.compile("^(qu|[bcdđghklmnprstvx]+)y(?=[" + _TONES + "]*$)")

_PROVINCES: Final = frozenset({Kind.PROVINCE})
_CITIES: Final = frozenset({Kind.CENTRAL_CITY, Kind.CITY})
_TYPE_WORDS: Final[dict[str, frozenset[Kind]]] = {
    "tỉnh": _PROVINCES,
    "t": _PROVINCES,
    "thành phố": _CITIES,
    "tp": _CITIES,
    "t p": _CITIES,
    "thị xã": frozenset({Kind.TOWN}),
    "tx": frozenset({Kind.TOWN}),
    "t x": frozenset({Kind.TOWN}),
    "thị trấn": frozenset({Kind.TOWNSHIP}),
    "tt": frozenset({Kind.TOWNSHIP}),
    "t t": frozenset({Kind.TOWNSHIP}),
    "huyện": frozenset({Kind.RURAL_DISTRICT}),
    "h": frozenset({Kind.RURAL_DISTRICT}),
    "quận": frozenset({Kind.URBAN_DISTRICT}),
    "q": frozenset({Kind.URBAN_DISTRICT}),
    "phường": frozenset({Kind.WARD}),
    "p": frozenset({Kind.WARD}),
    "xã": frozenset({Kind.RURAL_COMMUNE}),
    "x": frozenset({Kind.RURAL_COMMUNE}),
    "đặc khu": frozenset({Kind.SPECIAL_ZONE}),
    "đk": frozenset({Kind.SPECIAL_ZONE}),
}
_ENGLISH_WORDS: Final[dict[str, frozenset[Level]]] = {
    "province": frozenset({Level.PROVINCE}),
    "city": frozenset({Level.PROVINCE, Level.DISTRICT}),
    "district": frozenset({Level.DISTRICT}),
    "town": frozenset({Level.DISTRICT, Level.COMMUNE}),
    "ward": frozenset({Level.COMMUNE}),
    "commune": frozenset({Level.COMMUNE}),
}


def words(text: str) -> tuple[str, ...]:
    """Syllables in lower case, each with its tone mark moved to the end: Hòa and Hoà are the same.

    The case, the Unicode form, the place of the tone mark, i/y after a consonant, punctuation
    and zeros before a number make no difference.
    """
    plain = text.casefold().translate(_LOOK_ALIKES)
    return tuple(_syllable(part) for part in _SEPARATORS.split(plain) if part)


@lru_cache(maxsize=32_768)
def _syllable(part: str) -> str:
    decomposed = unicodedata.normalize("NFD", part)
    tone = "".join(mark for mark in decomposed if mark in _TONES)
    letters = "".join(mark for mark in decomposed if mark not in _TONES)
    if letters.isdigit():
        return letters.lstrip("0") or "0"
    return _SYLLABLE_IN_Y.sub(r"\1i", unicodedata.normalize("NFC", letters) + tone)


@lru_cache(maxsize=32_768)
def unmarked(word: str) -> str:
    """A syllable of `words` without its tone and marks, as one types in haste: `hoa`."""
    return word if word.isdigit() else fold(word.rstrip(_TONES))


def key_of(name: Iterable[str]) -> str:
    """The syllables run together without marks: names that may be meant by one text share it."""
    return "".join(map(unmarked, name))


def agrees(written: str, official: str) -> bool:
    """Whether a written syllable may stand for the official one: a marked one only for itself."""
    return written == official or (written == unmarked(written) and written == unmarked(official))


@dataclass(frozen=True)
class Reading:
    """One way to read a text: a bare name, and what its type word says of the unit."""

    name: tuple[str, ...]
    kinds: frozenset[Kind] | None = None
    levels: frozenset[Level] | None = None

    @cached_property
    def key(self) -> str:
        """As `key_of`."""
        return key_of(self.name)

    def allows(self, kind: Kind) -> bool:
        """Whether a unit of this kind can be meant."""
        return (self.kinds is None or kind in self.kinds) and (
            self.levels is None or kind.level in self.levels
        )


def bare_name(name: str) -> tuple[str, ...]:
    """The syllables of an official name without its type word."""
    first = words(name)
    for length in (2, 1):
        if len(first) > length and first[:length] in _OFFICIAL_WORDS:
            return first[length:]
    return first


def kind_of(name: str, level: Level) -> Kind | None:
    """The kind that an official name says by its type word; None when it says none."""
    written = words(name)
    for length in (2, 1):
        kinds = _SPLIT_TYPE_WORDS.get(written[:length], frozenset()) if len(written) > length else frozenset()
        for kind in kinds:
            if kind.level is level:
                return kind
    return None


def readings(text: str) -> Iterator[Reading]:
    """Every way to read the text: with its first or last words as type word, and without."""
    written = words(_apart(text))
    if not written:
        return
    yield Reading(written)
    yield from _with_type_word(written)
    if len(written) > 1 and written[-1] in _ENGLISH_WORDS:
        yield Reading(written[:-1], levels=_ENGLISH_WORDS[written[-1]])


def _with_type_word(written: tuple[str, ...]) -> Iterator[Reading]:
    for length in (1, 2):
        head, name = written[:length], written[length:]
        kinds = _kinds_named(head) if name else frozenset()
        if kinds:
            yield Reading(_number(name), kinds)


@lru_cache(maxsize=32_768)
def _kinds_named(head: tuple[str, ...]) -> frozenset[Kind]:
    return frozenset(
        kind
        for word, kinds in _SPLIT_TYPE_WORDS.items()
        if len(word) == len(head) and all(map(agrees, head, word))
        for kind in kinds
    )


def _number(name: tuple[str, ...]) -> tuple[str, ...]:
    """A name that is a Roman numeral alone becomes a number: Phường IV is Phường 4."""
    return (_ROMAN[name[0]],) if len(name) == 1 and name[0] in _ROMAN else name


def _apart(text: str) -> str:
    """`P4` and `Phường4` get a space before their number."""
    return re.sub(r"(?i)^\s*(p|q|phường|quận)(?=\d)", r"\1 ", text)


_SPLIT_TYPE_WORDS: Final = {words(word): kinds for word, kinds in _TYPE_WORDS.items()}
_OFFICIAL_WORDS: Final = frozenset(word for word in _SPLIT_TYPE_WORDS if len("".join(word)) > 2)
