"""The map of a day as shapes: official boundaries where they were imported, else the schematic.

Geometry only, in units of the drawing; the template draws. The same map is computed once: in the
process, and for the schematic, which takes a second for the 280 old communes, also under HOME.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import shapely
from django.conf import settings

from vamco.geography.boundaries.store import Origin, load_boundaries, stored_days
from vamco.geography.centroids import Centroid, Place, load_centroids, places_of
from vamco.geography.schematic.layout import Schematic, Tile, lay_out
from vamco.geography.unit import AdministrativeUnit, Level

SIZE: Final = 1000.0  # the longer side of a drawing
_FILLED: Final = 0.95  # of a tile's radius; the rest is the line between tiles
_LETTER: Final = 0.205  # height of a letter, in widths of a tile
_ROOM: Final = 0.13  # height of a letter, in square roots of an area
_LARGEST_LETTER: Final = 20.0
_DETAIL: Final = 0.002  # of the longer side: bends smaller than this are not drawn


@dataclass(frozen=True, slots=True)
class Shape:
    """A unit on the map: its outline as SVG path data, where its name stands, and how high letters may be."""

    unit_id: str
    path: str
    x: float
    y: float
    letter: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes from north to south; `origin` is where the boundaries come from, None for a schematic."""

    shapes: tuple[Shape, ...]
    width: float
    height: float
    origin: Origin | None = None


def drawing_of(
    units: Sequence[AdministrativeUnit], level: Level, first_on: date, last_on: date
) -> Drawing | None:
    """The map of these units, the same from one day to the other; None where no centre is known.

    Of the boundaries imported for those days the latest are drawn.
    """
    folder = settings.HOME / "boundaries"
    days = [day for day in stored_days(folder, level) if first_on <= day <= last_on]
    if days:
        return _outlines(folder, folder.stat().st_mtime_ns, level, days[-1])
    places = _places(units)
    return _tiles(tuple(sorted(places.items()))) if places else None


def schematic_of(units: Sequence[AdministrativeUnit]) -> Schematic | None:
    """The schematic of these units in the unit square; None where no centre is known."""
    places = _places(units)
    return _laid_out(tuple(sorted(places.items()))) if places else None


def _places(units: Sequence[AdministrativeUnit]) -> Mapping[str, Place]:
    return places_of(units, _centroids(settings.PROVINCES_DIR / settings.PROVINCE / "centroids.csv"))


@lru_cache
def _centroids(path: Path) -> Sequence[Centroid]:
    return load_centroids(path) if path.exists() else ()


@lru_cache(maxsize=32)
def _tiles(places: tuple[tuple[str, Place], ...]) -> Drawing:
    drawn = _laid_out(places)
    letter = drawn.width * SIZE * _LETTER
    corners = [corner for tile in drawn.tiles for corner in drawn.corners(tile)]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)

    def shape(tile: Tile) -> Shape:
        x, y = (tile.x - left) * SIZE, (tile.y - top) * SIZE
        ring = [
            (x + (a - tile.x) * SIZE * _FILLED, y + (b - tile.y) * SIZE * _FILLED)
            for a, b in drawn.corners(tile)
        ]
        return Shape(tile.key, _path([ring]), round(x, 1), round(y, 1), round(letter, 1))

    return Drawing(
        shapes=tuple(map(shape, sorted(drawn.tiles, key=lambda tile: (-tile.cell[0], tile.cell[1])))),
        width=round((max(x for x, _ in corners) - left) * SIZE, 1),
        height=round((max(y for _, y in corners) - top) * SIZE, 1),
    )


def _laid_out(places: tuple[tuple[str, Place], ...]) -> Schematic:
    """The layout kept under HOME, else a new one; a file that cannot be read is written again."""
    key = hashlib.sha256(json.dumps((version("vamco"), places)).encode()).hexdigest()
    path = settings.HOME / "maps" / f"schematic-{key[:32]}.json"
    try:
        kept = json.loads(path.read_text("utf-8"))
        return Schematic(tuple(Tile(k, (r, c), x, y) for k, r, c, x, y in kept["tiles"]), kept["width"])
    except (OSError, ValueError, KeyError):
        drawn = lay_out(dict(places))
    tiles = [(tile.key, *tile.cell, tile.x, tile.y) for tile in drawn.tiles]
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False) as file:
        json.dump({"width": drawn.width, "tiles": tiles}, file)
    Path(file.name).replace(path)
    return drawn


@lru_cache(maxsize=8)
def _outlines(folder: Path, changed_at: int, level: Level, map_on: date) -> Drawing:  # noqa: ARG001  a cache key
    """The boundaries on a plane, simplified together so that neighbours keep one line between them."""
    stored = load_boundaries(folder, level, map_on)
    whole = [boundary.geometry for boundary in stored.boundaries]
    _, south, _, north = shapely.total_bounds(whole)
    narrowing = math.cos(math.radians((south + north) / 2))
    flat = shapely.transform(whole, lambda points: points * (narrowing, -1.0))
    left, top, right, bottom = shapely.total_bounds(flat)
    scale = SIZE / max(right - left, bottom - top)
    placed = shapely.transform(flat, lambda points: (points - (left, top)) * scale)
    simple = shapely.coverage_simplify(placed, SIZE * _DETAIL)
    shapes = [_outlined(b.unit_id, geometry) for b, geometry in zip(stored.boundaries, simple, strict=True)]
    return Drawing(
        shapes=tuple(sorted(shapes, key=lambda shape: (shape.y, shape.x))),
        width=round((right - left) * scale, 1),
        height=round((bottom - top) * scale, 1),
        origin=stored.origin,
    )


def _outlined(unit_id: str, geometry: Any) -> Shape:
    middle = shapely.point_on_surface(geometry)
    rings = [ring.coords for part in geometry.geoms for ring in (part.exterior, *part.interiors)]
    letter = min(math.sqrt(geometry.area) * _ROOM, _LARGEST_LETTER)
    return Shape(unit_id, _path(rings), round(middle.x, 1), round(middle.y, 1), round(letter, 1))


def _path(rings: Sequence[Any]) -> str:
    return "".join(f"M{'L'.join(f'{x:.1f},{y:.1f}' for x, y in ring)}Z" for ring in rings)
