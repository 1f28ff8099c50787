"""The made-up province: who lives where, on every map since 2020. Nothing in it is a real figure.

Territory is cut into pieces that no map change has ever divided. Each piece belongs to one commune on
every day's map, so whatever happens in it can be told in the codes of that day.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vamco.geography.register import Register
from vamco.geography.unit import AdministrativeUnit, Kind, Level
from vamco.simulation.worked import WorkedDays
from vamco.worktime.calendar import WorkCalendar

FIRST_ON: Final = date(2020, 10, 1)
_PEOPLE: Final = 3_250_000  # after the press reports of the merger: "more than 3.2 million"
_CENSUS_YEAR: Final = 2024
_GROWTH: Final = 1.009
_CROWD: Final = {Kind.WARD: 2.2, Kind.TOWNSHIP: 1.7, Kind.RURAL_COMMUNE: 1.0}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of territory: the `unit_id` it belongs to from each change of the map on."""

    lives: tuple[str, ...]


class World:
    """The made-up province of one seed; `scale` multiplies how much happens, not who lives there."""

    def __init__(
        self, register: Register, seed: int = 80, scale: float = 1.0, days: WorkCalendar | None = None
    ) -> None:
        self.register = register
        self.worked = WorkedDays(days or WorkCalendar())
        self.seed = seed
        self.scale = scale
        changes = [day for day in register.change_dates(Level.COMMUNE) if day > FIRST_ON]
        self.maps = (FIRST_ON, *changes)
        self.pieces = self._pieces()

    def rng(self, *names: object) -> np.random.Generator:
        """Chance for one purpose: the same names give the same draws, whatever else was drawn before."""
        told = "/".join(map(str, (self.seed, *names)))
        return np.random.default_rng(int.from_bytes(hashlib.sha256(told.encode()).digest()[:8], "big"))

    def units(self, on: date) -> list[AdministrativeUnit]:
        """The commune of each piece on that day's map."""
        at = self._map_of(on)
        return [self.register.get(piece.lives[at]) for piece in self.pieces]

    def codes(self, on: date) -> NDArray[np.str_]:
        """The code of each piece's commune on that day's map."""
        return self._codes[self._map_of(on)]

    def communes(self, on: date) -> list[AdministrativeUnit]:
        """The communes of the day's map, in order of code."""
        return sorted({unit.unit_id: unit for unit in self.units(on)}.values(), key=lambda unit: unit.code)

    def people(self, year: int) -> Floats:
        """How many live in each piece in that year."""
        return self._people * _GROWTH ** (year - _CENSUS_YEAR)

    def people_by_code(self, on: date, year: int) -> dict[str, int]:
        """Population by commune of a day's map; whole numbers whose parts add up on every map."""
        counted: dict[str, int] = {}
        for code, people in zip(self.codes(on), np.rint(self.people(year)).astype(int), strict=True):
            counted[str(code)] = counted.get(str(code), 0) + int(people)
        return counted

    def pick(self, chance: np.random.Generator, n: int, weights: Floats | None = None) -> NDArray[np.int_]:
        """The pieces in which `n` things happen, by weight (the population when none is given)."""
        wanted = self._people if weights is None else weights
        return chance.choice(len(self.pieces), size=n, p=wanted / wanted.sum())

    @cached_property
    def _codes(self) -> Sequence[NDArray[np.str_]]:
        return [
            np.array([piece.lives[at].partition("@")[0] for piece in self.pieces])
            for at in range(len(self.maps))
        ]

    @cached_property
    def _people(self) -> Floats:
        """Log-normal sizes by kind of commune; a divided commune by uneven shares."""
        chance = self.rng("people")
        first = {unit.unit_id: unit for unit in self.register.units_on(FIRST_ON, Level.COMMUNE)}
        sizes = {key: _CROWD.get(unit.kind, 1.0) * chance.lognormal(0, 0.45) for key, unit in first.items()}
        weights = np.zeros(len(self.pieces))
        for key, size in sizes.items():
            places = [at for at, piece in enumerate(self.pieces) if piece.lives[0] == key]
            weights[places] = size * chance.dirichlet(np.full(len(places), 4.0))
        people: Floats = np.rint(weights / weights.sum() * _PEOPLE)
        return people

    def _map_of(self, on: date) -> int:
        return max(at for at, day in enumerate(self.maps) if day <= max(on, FIRST_ON))

    def _pieces(self) -> tuple[Piece, ...]:
        paths: list[tuple[str, ...]] = [
            (unit.unit_id,) for unit in self.register.units_on(FIRST_ON, Level.COMMUNE)
        ]
        for day in self.maps[1:]:
            paths = [(*path, after) for path in paths for after in self._after(path[-1], day)]
        return tuple(map(Piece, sorted(paths)))

    def _after(self, unit_id: str, day: date) -> list[str]:
        if self.register.get(unit_id).is_valid_on(day):
            return [unit_id]
        return [edge.new_unit_id for edge in self.register.successors(unit_id) if edge.effective_on == day]
