"""The layer of a boundary file as it stands in it: fields as text, geometry in its own coordinates."""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from shapely.geometry import shape

from vamco.geography.boundaries.source import FileKind, opened
from vamco.vocabulary.errors import Ambiguous, Refused, Unreadable
from vamco.vocabulary.text import nfc

MAX_GEOJSON_BYTES: Final = 100_000_000  # takes some 12 times as much memory while it is read
MAX_FEATURES: Final = 50_000
MAX_VERTICES: Final = 20_000_000
_SHAPEFILE_HEADER: Final = 100  # bytes
_GEOJSON_CRS: Final = "OGC:CRS84"  # RFC 7946, unless the older `crs` member says otherwise
_DRIVERS: Final = {FileKind.GEOPACKAGE: "GPKG", FileKind.SHAPEFILE: "ESRI Shapefile"}

Geometries = npt.NDArray[np.object_]
"""Shape (n,): shapely geometries or None."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Features in file order: `fields[name][i]` belongs to `geometries[i]`. `crs` None: the file is silent."""

    fields: dict[str, list[str]]
    geometries: Geometries
    crs: str | None

    def field(self, name: str) -> list[str]:
        """The values of a field. Raises `Refused`, listing the fields there are."""
        if name not in self.fields:
            raise Refused("geography.boundary_no_field", field=name, fields=list(self.fields))
        return self.fields[name]


def read_layer(path: Path, layer: str | None = None) -> Layer:
    """The layer of a GeoJSON, GeoPackage or Shapefile, zipped or not. Raises `VamcoError`s that say why not."""
    with opened(path) as (file, kind):
        read = _read_geojson(file) if kind is FileKind.GEOJSON else _read_with_gdal(file, kind, layer)
    _require_sane(path, read)
    return read


def _require_sane(path: Path, layer: Layer) -> None:
    if not len(layer.geometries):
        raise Unreadable("geography.boundary_no_areas", file=path.name)
    if len(layer.geometries) > MAX_FEATURES:
        raise Refused("geography.boundary_too_large", file=path.name, limit=f"{MAX_FEATURES}")
    if shapely.get_num_coordinates(layer.geometries).sum() > MAX_VERTICES:
        raise Refused("geography.boundary_too_large", file=path.name, limit=f"{MAX_VERTICES}")
    if not np.isfinite(shapely.get_coordinates(layer.geometries)).all():
        raise Unreadable("geography.boundary_unreadable", file=path.name, reason="NaN, Infinity")


def _read_geojson(path: Path) -> Layer:
    """Read without GDAL, which would pick one of several JSON drivers by content, some of them executing it."""
    if path.stat().st_size > MAX_GEOJSON_BYTES:
        limit = f"{MAX_GEOJSON_BYTES // 1_000_000} MB (GeoJSON)"
        raise Refused("geography.boundary_too_large", file=path.name, limit=limit)
    try:
        document = json.loads(path.read_text("utf-8-sig"), parse_constant=_no_constant)
        features = document["features"]
        geometries = [shape(f["geometry"]) if f.get("geometry") else None for f in features]
        rows = [dict(f.get("properties") or {}) for f in features]
        crs = document.get("crs") and str(document["crs"]["properties"]["name"])
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as error:
        raise Unreadable("geography.boundary_unreadable", file=path.name, reason=str(error)[:120]) from None
    names = list(dict.fromkeys(name for row in rows for name in row))
    fields = {nfc(name): [_text(row.get(name)) for row in rows] for name in names}
    return Layer(fields, np.array(geometries, dtype=object), crs or _GEOJSON_CRS)


def _read_with_gdal(path: Path, kind: FileKind, layer: str | None) -> Layer:
    if kind is FileKind.SHAPEFILE:
        _require_whole(path)
    try:
        with warnings.catch_warnings():
            # GDAL warns of what it leaves out, as measures (M); what matters here is checked below
            warnings.simplefilter("ignore")
            meta, wkb, columns = _layer_of(path, kind, layer)
        geometries = shapely.from_wkb(wkb, on_invalid="fix")
    except (
        DataSourceError,
        DataLayerError,
        FeatureError,
        GeometryError,
        shapely.errors.ShapelyError,
    ) as error:
        raise Unreadable("geography.boundary_unreadable", file=path.name, reason=str(error)[:120]) from None
    fields = {
        nfc(name): [_text(v) for v in column] for name, column in zip(meta["fields"], columns, strict=True)
    }
    return Layer(fields, geometries, meta["crs"])


def _layer_of(path: Path, kind: FileKind, layer: str | None) -> tuple[dict[str, Any], Any, Any]:
    name = layer or _only_layer(path)
    info = pyogrio.read_info(path, layer=name)
    if info["driver"] != _DRIVERS[kind]:
        raise Unreadable("geography.boundary_unreadable", file=path.name, reason=info["driver"])
    if info["features"] > MAX_FEATURES:
        raise Refused("geography.boundary_too_large", file=path.name, limit=f"{MAX_FEATURES}")
    meta, _, wkb, columns = pyogrio.raw.read(path, layer=name, force_2d=True)
    return meta, wkb, columns


def _require_whole(shapefile: Path) -> None:
    """A Shapefile tells its length in 16-bit words at byte 24; GDAL reads a cut one as empty shapes."""
    with shapefile.open("rb") as file:
        told = 2 * int.from_bytes(file.read(28)[24:], "big")
    if shapefile.stat().st_size < max(told, _SHAPEFILE_HEADER):
        raise Unreadable("geography.boundary_unreadable", file=shapefile.name, reason=f"< {told} byte")


def _no_constant(name: str) -> None:
    """JSON has no NaN and no Infinity, though Python would read them."""
    raise ValueError(name)


def _only_layer(path: Path) -> str:
    names: list[str] = [name for name, kind in pyogrio.list_layers(path) if kind]
    if len(names) != 1:
        raise Ambiguous("geography.boundary_several_layers", file=path.name, candidates=names)
    return names[0]


def _text(value: Any) -> str:
    """A field as text; a whole number loses the point that some formats give it."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return nfc(str(value)).strip()
