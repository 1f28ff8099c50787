"""Boundaries judged as one map: overlaps, gaps, and areas that documents put differently."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from vamco.geography.boundaries.shape import Boundary, area_km2

TOLERANCE_KM2: Final = 0.01  # one hectare: below, drawing accuracy
AREA_TOLERANCE: Final = 0.05  # share of the official area


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that two units claim."""

    codes: tuple[str, str]
    area_km2: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Ground inside the map that no unit claims, at a point within, between these units."""

    lon: float
    lat: float
    area_km2: float
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaDifference:
    """An official area that the geometry does not bear out; `share` of the official area."""

    code: str
    official_km2: float
    computed_km2: float
    share: float


def overlaps(boundaries: Sequence[Boundary], tolerance_km2: float = TOLERANCE_KM2) -> list[Overlap]:
    """Pairs that share more than the tolerance, largest first."""
    geometries = _geometries(boundaries)
    first, second = shapely.STRtree(geometries).query(geometries, predicate="intersects")
    found = []
    for a, b in zip(first, second, strict=True):
        shared = area_km2(_areas(shapely.intersection(geometries[a], geometries[b]))) if a < b else 0.0
        if shared > tolerance_km2:
            found.append(Overlap((boundaries[a].code, boundaries[b].code), shared))
    return sorted(found, key=lambda overlap: (-overlap.area_km2, overlap.codes))


def gaps(boundaries: Sequence[Boundary], tolerance_km2: float = TOLERANCE_KM2) -> list[Gap]:
    """Holes of the whole map beyond the tolerance, largest first."""
    geometries = _geometries(boundaries)
    tree = shapely.STRtree(geometries)
    found = []
    for hole in _holes(shapely.union_all(geometries)):
        size = area_km2(hole)
        if size > tolerance_km2:
            around = sorted(boundaries[i].code for i in tree.query(hole, predicate="intersects"))
            inside = hole.representative_point()
            found.append(Gap(round(inside.x, 5), round(inside.y, 5), size, tuple(around)))
    return sorted(found, key=lambda gap: (-gap.area_km2, gap.lon))


def area_differences(
    boundaries: Iterable[Boundary], tolerance: float = AREA_TOLERANCE
) -> list[AreaDifference]:
    """Boundaries whose computed area is off the official one by more than this share, worst first."""
    found = []
    for boundary in boundaries:
        if boundary.official_area_km2:
            official = float(boundary.official_area_km2)
            share = boundary.computed_area_km2 / official - 1
            if abs(share) > tolerance:
                found.append(AreaDifference(boundary.code, official, boundary.computed_area_km2, share))
    return sorted(found, key=lambda difference: -abs(difference.share))


def _geometries(boundaries: Sequence[Boundary]) -> npt.NDArray[np.object_]:
    return np.array([boundary.geometry for boundary in boundaries], dtype=object)


def _areas(geometry: BaseGeometry) -> shapely.MultiPolygon:
    parts = np.atleast_1d(shapely.get_parts(geometry))
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])


def _holes(union: BaseGeometry) -> list[shapely.Polygon]:
    return [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
