"""Made-up epidemics: seasons, good and bad years, and one dengue outbreak that detectors ought to find."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vamco.simulation.world import Floats, World

_WEEK: Final = timedelta(days=7)
_LONGEST_DELAY: Final = 20


@dataclass(frozen=True, slots=True)
class Disease:
    """A disease as it comes round: cases a year for 100,000 people, and the week of the year it peaks in."""

    code: str
    name: str
    reporting_class: str
    yearly: float
    peaks: tuple[float, ...]
    swing: float
    fatality: float
    years: dict[int, float]


DISEASES: Final = (
    Disease(
        *("A97", "Sốt xuất huyết Dengue", "48 giờ", 190.0, (36.0,), 0.85, 0.0009),
        {2020: 0.8, 2021: 0.5, 2022: 1.9, 2023: 1.0, 2024: 0.8, 2025: 1.1, 2026: 1.0},
    ),
    Disease(
        *("B08.4", "Tay chân miệng", "48 giờ", 150.0, (20.0, 40.0), 0.6, 0.0002),
        {2020: 0.7, 2021: 0.4, 2022: 0.8, 2023: 1.6, 2024: 1.1, 2025: 1.0, 2026: 1.0},
    ),
    Disease(
        *("B05", "Sởi", "24 giờ", 6.0, (10.0,), 0.7, 0.001),
        {2020: 0.6, 2021: 0.1, 2022: 0.1, 2023: 0.2, 2024: 1.5, 2025: 3.0, 2026: 0.8},
    ),
)


@dataclass(frozen=True, slots=True)
class Outbreak:
    """Where and when dengue is far above its season; the one known event of this made-up history."""

    begins_on: date = date(2026, 8, 3)
    n_weeks: int = 11
    seed_unit: str = "27694"  # phường Long An, and the pieces that are drawn with it
    n_pieces: int = 14
    factor: float = 5.5


OUTBREAK: Final = Outbreak()


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the piece it lives in, its first day, and the day it was reported."""

    disease: Disease
    piece: int
    onset_on: date
    sent_on: date
    is_confirmed: bool
    is_dead: bool


def cases_sent(world: World, start_on: date, end_on: date) -> Iterator[Case]:
    """The cases reported between those days, in order of onset."""
    for case in _cases_of_weeks(world, start_on - timedelta(days=_LONGEST_DELAY), end_on):
        if start_on <= case.sent_on <= end_on:
            yield case


def cases_begun(world: World, start_on: date, end_on: date) -> Iterator[Case]:
    """The cases that fell ill between those days."""
    return (case for case in _cases_of_weeks(world, start_on, end_on) if start_on <= case.onset_on <= end_on)


def _cases_of_weeks(world: World, start_on: date, end_on: date) -> Iterator[Case]:
    monday = start_on - timedelta(days=start_on.weekday())
    while monday <= end_on:
        for disease in DISEASES:
            yield from _week(world, disease.code, monday)
        monday += _WEEK


@lru_cache(maxsize=4_000)
def _week(world: World, code: str, monday: date) -> tuple[Case, ...]:
    disease = next(disease for disease in DISEASES if disease.code == code)
    chance = world.rng("epidemic", code, monday)
    counts = chance.poisson(_expected(world, disease, monday) * world.scale)
    return tuple(
        _case(disease, int(piece), monday, chance) for piece, n in enumerate(counts) for _ in range(int(n))
    )


def _case(disease: Disease, piece: int, monday: date, chance: np.random.Generator) -> Case:
    onset_on = monday + timedelta(days=int(chance.integers(7)))
    delay = min(1 + int(chance.gamma(1.6, 1.8)), _LONGEST_DELAY)
    return Case(
        disease,
        piece,
        onset_on,
        onset_on + timedelta(days=delay),
        bool(chance.random() < 0.62),
        bool(chance.random() < disease.fatality),
    )


def _expected(world: World, disease: Disease, monday: date) -> Floats:
    """Cases expected in each piece that week."""
    week = monday.isocalendar().week
    season = sum(1 + disease.swing * np.cos((week - peak) / 52 * 2 * np.pi) for peak in disease.peaks)
    rate = disease.yearly / 100_000 / 52 * season / len(disease.peaks) * disease.years[monday.year]
    expected: Floats = world.people(monday.year) * rate * _places(world, disease.code)
    if disease.code == "A97" and OUTBREAK.begins_on <= monday < OUTBREAK.begins_on + OUTBREAK.n_weeks * _WEEK:
        rise = np.sin((((monday - OUTBREAK.begins_on).days / 7 + 0.5) / OUTBREAK.n_weeks) * np.pi)
        expected = expected * (1 + (OUTBREAK.factor - 1) * rise * outbreak_pieces(world))
    return expected


@lru_cache(maxsize=16)
def _places(world: World, code: str) -> Floats:
    """Some places always have more of a disease than others."""
    places: Floats = world.rng("places", code).lognormal(-0.08, 0.4, len(world.pieces))
    return places


@lru_cache(maxsize=4)
def outbreak_pieces(world: World) -> NDArray[np.float64]:
    """1 for the pieces that the outbreak strikes, else 0."""
    struck = np.array([unit.code == OUTBREAK.seed_unit for unit in world.units(OUTBREAK.begins_on)], float)
    more = world.rng("outbreak").choice(len(world.pieces), OUTBREAK.n_pieces, replace=False)
    struck[more] = 1
    return struck
