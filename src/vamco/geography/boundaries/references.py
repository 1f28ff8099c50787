"""Where boundaries ought to lie: reference points of units, and the province's extent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from vamco.geography.boundaries.vn2000 import Points
from vamco.geography.centroids import Centroid, Place, places_of
from vamco.geography.unit import AdministrativeUnit

Lengths = npt.NDArray[np.float64]
"""Shape (n,)."""

ROUNDING_M: Final = 320.0  # standard deviation of a point rounded to 0.01°, per axis
_MARGIN: Final = 0.1  # degrees around the outermost reference points
_METRES_PER_DEGREE: Final = np.array([111_320.0, 110_600.0])


@dataclass(frozen=True, slots=True)
class References:
    """Reference points by unit code, exact to `spread_m` (standard deviation, metres per axis)."""

    places: Mapping[str, Place] = field(default_factory=dict)
    extent: tuple[float, float, float, float] | None = None  # west, south, east, north in degrees
    spread_m: float = ROUNDING_M

    @classmethod
    def of(cls, places: Mapping[str, Place], spread_m: float = ROUNDING_M) -> "References":
        """References whose extent is drawn around their points; nowhere when there are none."""
        if not places:
            return cls(spread_m=spread_m)
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
