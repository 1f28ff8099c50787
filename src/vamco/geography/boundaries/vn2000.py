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

from vamco.vocabulary.errors import NotFound

Points = npt.NDArray[np.float64]
"""Shape (n, 2): easting and northing in metres, or longitude and latitude in degrees."""

GEOGRAPHIC: Final = 4756
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


@dataclass(frozen=True, slots=True)
class Zone:
    """A VN-2000 zone that EPSG knows, with the provinces (as before July 2025) EPSG gives it to."""

    epsg: int
    grid: Grid
    used_in: str


def _three(epsg: int, meridian: float, used_in: str) -> Zone:
    return Zone(epsg, Grid(meridian, _SCALE_3), used_in)


ZONES: Final = (
    _three(5896, 102.0, "phía tây 103°30′"),
    _three(9205, 103.0, "Điện Biên, Lai Châu"),
    _three(9206, 104.0, "Sơn La"),
    _three(9207, 104.5, "Cà Mau, Kiên Giang"),
    _three(9208, 104.75, "An Giang, Lào Cai, Nghệ An, Phú Thọ, Yên Bái"),
    _three(5897, 105.0, "103°30′–106°30′"),
    _three(
        9209,
        105.5,
        "Bắc Ninh, Hà Giang, Hà Tĩnh, Hải Dương, Hưng Yên, Nam Định, Sóc Trăng, Tây Ninh, Thái Bình, Trà Vinh, Vĩnh Long",
    ),
    _three(9210, 105.75, "Hải Phòng, TP Hồ Chí Minh, Bến Tre, Bình Dương, Cao Bằng, Long An, Tiền Giang"),
    _three(9211, 106.0, "Hòa Bình, Quảng Bình, Tuyên Quang"),
    _three(9212, 106.25, "Bình Phước, Quảng Trị"),
    _three(9213, 106.5, "Bắc Kạn, Thái Nguyên"),
    _three(9214, 107.0, "Bắc Giang, Thừa Thiên Huế"),
    _three(9215, 107.25, "Lạng Sơn"),
    _three(9216, 107.5, "Kon Tum"),
    _three(5899, 107.75, "Quảng Ninh, Đà Nẵng, Quảng Nam, Bà Rịa - Vũng Tàu, Đồng Nai, Lâm Đồng"),
    _three(5898, 108.0, "phía đông 106°30′"),
    _three(9217, 108.25, "Bình Định, Khánh Hòa, Ninh Thuận"),
    _three(9218, 108.5, "Bình Thuận, Đắk Lắk, Đắk Nông, Gia Lai, Phú Yên"),
    Zone(3405, Grid(105.0, _SCALE_6), "múi 6°, phía tây 108°"),
    Zone(3406, Grid(111.0, _SCALE_6), "múi 6°, phía đông 108°"),
)


def zone(epsg: int) -> Zone:
    """The zone of that EPSG code. Raises `NotFound`."""
    for known in ZONES:
        if known.epsg == epsg:
            return known
    raise NotFound("geography.vn2000_no_zone", epsg=epsg, known=[z.epsg for z in ZONES])


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
