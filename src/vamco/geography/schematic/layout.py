"""The schematic map (sơ đồ): one hexagon for each unit, computed from the units' centres alone.

It shows who lies beside whom, not where a boundary runs, and is drawn where none was imported.
The same centres give the same map on every run and machine.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from vamco.geography.centroids import Place
from vamco.geography.schematic.assignment import assign
from vamco.geography.schematic.relaxation import Matrix, Points, relaxed
from vamco.vocabulary.errors import Misused

_SINE_60: Final = math.sqrt(3.0) / 2.0
_REACH: Final = 0.75  # of a tile's width: how far from a unit's place a tile may lie
_N_OFFSETS: Final = 4  # of the lattice, tried along each axis
_PITCHES: Final = (0.3, 3.0)  # widths of a tile to choose from; neighbours stand about 1 apart
_N_HALVINGS: Final = 16
_APART: Final = 0.002  # degrees between units whose rounded centres are the same
_COST_UNITS: Final = 1_000_000  # to a squared tile's width

Cell = tuple[int, int]
"""Row from the south and column of a lattice of hexagons with upright sides, odd rows half a tile to the east."""


@dataclass(frozen=True, slots=True)
class Tile:
    """The hexagon of a unit; `x` to the east and `y` down, in the unit square."""

    key: str
    cell: Cell
    x: float
    y: float


@dataclass(frozen=True)
class Schematic:
    """Tiles in the order of their keys; `width` is that of a tile in the unit square."""

    tiles: tuple[Tile, ...]
    width: float

    @property
    def radius(self) -> float:
        """From the centre of a tile to its corners."""
        return self.width / (2.0 * _SINE_60)

    def corners(self, tile: Tile) -> tuple[Place, ...]:
        """The six corners from the top, clockwise."""
        return tuple((tile.x + self.width * x, tile.y + self.radius * y) for x, y in _CORNERS)

    def outline(self) -> tuple[tuple[Place, Place], ...]:
        """The sides of tiles that no other tile shares."""
        sides = []
        for tile in self.tiles:
            corners = self.corners(tile)
            for i, neighbour in enumerate(neighbours(tile.cell)):
                if neighbour not in self._cells:
                    sides.append((corners[i], corners[(i + 1) % 6]))
        return tuple(sides)

    @cached_property
    def _cells(self) -> frozenset[Cell]:
        return frozenset(tile.cell for tile in self.tiles)


_CORNERS: Final = ((0.0, -1.0), (0.5, -0.5), (0.5, 0.5), (0.0, 1.0), (-0.5, 0.5), (-0.5, -0.5))


def neighbours(cell: Cell) -> tuple[Cell, ...]:
    """The six cells around, from the north-east, clockwise."""
    row, column = cell
    east = column + row % 2
    return (
        (row + 1, east),
        (row, column + 1),
        (row - 1, east),
        (row - 1, east - 1),
        (row, column - 1),
        (row + 1, east - 1),
    )


def lay_out(places: Mapping[str, Place]) -> Schematic:
    """The map of units given by key and centre. Raises `Misused` when there are none."""
    if not places:
        raise Misused("geography.boundary_nothing_to_draw")
    keys = sorted(places)
    points = relaxed(_on_a_plane([places[key] for key in keys]))
    drawings = [
        _drawing(points, east / _N_OFFSETS, north / _N_OFFSETS)
        for north in range(_N_OFFSETS)
        for east in range(_N_OFFSETS)
    ]
    best = min(drawings, key=lambda drawing: drawing.cost)
    return _framed(keys, best.cells)


def _on_a_plane(places: Sequence[Place]) -> Points:
    """Places at one scale in both directions, with equal ones set apart."""
    middle = round(sum(lat for _, lat in places) / len(places), 1)
    narrowing = round(math.cos(math.radians(middle)), 4)
    seen: dict[Place, int] = {}
    points = []
    for lon, lat in places:
        twins = seen[(lon, lat)] = seen.get((lon, lat), -1) + 1
        points.append(((lon + twins * _APART) * narrowing, lat + twins % 2 * _APART))
    return np.array(points)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One way to lay the lattice under the points: the cell of each, and the total squared displacement."""

    cells: tuple[Cell, ...]
    cost: int


def _drawing(points: Points, east: float, north: float) -> _Drawing:
    """The drawing on a lattice shifted by these shares of a tile."""
    n = len(points)
    low, high = _PITCHES
    for _ in range(_N_HALVINGS):
        pitch = (low + high) / 2.0
        _, squares = _lattice(points, pitch, east, north)
        is_too_fine = np.count_nonzero(squares.min(axis=1) <= _REACH * _REACH) > n
        low, high = (pitch, high) if is_too_fine else (low, pitch)
    cells, squares = _lattice(points, high, east, north)
    nearest = np.argsort(squares.min(axis=1), kind="stable")[:n]
    costs = np.rint(squares[nearest].T * _COST_UNITS).astype(np.int64)
    chosen = assign(costs)
    cost = int(costs[np.arange(n), chosen].sum())
    return _Drawing(tuple((int(row), int(column)) for row, column in cells[nearest[chosen]]), cost)


def _lattice(points: Points, pitch: float, east: float, north: float) -> tuple[npt.NDArray[np.int64], Matrix]:
    """Cells around the points, shape (m, 2), and their squared distances to each, (m, n), in tiles."""
    x, y = points[:, 0] / pitch - east, points[:, 1] / pitch / _SINE_60 - north
    rows = np.arange(math.floor(y.min()) - 2, math.ceil(y.max()) + 3)
    columns = np.arange(math.floor(x.min()) - 2, math.ceil(x.max()) + 3)
    cells = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
    to_east = cells[:, 1:] + cells[:, :1] % 2 * 0.5 - x[None, :]
    to_north = (cells[:, :1] - y[None, :]) * _SINE_60
    return cells, to_east * to_east + to_north * to_north


def _framed(keys: Sequence[str], cells: Sequence[Cell]) -> Schematic:
    """Tiles that fill the unit square along its longer side and stand in its middle."""
    x = [column + row % 2 * 0.5 for row, column in cells]
    y = [-row * _SINE_60 for row, _ in cells]
    radius = 0.5 / _SINE_60
    wide, high = max(x) - min(x) + 1.0, max(y) - min(y) + 2.0 * radius
    width = 1.0 / max(wide, high)
    left, top = (1.0 - wide * width) / 2.0, (1.0 - high * width) / 2.0
    return Schematic(
        tuple(
            Tile(key, cell, left + (a - min(x) + 0.5) * width, top + (b - min(y) + radius) * width)
            for key, cell, a, b in zip(keys, cells, x, y, strict=True)
        ),
        width,
    )
