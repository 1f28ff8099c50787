"""VN-2000, the national system of coordinates, to and from WGS 84 by the national parameters.

The seven parameters are those of Decision 05/2007/QĐ-BTNMT. They are pinned here as one pipeline:
left to choose, PROJ takes another set inside the Mekong Delta, 0.8 m away, and a province that
crosses 11°04′ N gets a seam.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

Points = npt.NDArray[np.float64]
"""Shape (n, 2): easting and northing in metres, or longitude and latitude in degrees."""

GEOGRAPHIC_EPSG: Final = 4756
_SCALE_3: Final = 0.9999
_SCALE_6: Final = 0.9996
_SHIFT: Final = (
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
    "+step +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 "
    "+rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
)


@dataclass(frozen=True, slots=True, order=True)
class Grid:
    """A transverse Mercator grid: central meridian in degrees east, scale along it."""

    meridian: float
    scale: float

    def __str__(self) -> str:
        degrees, minutes = divmod(round(self.meridian * 60), 60)
        return f"{degrees}°{minutes:02d}′ k={self.scale}"


_MERIDIANS_3: Final = {
    5896: 102.0,
    9205: 103.0,
    9206: 104.0,
    9207: 104.5,
    9208: 104.75,
    5897: 105.0,
    9209: 105.5,
    9210: 105.75,
    9211: 106.0,
    9212: 106.25,
    9213: 106.5,
    9214: 107.0,
    9215: 107.25,
    9216: 107.5,
    5899: 107.75,
    5898: 108.0,
    9217: 108.25,
    9218: 108.5,
}
ZONES: Final = {
    **{epsg: Grid(meridian, _SCALE_3) for epsg, meridian in _MERIDIANS_3.items()},
    3405: Grid(105.0, _SCALE_6),
    3406: Grid(111.0, _SCALE_6),
}
"""The grids of VN-2000 by EPSG code: those of 3° in order of meridian, then those of 6°."""


def to_wgs84(points: Points, grid: Grid | None, *, shift: bool = True) -> Points:
    """VN-2000 to longitude and latitude on WGS 84; `grid` None reads degrees.

    `shift=False` leaves the datum alone, as for coordinates that lie on WGS 84 already.
    Points outside the domain come back as infinity.
    """
    return _transform(points, _pipeline(grid, shift), "FORWARD")


def from_wgs84(points: Points, grid: Grid | None, *, shift: bool = True) -> Points:
    """The inverse of `to_wgs84`."""
    return _transform(points, _pipeline(grid, shift), "INVERSE")


def _transform(points: Points, pipeline: Transformer, direction: Any) -> Points:
    x, y = pipeline.transform(points[:, 0], points[:, 1], direction=direction)
    return np.column_stack((x, y))


@cache
def _pipeline(grid: Grid | None, shift: bool) -> Transformer:  # noqa: FBT001  a cache key
    read = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
    if grid:
        read = f"+step +inv +proj=tmerc +lat_0=0 +lon_0={grid.meridian} +k={grid.scale} +x_0=500000 +y_0=0 +ellps=WGS84"
    write = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    return Transformer.from_pipeline(f"+proj=pipeline {read} {_SHIFT if shift else ''} {write}")
