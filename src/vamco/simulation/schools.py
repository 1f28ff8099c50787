"""Made-up schools: where they stand, how many learn and teach there, and who stays away when."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vamco.simulation.epidemics import OUTBREAK, outbreak_pieces
from vamco.simulation.world import Floats, World

LEVELS: Final = ("mầm non", "tiểu học", "trung học cơ sở", "trung học phổ thông")
_TODAY: Final = date(2026, 1, 1)  # schools are spread over the communes of this map
_LETTERS: Final = {"mầm non": "MN", "tiểu học": "TH", "trung học cơ sở": "CS", "trung học phổ thông": "PT"}
_NUMBERS: Final = {"tiểu học": 96, "trung học cơ sở": 60, "mầm non": 24, "trung học phổ thông": 20}
_CLASSES: Final = {"mầm non": 10, "tiểu học": 22, "trung học cơ sở": 20, "trung học phổ thông": 26}
_CLASS_SIZE: Final = {"mầm non": 27, "tiểu học": 33, "trung học cơ sở": 39, "trung học phổ thông": 41}
_TEACHERS: Final = {"mầm non": 1.9, "tiểu học": 1.41, "trung học cơ sở": 1.86, "trung học phổ thông": 2.2}
GRADES: Final = {
    "mầm non": (None,),
    "tiểu học": (1, 2, 3, 4, 5),
    "trung học cơ sở": (6, 7, 8, 9),
    "trung học phổ thông": (10, 11, 12),
}
_USUAL: Final = 0.014
_LONG_BREAK: Final = 5  # days without work that only Tết brings in January and February


@dataclass(frozen=True, slots=True)
class School:
    """One school, as it was in the school year 2024–2025; `luck` (0 to 1) sets it apart from its peers."""

    code: str
    name: str
    level: str
    is_public: bool
    piece: int
    n_classes: int
    class_size: float
    teachers_per_class: float
    luck: float

    def pupils(self, on: date) -> int:
        """How many are on its roll."""
        return round(self.n_classes * self.class_size * 1.012 ** (school_year(on) - 2024))

    def teachers(self, on: date) -> int:
        """How many teach there; a few more every year."""
        return round(self.n_classes * (self.teachers_per_class + 0.015 * (school_year(on) - 2024)))


def school_year(on: date) -> int:
    """The year in which the school year of that day began."""
    return on.year if on.month >= 9 else on.year - 1


@lru_cache(maxsize=4)
def schools(world: World) -> tuple[School, ...]:
    """All schools: a primary school in every commune of today, the others where more people live."""
    chance = world.rng("schools")
    found = []
    for level, n in _NUMBERS.items():
        for number, piece in enumerate(_seats(world, n, chance), start=1):
            found.append(_school(level, number, int(piece), chance))
    return tuple(found)


def _school(level: str, number: int, piece: int, chance: np.random.Generator) -> School:
    return School(
        code=f"MP-{_LETTERS[level]}-{number:04}",
        name=f"Trường {level} mô phỏng {number:04}",
        level=level,
        is_public=bool(chance.random() < (0.6 if level == "mầm non" else 0.96)),
        piece=piece,
        n_classes=max(5, round(_CLASSES[level] * float(chance.lognormal(-0.03, 0.25)))),
        class_size=_CLASS_SIZE[level] * float(chance.normal(1, 0.09)),
        teachers_per_class=_TEACHERS[level] * float(chance.normal(1, 0.05)),
        luck=float(chance.random()),
    )


def _seats(world: World, n: int, chance: np.random.Generator) -> list[int]:
    """Pieces to stand in, no two in one commune as long as there are communes enough."""
    communes = np.unique(world.codes(_TODAY))
    people = world.people(_TODAY.year)
    weights = np.array([people[world.codes(_TODAY) == code].sum() for code in communes])
    chosen = chance.choice(communes, size=min(n, len(communes)), replace=False, p=weights / weights.sum())
    return [_busiest(world, str(code)) for code in sorted(chosen)]


def _busiest(world: World, code: str) -> int:
    return int(np.argmax(world.people(_TODAY.year) * (world.codes(_TODAY) == code)))


def is_school_day(world: World, on: date) -> bool:
    """From 5 September to 25 May, on working days."""
    return ((on.month, on.day) >= (9, 5) or (on.month, on.day) <= (5, 25)) and world.worked.is_worked(on)


def absence(world: World, on: date) -> tuple[Floats, Floats]:
    """The shares expected absent that day in each school: sick, and for other reasons."""
    here = schools(world)
    luck = np.array([school.luck for school in here])
    sick = _USUAL * (0.7 + 0.6 * luck) * (1 + 1.4 * _flu(on)) * (1 + 2.2 * _struck(world, on))
    other = np.full(len(here), 0.007) * (1 + 9 * _is_beside_tet(world, on))
    return sick, other


def _flu(on: date) -> float:
    """1 in mid-January, when influenza is about, near 0 in summer."""
    days = (on - date(on.year if on.month < 7 else on.year + 1, 1, 15)).days
    return float(np.exp(-((days / 30) ** 2)))


def _struck(world: World, on: date) -> Floats:
    """How hard the dengue outbreak strikes the commune of each school, 0 to 1."""
    weeks = (on - OUTBREAK.begins_on).days / 7
    if not 0 <= weeks < OUTBREAK.n_weeks:
        return np.zeros(len(schools(world)))
    strength: Floats = np.sin(weeks / OUTBREAK.n_weeks * np.pi) * _in_outbreak(world)
    return strength


@lru_cache(maxsize=4)
def _in_outbreak(world: World) -> NDArray[np.float64]:
    codes = world.codes(OUTBREAK.begins_on)
    struck = set(codes[outbreak_pieces(world) > 0])
    return np.array([float(codes[school.piece] in struck) for school in schools(world)])


def _is_beside_tet(world: World, on: date) -> bool:
    """Whether Tết lies right before or right after the day."""
    if on.month not in (1, 2):
        return False
    return any(_is_idle(world, on, step) for step in (timedelta(days=1), -timedelta(days=1)))


def _is_idle(world: World, on: date, step: timedelta) -> bool:
    return not any(world.worked.is_worked(on + n * step) for n in range(1, _LONG_BREAK + 1))
