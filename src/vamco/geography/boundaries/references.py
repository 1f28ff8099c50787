"""Where boundaries ought to lie: reference points of units, and the province's extent."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from vamco.geography.boundaries.vn2000 import Points
from vamco.geography.unit import AdministrativeUnit, unit_id
from vamco.vocabulary.errors import Misused, NotFound

Place = tuple[float, float]
"""Longitude and latitude in degrees on WGS 84."""

Lengths = npt.NDArray[np.float64]
"""Shape (n,)."""

ROUNDING_M: Final = 320.0  # standard deviation of a point rounded to 0.01°, per axis
_MARGIN: Final = 0.1  # degrees around the outermost reference points
_METRES_PER_DEGREE: Final = np.array([111_320.0, 110_600.0])
_COLUMNS: Final = ["code", "valid_from_on", "lon", "lat", "source"]


@dataclass(frozen=True, slots=True)
class Centroid:
    """The rounded centre of a unit, and where it was taken from."""

    code: str
    valid_from_on: date
    lon: float
    lat: float
    source: str


@dataclass(frozen=True, slots=True)
class References:
    """Reference points by unit code, exact to `spread_m` (standard deviation, metres per axis)."""

    places: Mapping[str, Place] = field(default_factory=dict)
    extent: tuple[float, float, float, float] | None = None  # west, south, east, north in degrees
    spread_m: float = ROUNDING_M

    @classmethod
    def of(cls, places: Mapping[str, Place], spread_m: float = ROUNDING_M) -> "References":
        """References whose extent is drawn around their points."""
        points = np.array(list(places.values()))
        west, south = points.min(axis=0) - _MARGIN
        east, north = points.max(axis=0) + _MARGIN
        return cls(places, (west, south, east, north), spread_m)

    def offsets_m(self, points: Points, codes: Sequence[str | None]) -> Points:
        """Metres east and north from its reference to each point that has one."""
        pairs = [(p, self.places[c]) for p, c in zip(points, codes, strict=True) if c and c in self.places]
        if not pairs:
            return np.empty((0, 2))
        found, wanted = (np.array(side) for side in zip(*pairs, strict=True))
        return metres_between(wanted, found)

    def distances_to_extent_m(self, points: Points) -> Lengths:
        """Metres from each point to the extent; zero inside."""
        west, south, east, north = self.extent or (-180.0, -90.0, 180.0, 90.0)
        nearest = np.clip(points, (west, south), (east, north))
        return lengths(metres_between(nearest, points))


def places_of(units: Iterable[AdministrativeUnit], centroids: Iterable[Centroid]) -> dict[str, Place]:
    """The centres of these units by `unit_id`; units without one are left out."""
    known = {unit_id(row.code, row.valid_from_on): (row.lon, row.lat) for row in centroids}
    return {unit.unit_id: known[unit.unit_id] for unit in units if unit.unit_id in known}


def references_for(units: Sequence[AdministrativeUnit], centroids: Sequence[Centroid]) -> References:
    """References for the units of one day; the extent is that of all centres known."""
    everywhere = References.of({str(i): (row.lon, row.lat) for i, row in enumerate(centroids)})
    places = places_of(units, centroids)
    by_code = {unit.code: places[unit.unit_id] for unit in units if unit.unit_id in places}
    return References(by_code, everywhere.extent)


def metres_between(origins: Points, points: Points) -> Points:
    """Metres east and north from origins to points in degrees; exact to 1 % at province scale."""
    with np.errstate(invalid="ignore"):
        moved = (points - origins) * _METRES_PER_DEGREE
    moved[:, 0] *= np.cos(np.radians(origins[:, 1]))
    return np.asarray(moved)


def lengths(vectors: Points) -> Lengths:
    """The length of each vector of shape (n, 2)."""
    return np.asarray(np.hypot(vectors[:, 0], vectors[:, 1]))


def load_centroids(path: Path) -> tuple[Centroid, ...]:
    """The rows of a `centroids.csv`. Raises `NotFound`, or `Misused` with file and line."""
    if not path.is_file():
        raise NotFound("geography.boundary_no_centroids", file=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        if next(lines, None) != _COLUMNS:
            raise Misused("geography.boundary_bad_centroid", file=path, line=1, wanted=_COLUMNS)
        return tuple(_centroid(path, lines.line_num, cells) for cells in lines)


def _centroid(path: Path, line: int, cells: Sequence[str]) -> Centroid:
    try:
        code, valid_from_on, lon, lat, source = cells
        return Centroid(code, date.fromisoformat(valid_from_on), float(lon), float(lat), source)
    except ValueError:
        raise Misused("geography.boundary_bad_centroid", file=path, line=line, wanted=_COLUMNS) from None
