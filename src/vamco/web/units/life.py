"""The life of an administrative unit as its page shows it."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings

from vamco.geography.loading import province_register
from vamco.geography.names import bare_name
from vamco.geography.register import Register
from vamco.geography.succession import Succession
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.text import fold


@dataclass(frozen=True, slots=True)
class Kin:
    """A unit at the other end of a succession."""

    unit: AdministrativeUnit
    edge: Succession


@dataclass(frozen=True, slots=True)
class UnitLife:
    """All that the unit page says of one unit, as of one day."""

    unit: AdministrativeUnit
    on: date
    above: tuple[AdministrativeUnit, ...]
    predecessors: tuple[Kin, ...]
    successors: tuple[Kin, ...]
    lives_of_code: tuple[AdministrativeUnit, ...]
    homonyms: tuple[tuple[AdministrativeUnit, tuple[AdministrativeUnit, ...]], ...]

    @property
    def code_was_reused(self) -> bool:
        """Whether the same code stands for other units at other times."""
        return len(self.lives_of_code) > 1


def register() -> Register:
    """The register of the province that is served."""
    return province_register(settings.PROVINCES_DIR, settings.PROVINCE)


def life_of(code: str, on: date | None, today: date) -> UnitLife:
    """The unit with that code on that day; without a day, as it is today or was last. Raises `NotFound`."""
    book = register()
    unit = _unit(book, code, on, today)
    day = on or (today if unit.is_valid_on(today) else unit.valid_from_on)
    return UnitLife(
        unit=unit,
        on=day,
        above=_above(book, unit, day),
        predecessors=tuple(Kin(book.get(e.old_unit_id), e) for e in book.predecessors(unit.unit_id)),
        successors=tuple(Kin(book.get(e.new_unit_id), e) for e in book.successors(unit.unit_id)),
        lives_of_code=book.lives_of(code),
        homonyms=tuple((each, _above(book, each, each.valid_from_on)) for each in _homonyms(unit)),
    )


def _unit(book: Register, code: str, on: date | None, today: date) -> AdministrativeUnit:
    lives = book.lives_of(code)
    if on is None and lives and not any(unit.is_valid_on(today) for unit in lives):
        return lives[-1]
    return book.unit(code, on or today)


def _above(book: Register, unit: AdministrativeUnit, on: date) -> tuple[AdministrativeUnit, ...]:
    return tuple(above for above in book.ancestors(unit, on) if above.level is not Level.COUNTRY)


def _homonyms(unit: AdministrativeUnit) -> list[AdministrativeUnit]:
    """Other places of the same level whose name sounds the same, whatever their time."""
    same = [u for u in _by_bare_name()[bare_name(unit.name)] if u.code != unit.code and u.level is unit.level]
    latest = {each.code: each for each in sorted(same, key=lambda u: u.valid_from_on)}
    return sorted(latest.values(), key=lambda u: (u.valid_to_on is not None, u.code))


@cache
def _by_bare_name() -> dict[tuple[str, ...], list[AdministrativeUnit]]:
    names: dict[tuple[str, ...], list[AdministrativeUnit]] = {}
    for unit in register().units:
        names.setdefault(bare_name(unit.name), []).append(unit)
    return names


def units_named(text: str, on: date) -> list[tuple[AdministrativeUnit, tuple[AdministrativeUnit, ...]]]:
    """Units of any time whose code or name holds the text, those of the day first; with what was above."""
    wanted = fold(text)
    book = register()
    found = [
        u for u in book.units if u.level is not Level.COUNTRY and (u.code == wanted or wanted in fold(u.name))
    ]
    found.sort(
        key=lambda u: (not u.is_valid_on(on), not fold(u.name).endswith(wanted), u.name, u.valid_from_on)
    )
    return [(u, _above(book, u, on if u.is_valid_on(on) else u.valid_from_on)) for u in found]


def units_of_day(level: Level, on: date) -> list[tuple[AdministrativeUnit, tuple[AdministrativeUnit, ...]]]:
    """The map of a level on a day with what was above, those of one parent together, in order of code."""
    book = register()
    found = sorted(book.units_on(on, level), key=lambda u: (u.parent_code or "", u.code))
    return [(u, _above(book, u, on)) for u in found]
