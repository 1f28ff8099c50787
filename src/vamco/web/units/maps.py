"""The maps on the unit pages: all communes of a day with their names, or a few of them marked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from vamco.geography.boundaries.store import Origin
from vamco.geography.schematic.svg import caption_of, lines_of
from vamco.geography.unit import AdministrativeUnit, Kind, Level
from vamco.web.units.drawing import Drawing, Shape, drawing_of
from vamco.web.units.life import UnitLife, register

_LINE: Final = 1.15  # distance of lines, in heights of a letter
_BASELINE: Final = 0.36  # heights of a letter below the middle of its line
_N_LINES: Final = 3.3  # that a tile holds; where there are more, letters shrink
_N_LARGE: Final = 150  # tiles that a phone shows large enough for a finger


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a name, and how far below the top of the drawing its letters stand."""

    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit with its shape and its name in lines."""

    unit: AdministrativeUnit
    shape: Shape
    lines: tuple[Line, ...]
    letter: float


@dataclass(frozen=True, slots=True)
class DayMap:
    """Every commune of a day; those that the map cannot place are named in `left_out`."""

    on: date
    tiles: tuple[Tile, ...]
    left_out: tuple[AdministrativeUnit, ...]
    kinds: tuple[Kind, ...]
    width: float
    height: float
    origin: Origin | None

    @property
    def is_dense(self) -> bool:
        """Whether a phone must show it larger than its screen."""
        return len(self.tiles) > _N_LARGE


@dataclass(frozen=True, slots=True)
class MarkedMap:
    """A small map: the ground as one path, and the units that it is about."""

    title: str  # the key of its words
    on: date
    ground: str
    marked: tuple[Tile, ...]
    width: float
    height: float
    origin: Origin | None


@lru_cache(maxsize=16)
def _communes(version: str, on: date) -> tuple[Sequence[AdministrativeUnit], date, date]:  # noqa: ARG001  a cache key
    """The communes of a day, and the first and last day of their map."""
    changes = register().change_dates(Level.COMMUNE)
    first_on = max((day for day in changes if day <= on), default=date.min)
    last_on = min((day - timedelta(days=1) for day in changes if day > on), default=date.max)
    return register().units_on(on, Level.COMMUNE), first_on, last_on


def _drawing(on: date) -> Drawing | None:
    units, first_on, last_on = _communes(register().version, on)
    return drawing_of(units, Level.COMMUNE, first_on, last_on)


def day_map(on: date) -> DayMap | None:
    """The map of that day; None where nothing can be drawn."""
    drawing = _drawing(on)
    if drawing is None:
        return None
    units, *_ = _communes(register().version, on)
    by_id = {unit.unit_id: unit for unit in units}
    tiles = tuple(_tile(by_id[s.unit_id], s) for s in drawing.shapes if s.unit_id in by_id)
    shown = {tile.unit.unit_id for tile in tiles}
    return DayMap(
        on=on,
        tiles=tiles,
        left_out=tuple(unit for unit in units if unit.unit_id not in shown),
        kinds=tuple(kind for kind in Kind if kind in {tile.unit.kind for tile in tiles}),
        width=drawing.width,
        height=drawing.height,
        origin=drawing.origin,
    )


@lru_cache(maxsize=1024)
def _tile(unit: AdministrativeUnit, shape: Shape) -> Tile:
    lines = lines_of(caption_of(unit).short_name)
    letter = round(shape.letter * min(1.0, _N_LINES / len(lines)), 1)
    first = shape.y + letter * (_BASELINE - _LINE * (len(lines) - 1) / 2)
    return Tile(
        unit,
        shape,
        tuple(Line(line, round(first + n * _LINE * letter, 1)) for n, line in enumerate(lines)),
        letter,
    )


def maps_of(life: UnitLife) -> list[MarkedMap]:
    """The unit on the map of its day, then what it came from and what became of it on theirs."""
    unit = life.unit
    own = [unit] if unit.level is Level.COMMUNE else register().units_on(life.on, Level.COMMUNE, unit.code)
    wanted = [("map_here", life.on, own)]
    if unit.level is Level.COMMUNE:
        before = unit.valid_from_on - timedelta(days=1)
        wanted.append(("map_before", before, [kin.unit for kin in life.predecessors]))
    if unit.level is Level.COMMUNE and unit.valid_to_on:
        wanted.append(("map_after", unit.valid_to_on, [kin.unit for kin in life.successors]))
    drawn = (_marked(title, on, units) for title, on, units in wanted)
    return [each for each in drawn if each is not None]


def _marked(title: str, on: date, units: Iterable[AdministrativeUnit]) -> MarkedMap | None:
    wanted: dict[str, AdministrativeUnit] = {unit.unit_id: unit for unit in units if unit.is_valid_on(on)}
    drawing = _drawing(on) if wanted else None
    if drawing is None:
        return None
    marked = tuple(_tile(wanted[s.unit_id], s) for s in drawing.shapes if s.unit_id in wanted)
    if not marked:
        return None
    ground = _ground(drawing, wanted)
    return MarkedMap(title, on, ground, marked, drawing.width, drawing.height, drawing.origin)


def _ground(drawing: Drawing, without: Collection[str]) -> str:
    return "".join(shape.path for shape in drawing.shapes if shape.unit_id not in without)
