"""The shapes of the communes of a day as GeoJSON: imported boundaries, else the schematic (sơ đồ)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import shapely
from django.conf import settings

from vamco.geography.boundaries.store import Origin, load_boundaries, stored_days
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.territory import territory_now
from vamco.web.units.drawing import schematic_of

_DETAIL: Final = 0.002  # of the longer side: bends smaller than this are not drawn
_FILLED: Final = 0.95  # of a tile's radius; the rest is the line between tiles
_DIGITS: Final = 5

Geometry = Mapping[str, Any]


def shapes_of(on: date) -> dict[str, Any]:
    """A FeatureCollection with an id for each unit of the day's map; `origin` is None for a schematic.

    A schematic lies in the square of one degree at 0°, 0°: its places are no places on the globe.
    """
    units, first_on, last_on = _units(on)
    folder = settings.HOME / "boundaries"
    days = [day for day in stored_days(folder, Level.COMMUNE) if first_on <= day <= last_on]
    if days:
        origin, geometries = _outlines(folder.stat().st_mtime_ns, days[-1])
    else:
        origin, geometries = None, _tiles(tuple(units))
    return {
        "type": "FeatureCollection",
        "map_on": on.isoformat(),
        "origin": {"source": origin.source, "licence": origin.licence} if origin else None,
        "features": [
            _feature(unit, geometries[unit.unit_id]) for unit in units if unit.unit_id in geometries
        ],
    }


def _units(on: date) -> tuple[Sequence[AdministrativeUnit], date, date]:
    """Our communes of the day, and the first and last day of their map."""
    territory = territory_now()
    register = territory.register
    changes = register.change_dates(Level.COMMUNE)
    first_on = max((day for day in changes if day <= on), default=date.min)
    last_on = min((day - timedelta(days=1) for day in changes if day > on), default=date.max)
    return [register.get(unit_id) for unit_id in territory.own(on, Level.COMMUNE)], first_on, last_on


def _feature(unit: AdministrativeUnit, geometry: Geometry) -> dict[str, Any]:
    named = {"id": unit.unit_id, "code": unit.code, "name": unit.name}
    return {"type": "Feature", "properties": named, "geometry": geometry}


def _tiles(units: tuple[AdministrativeUnit, ...]) -> Mapping[str, Geometry]:
    drawn = schematic_of(units)
    if drawn is None:
        return {}

    def ring(tile: Any) -> list[list[float]]:
        corners = [
            (tile.x + (x - tile.x) * _FILLED, 1 - tile.y - (y - tile.y) * _FILLED)
            for x, y in drawn.corners(tile)
        ]
        return [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in (*corners, corners[0])]

    return {tile.key: {"type": "Polygon", "coordinates": [ring(tile)]} for tile in drawn.tiles}


@lru_cache(maxsize=8)
def _outlines(changed_at: int, map_on: date) -> tuple[Origin, Mapping[str, Geometry]]:  # noqa: ARG001  a cache key
    """Simplified together, so that neighbours keep one line between them."""
    stored = load_boundaries(settings.HOME / "boundaries", Level.COMMUNE, map_on)
    whole = [boundary.geometry for boundary in stored.boundaries]
    west, south, east, north = shapely.total_bounds(whole)
    simple = shapely.coverage_simplify(whole, max(east - west, north - south) * _DETAIL)
    rounded = shapely.set_precision(simple, 10.0**-_DIGITS)
    found = zip(stored.boundaries, rounded, strict=True)
    return stored.origin, {b.unit_id: shapely.geometry.mapping(geometry) for b, geometry in found}
