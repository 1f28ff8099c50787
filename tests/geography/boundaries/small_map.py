"""A province of twelve square communes around Tân An, as files in any format and coordinates."""

import json
import warnings
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from vamco.geography.boundaries.coordinates import WGS84, CoordinateReading
from vamco.geography.boundaries.references import References
from vamco.geography.unit import AdministrativeUnit, Kind

MAP_ON = date(2025, 7, 1)
SIDE = 0.1  # degrees
_NAMES = ("Tân An", "Long An", "Khánh Hậu", "Bến Lức", "Thủ Thừa", "Tân Trụ")
_NAMES += ("Cần Đước", "Cần Giuộc", "Đức Hòa", "Đức Huệ", "Mộc Hóa", "Vĩnh Hưng")


def unit(code: str, name: str) -> AdministrativeUnit:
    return AdministrativeUnit(
        code, MAP_ON, None, name, Kind.RURAL_COMMUNE, "80", "1682", area_km2_official=Decimal("120.94")
    )


UNITS = [unit(f"0{2_700 + 3 * i}", f"Xã {name}") for i, name in enumerate(_NAMES)]
SQUARES = [
    shapely.box(106 + x * SIDE, 10.5 + y * SIDE, 106.1 + x * SIDE, 10.6 + y * SIDE)
    for y in range(3)
    for x in range(4)
]
PLACES = {
    u.code: (round(square.centroid.x, 4), round(square.centroid.y, 4))
    for u, square in zip(UNITS, SQUARES, strict=True)
}
REFERENCES = References.of(PLACES, spread_m=10.0)


def rows() -> list[dict[str, Any]]:
    """The properties of the twelve features."""
    return [{"ma": u.code, "ten": u.name, "dien_tich": "120.5"} for u in UNITS]


def geojson(path: Path, shapes=tuple(SQUARES), properties=None, crs: str | None = None) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": said,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for said, shape in zip(properties or rows(), shapes, strict=True)
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def with_gdal(
    path: Path,
    driver: str,
    crs: str | None,
    reading: CoordinateReading = WGS84,
    layer: str | None = None,
    append: bool = False,
) -> Path:
    """A GeoPackage or Shapefile whose numbers are so read and whose system is so declared."""
    written = shapely.transform(np.array(SQUARES), reading.from_wgs84)
    columns = [np.array([row[name] for row in rows()], dtype=object) for name in rows()[0]]
    with warnings.catch_warnings():  # a file without system is what some tests want
        warnings.simplefilter("ignore", UserWarning)
        pyogrio.raw.write(
            str(path),
            shapely.to_wkb(written),
            columns,
            list(rows()[0]),
            driver=driver,
            geometry_type="Polygon",
            crs=crs,
            layer=layer,
            append=append,
        )
    return path
