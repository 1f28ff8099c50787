"""Evidence that a text is Vietnamese: the share of its marked words that are possible syllables."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_ONSET: Final = "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
_RHYMES: Final = re.findall(
    r"\w+",
    """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong
ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uê uêch uênh uêt ui um un ung uôc uôi uôm uôn uông uôt up ut uc uy uya uych uyên
uyêt uynh uyt uyu uơ ych ynh yt yu ư ưa ưc ươc ươi ươm ươn ương ươp ươt ươu ưi ưn ưng ưt ưu y yên yêm yêt yêu yêng
""",
)
_SYLLABLE: Final = re.compile(f"{_ONSET}(?:{'|'.join(_RHYMES)})|gi")
_TONE: Final = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_TOKEN: Final = re.compile(r"[^\W\d_]+|[^\x00-\x7f\s]")
_INNOCENT: Final = frozenset("–—‘’“”…•·°²³×€₫\xa0")  # signs that say nothing for or against


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many of the marked words of a text are possible Vietnamese syllables."""

    n_syllables: int
    n_marked: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 when nothing is marked."""
        return self.n_syllables / self.n_marked if self.n_marked else 0.0


def evidence(text: str) -> Evidence:
    """Judge the distinct words of a text that hold a letter outside ASCII."""
    marked = {token.lower() for token in _TOKEN.findall(text) if not token.isascii()} - _INNOCENT
    return Evidence(sum(map(is_syllable, marked)), len(marked))


def is_syllable(word: str) -> bool:
    """Whether a lower-case word is a possible Vietnamese syllable."""
    marks = unicodedata.normalize("NFD", word)
    toneless = unicodedata.normalize("NFC", _TONE.sub("", marks))
    return len(_TONE.findall(marks)) <= 1 and _SYLLABLE.fullmatch(toneless) is not None
