"""What a pair of numbers may mean: degrees or metres, which grid, which datum, which axis first."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError

from vamco.geography.boundaries.vn2000 import GEOGRAPHIC_EPSG, ZONES, Grid, Points, from_wgs84, to_wgs84
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.text import fold

_UTM: Final = {Grid(105.0, 0.9996): 32648, Grid(111.0, 0.9996): 32649}
_NOT_LETTERS: Final = re.compile(r"[^a-z0-9]")
_NATIONAL_SHIFT: Final = (-191.90441429, -39.30318279, -111.45032835)  # metres, Decision 05/2007
_SAME_SHIFT: Final = 1.0  # metres: parameters are often written rounded
_ORIGIN: Final = {"Latitude of natural origin": 0.0, "False easting": 500_000.0, "False northing": 0.0}


class Datum(StrEnum):
    """The datum that coordinates lie on."""

    VN2000 = "VN-2000"
    WGS84 = "WGS 84"


@dataclass(frozen=True, slots=True)
class CoordinateReading:
    """One way to read coordinates; `grid` None means degrees, `swapped` means northing or latitude first."""

    grid: Grid | None
    datum: Datum
    swapped: bool = False

    def to_wgs84(self, points: Points) -> Points:
        """Longitude and latitude of the points so read; not finite where they cannot be."""
        ordered = points[:, ::-1] if self.swapped else points
        return to_wgs84(ordered, self.grid, shift=self.datum is Datum.VN2000)

    def from_wgs84(self, points: Points) -> Points:
        """Longitude and latitude written in this way."""
        written = from_wgs84(points, self.grid, shift=self.datum is Datum.VN2000)
        return np.ascontiguousarray(written[:, ::-1]) if self.swapped else written

    @property
    def epsg(self) -> int | None:
        """The EPSG code, without regard to the order of axes; None where EPSG has none."""
        if self.grid is None:
            return GEOGRAPHIC_EPSG if self.datum is Datum.VN2000 else 4326
        if self.datum is Datum.WGS84:
            return _UTM.get(self.grid)
        return next((epsg for epsg, grid in ZONES.items() if grid == self.grid), None)

    @property
    def proj(self) -> str:
        """A PROJ string that `reading_of` reads back, without regard to the order of axes."""
        shift = (
            f" +towgs84={','.join(map(str, _NATIONAL_SHIFT))},0,0,0,0" if self.datum is Datum.VN2000 else ""
        )
        if self.grid is None:
            return f"+proj=longlat +ellps=WGS84{shift} +type=crs"
        grid = f"+lon_0={self.grid.meridian} +k={self.grid.scale} +x_0=500000"
        return f"+proj=tmerc +lat_0=0 {grid} +y_0=0 +ellps=WGS84{shift} +units=m +type=crs"

    def __str__(self) -> str:
        parts = [str(self.datum), str(self.grid) if self.grid else "(°)"]
        parts += [f"EPSG:{self.epsg}"] if self.epsg else []
        parts += ["(Y, X)"] if self.swapped else []
        return " ".join(parts)


WGS84: Final = CoordinateReading(None, Datum.WGS84)
READINGS: Final = tuple(
    CoordinateReading(grid, datum, swapped)
    for swapped in (False, True)
    for datum in Datum
    for grid in (None, *ZONES.values())
)


def reading_of(crs: str | int) -> CoordinateReading | None:
    """How coordinates in that system are to be read; None when it is neither VN-2000 nor WGS 84.

    Takes an EPSG code, WKT or a PROJ string. Raises `Misused` when it is none of them.
    """
    try:
        parsed = CRS.from_user_input(crs)
    except CRSError:
        raise Misused("geography.boundary_unknown_crs", crs=str(crs)[:80]) from None
    datum = _datum(parsed)
    bare = parsed.source_crs if parsed.is_bound and parsed.source_crs else parsed
    if datum is None:
        return None
    if bare.is_geographic:
        return CoordinateReading(None, datum)
    grid = _grid(bare)
    return CoordinateReading(grid, datum) if grid else None


def _datum(crs: CRS) -> Datum | None:
    if crs.is_bound and crs.coordinate_operation:
        shift = list(crs.coordinate_operation.towgs84)[:3]
        return Datum.VN2000 if np.allclose(shift, _NATIONAL_SHIFT, rtol=0, atol=_SAME_SHIFT) else None
    name = _NOT_LETTERS.sub("", fold(crs.datum.name if crs.datum else ""))
    if "vn2000" in name or "vietnam2000" in name:
        return Datum.VN2000
    return Datum.WGS84 if "wgs84" in name or "worldgeodeticsystem1984" in name else None


def _grid(crs: CRS) -> Grid | None:
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    values = {parameter.name: float(parameter.value) for parameter in operation.params}
    if any(values[name] != usual for name, usual in _ORIGIN.items()):
        return None
    meridian, scale = values["Longitude of natural origin"], values["Scale factor at natural origin"]
    return Grid(round(meridian, 6), round(scale, 9))  # conversion through radians costs the last digit
