"""From a name as people write it to the one unit that it means on a day, or to none."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final

from vamco.geography.names import Reading, agrees, bare_name, key_of, readings, unmarked, words
from vamco.geography.register import Register
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.errors import Ambiguous, NotFound

N_SUGGESTIONS: Final = 5
N_REMEMBERED: Final = 200_000
_CODE_LENGTHS: Final = frozenset({2, 3, 5})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text may mean: `unit` when it means exactly one, else every unit that fits."""

    candidates: tuple[AdministrativeUnit, ...]

    @property
    def unit(self) -> AdministrativeUnit | None:
        """The one unit meant, or None when there are none or several."""
        return self.candidates[0] if len(self.candidates) == 1 else None


class Resolver:
    """Resolves names over a register, which it indexes once."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._by_key: defaultdict[str, list[_Spelling]] = defaultdict(list)
        self._by_iso: defaultdict[str, list[AdministrativeUnit]] = defaultdict(list)
        self._parents: dict[tuple[str, date], frozenset[str]] = {}
        self._families: dict[tuple[str, date], frozenset[str]] = {}
        self._answers: dict[tuple[str, str | None, date, Level | None], Answer] = {}
        for unit in register.units:
            self._index(unit)

    def resolve(
        self, text: str, on: date, level: Level | None = None, parent: str | None = None
    ) -> AdministrativeUnit:
        """The one unit meant on that day. Raises `NotFound` with suggestions, or `Ambiguous`.

        `text` is a name with or without type word, marks and parents after commas, a code, or an
        ISO 3166-2 code; `parent` is the name or code of a unit above. Homonyms are never guessed.
        """
        answer = self.answer(text, on, level, parent)
        if answer.unit is not None:
            return answer.unit
        if answer.candidates:
            raise Ambiguous(
                "geography.ambiguous_name",
                text=text,
                on=on.isoformat(),
                candidates=[self.describe(unit, on) for unit in answer.candidates],
            )
        raise self._not_found(text, on, level, parent)

    def answer(self, text: str, on: date, level: Level | None = None, parent: str | None = None) -> Answer:
        """Every unit that the text may mean on that day; never raises. Remembers its answers."""
        asked = (text, parent, on, level)
        known = self._answers.get(asked)
        if known is None:
            if len(self._answers) >= N_REMEMBERED:
                self._answers.clear()
            known = self._answers[asked] = self._answer(text, on, level, parent)
        return known

    def suggest(self, text: str, on: date, level: Level | None = None) -> list[AdministrativeUnit]:
        """Units one may have meant.

        First those of the same name in another rank or time, each followed by the units that its
        territory belongs to on the day; then those of similar names.
        """
        texts = [reading.key for reading in readings(_split(text)[0])]
        same = [spelling.unit for key in texts for spelling in self._by_key.get(key, ())]
        related = [unit for one in same for unit in (one, *self.register.kin_on(one, on))]
        alike = [
            spelling.unit
            for key in get_close_matches(texts[-1] if texts else "", self._by_key, N_SUGGESTIONS, 0.75)
            for spelling in self._by_key[key]
            if spelling.unit.is_valid_on(on)
        ]
        fitting = [unit for unit in related + alike if level is None or unit.level is level]
        return list(dict.fromkeys(fitting))[:N_SUGGESTIONS]

    def describe(self, unit: AdministrativeUnit, on: date) -> dict[str, Any]:
        """A candidate as people and programs tell it from the others."""
        return {
            "unit_id": unit.unit_id,
            "code": unit.code,
            "name": unit.name,
            "parents": [above.name for above in self._above(unit, on)],
            "valid_from_on": unit.valid_from_on.isoformat(),
            "valid_to_on": unit.valid_to_on.isoformat() if unit.valid_to_on else None,
            "label": self._in_words(unit, on),
        }

    def _not_found(self, text: str, on: date, level: Level | None, parent: str | None) -> NotFound:
        """The refusal that tells most: a wrong unit above, a wrong day or rank, or a wrong name."""
        suggestions = list(self.answer(_split(text)[0], on, level).candidates)
        key = "geography.name_not_under_parent"
        if not suggestions:
            suggestions = self.suggest(text, on, level)
            key = "geography.name_not_found" if suggestions else "geography.name_unlike_any"
        return NotFound(
            key,
            text=text,
            parent=parent or ", ".join(_split(text)[1:]),
            on=on.isoformat(),
            suggestions=[self.describe(unit, on) for unit in suggestions],
            shown=[self._in_words(unit, on) for unit in suggestions],
        )

    def _answer(self, text: str, on: date, level: Level | None, parent: str | None) -> Answer:
        own, *parents = _split(text)
        if parent:
            parents.append(parent)
        units = self._named(own, on)
        fitting = [unit for unit in units if level is None or unit.level is level]
        for name in parents:
            above = self._codes_named(name, on)
            fitting = [unit for unit in fitting if above & self._family(unit, on)]
        return Answer(tuple(sorted(fitting, key=lambda unit: (unit.code, unit.valid_from_on))))

    def _named(self, text: str, on: date) -> list[AdministrativeUnit]:
        """Units of that day that the text alone may mean; exact spelling beats a looser one."""
        found = self._coded(text.strip(), on)
        exact: list[AdministrativeUnit] = []
        loose: list[AdministrativeUnit] = []
        for reading in readings(text):
            for spelling in self._by_key.get(reading.key, ()):
                if spelling.unit.is_valid_on(on) and spelling.is_meant_by(reading):
                    (exact if spelling.name == reading.name else loose).append(spelling.unit)
        names = exact if exact and _has_marks(text) else exact + loose
        return list(dict.fromkeys(found + names))

    def _codes_named(self, text: str, on: date) -> frozenset[str]:
        """Codes of the units that a parent's name may mean; a delivery repeats few parents."""
        key = (text, on)
        if key not in self._parents:
            if len(self._parents) >= N_REMEMBERED:
                self._parents.clear()
            self._parents[key] = frozenset(unit.code for unit in self._named(text, on))
        return self._parents[key]

    def _coded(self, text: str, on: date) -> list[AdministrativeUnit]:
        if text.isdigit() and len(text) in _CODE_LENGTHS:
            unit = self.register.find(text, on)
            return [unit] if unit else []
        return [unit for unit in self._by_iso.get(text.upper(), ()) if unit.is_valid_on(on)]

    def _family(self, unit: AdministrativeUnit, on: date) -> frozenset[str]:
        """Codes of the units above."""
        key = (unit.unit_id, on)
        if key not in self._families:
            self._families[key] = frozenset(above.code for above in self.register.ancestors(unit, on))
        return self._families[key]

    def _index(self, unit: AdministrativeUnit) -> None:
        for name in (unit.name, *unit.other_spellings):
            spelling = _Spelling(bare_name(name), unit)
            self._by_key[spelling.key].append(spelling)
        if unit.iso_code:
            self._by_iso[unit.iso_code.upper()].append(unit)

    def _above(self, unit: AdministrativeUnit, on: date) -> Iterator[AdministrativeUnit]:
        day = on if unit.is_valid_on(on) else unit.valid_from_on
        return (above for above in self.register.ancestors(unit, day) if above.level is not Level.COUNTRY)

    def _in_words(self, unit: AdministrativeUnit, on: date) -> str:
        place = ", ".join([unit.name, *(above.name for above in self._above(unit, on))])
        until = unit.valid_to_on.isoformat() if unit.valid_to_on else "…"
        return f"{unit.code} {place} [{unit.valid_from_on.isoformat()} – {until})"


@dataclass(frozen=True)
class _Spelling:
    name: tuple[str, ...]
    unit: AdministrativeUnit

    @cached_property
    def key(self) -> str:
        return key_of(self.name)

    def is_meant_by(self, reading: Reading) -> bool:
        """Whether rank and every marked syllable agree."""
        if not reading.allows(self.unit.kind):
            return False
        if len(reading.name) != len(self.name):  # run together, as in “Thừathiên”
            return all(word == unmarked(word) for word in reading.name)
        return all(map(agrees, reading.name, self.name))


def _split(text: str) -> Sequence[str]:
    """The unit's own name, then the names of units above, as in “Xã A (huyện B), tỉnh C”."""
    parts = [part.strip() for part in text.replace("(", ",").replace(")", ",").split(",")]
    return [part for part in parts if part] or [""]


def _has_marks(text: str) -> bool:
    return any(word != unmarked(word) for word in words(text))
