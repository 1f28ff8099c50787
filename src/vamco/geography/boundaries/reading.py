"""Boundaries of a day's map: read from a file, tied to the register of that day, checked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from pyproj import Transformer

from vamco.geography.boundaries.checks import area_differences, gaps, overlaps
from vamco.geography.boundaries.coordinates import WGS84, CoordinateReading, reading_of
from vamco.geography.boundaries.guard import diagnose
from vamco.geography.boundaries.layer import Geometries, Layer, read_layer
from vamco.geography.boundaries.references import References
from vamco.geography.boundaries.report import BoundaryReport
from vamco.geography.boundaries.shape import Boundary, Repair, area_km2, repaired
from vamco.geography.boundaries.ties import Ties, tie
from vamco.geography.unit import AdministrativeUnit
from vamco.vocabulary.errors import Unreadable

_AREA: Final = 2  # dimensions


@dataclass(frozen=True, slots=True)
class Declared:
    """What the sender says of a file; what is left out is read from the file or found out."""

    code_field: str | None = None
    name_field: str | None = None
    area_field: str | None = None
    crs: str | int | None = None
    swap_axes: bool = False
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class BoundaryReading:
    """A file read for a day's map. It holds no boundaries while its coordinates are at fault."""

    map_on: date
    file_name: str
    sha256: str
    boundaries: tuple[Boundary, ...]
    report: BoundaryReport


def read_boundaries(
    path: Path,
    map_on: date,
    units: Sequence[AdministrativeUnit],
    references: References,
    declared: Declared = Declared(),
) -> BoundaryReading:
    """The boundaries of these units of the day's map, and all that is wrong with the file.

    Raises a `VamcoError` when the file cannot be read or its features bear no codes of units.
    """
    layer = read_layer(path, declared.layer)
    ties = tie(layer, units, declared.code_field, declared.name_field, declared.area_field)
    coordinates, geometries = _declared_coordinates(layer, declared)
    areal, others = _told_apart(geometries)
    if not areal:
        raise Unreadable("geography.boundary_no_areas", file=path.name)
    centroids = shapely.get_coordinates(shapely.centroid(geometries[areal]))
    diagnosis = diagnose(centroids, [ties.codes[i] for i in areal], coordinates, references)
    sound = coordinates if diagnosis.is_sound else None
    boundaries, repairs = _boundaries(ties, geometries, areal, sound)
    report = BoundaryReport(
        n_features=len(geometries),
        code_field=ties.code_field,
        diagnosis=diagnosis,
        without_boundary=ties.without_boundary(),
        without_unit=ties.without_unit(),
        without_area=tuple(ties.codes[i] for i in others),
        repeated=ties.repeated(),
        named_otherwise=ties.named_otherwise(),
        repairs=repairs,
        overlaps=tuple(overlaps(boundaries)),
        gaps=tuple(gaps(boundaries)),
        area_differences=tuple(area_differences(boundaries)),
    )
    return BoundaryReading(map_on, path.name, _sha256(path), boundaries, report)


def _told_apart(geometries: Geometries) -> tuple[list[int], list[int]]:
    """Which geometries enclose an area, and which are points, lines, empty or absent."""
    is_areal = (shapely.get_dimensions(geometries) == _AREA) & ~shapely.is_empty(geometries)
    return np.flatnonzero(is_areal).tolist(), np.flatnonzero(~is_areal).tolist()


def _declared_coordinates(layer: Layer, declared: Declared) -> tuple[CoordinateReading | None, Geometries]:
    """How the geometries are to be read; those of a foreign system are brought to WGS 84 first."""
    crs = declared.crs or layer.crs
    if crs is None:
        return None, layer.geometries
    coordinates = reading_of(crs)
    if coordinates:
        return replace(coordinates, swapped=declared.swap_axes), layer.geometries
    foreign = Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)
    return WGS84, shapely.transform(layer.geometries, foreign.transform, interleaved=False)


def _boundaries(
    ties: Ties, geometries: Geometries, areal: Sequence[int], coordinates: CoordinateReading | None
) -> tuple[tuple[Boundary, ...], tuple[Repair, ...]]:
    """One boundary for each tied feature that encloses an area, the first of a repeated code."""
    boundaries: dict[str, Boundary] = {}
    repairs = []
    if coordinates is None:
        return (), ()
    for i in areal:
        unit = ties.unit(i)
        if unit is None or unit.code in boundaries:
            continue
        placed = shapely.transform(geometries[i], coordinates.to_wgs84)
        geometry, repair = repaired(unit.code, placed)
        repairs += [repair] if repair else []
        if geometry:
            official = ties.areas[i] or unit.area_km2_official
            boundaries[unit.code] = Boundary(
                unit.code, unit.unit_id, unit.name, geometry, area_km2(geometry), official
            )
    return tuple(boundaries[code] for code in sorted(boundaries)), tuple(repairs)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
