"""One boundary: valid, oriented, measured on the ellipsoid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

_ELLIPSOID: Final = Geod(ellps="WGS84")
_M2_PER_KM2: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Boundary:
    """The boundary of a unit in longitude and latitude on WGS 84.

    The official area is what a document says, the computed one what the geometry encloses; both
    are kept, for they differ by up to a third.
    """

    code: str
    unit_id: str
    name: str
    geometry: shapely.MultiPolygon
    computed_area_km2: float
    official_area_km2: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """What was invalid in a geometry, and the area before and after (km²)."""

    code: str
    reason: str
    before_km2: float
    after_km2: float


def area_km2(geometry: BaseGeometry) -> float:
    """The area on the ellipsoid of WGS 84."""
    oriented = shapely.orient_polygons(geometry)
    return abs(float(_ELLIPSOID.geometry_area_perimeter(oriented)[0])) / _M2_PER_KM2


def repaired(code: str, geometry: BaseGeometry) -> tuple[shapely.MultiPolygon | None, Repair | None]:
    """The geometry as valid, oriented polygons (None where no area is left), and what had to be repaired."""
    if shapely.is_valid(geometry):
        return _polygons(geometry), None
    reason = shapely.is_valid_reason(geometry)
    made = _polygons(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    return made, Repair(code, reason, area_km2(geometry), area_km2(made) if made else 0.0)


def _polygons(geometry: BaseGeometry) -> shapely.MultiPolygon | None:
    parts = [part for part in _parts(geometry) if isinstance(part, shapely.Polygon) and not part.is_empty]
    # exterior rings anticlockwise, as RFC 7946 asks
    return shapely.orient_polygons(shapely.MultiPolygon(parts)) if parts else None


def _parts(geometry: BaseGeometry) -> Sequence[BaseGeometry]:
    if not isinstance(geometry, shapely.GeometryCollection | shapely.MultiPolygon):
        return [geometry]
    return [part for member in geometry.geoms for part in _parts(member)]
