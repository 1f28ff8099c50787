"""Imported boundaries kept as GeoParquet 1.1, one file for each import of a level and a day's map.

A file is never rewritten: a later import of the same map is its next version; the latest imported
once more adds none.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from vamco.geography.boundaries.shape import Boundary
from vamco.geography.unit import Level
from vamco.vocabulary.errors import NotFound

_BBOX: Final = ("xmin", "ymin", "xmax", "ymax")
_OURS: Final = b"vamco"
_SCHEMA: Final = pa.schema(
    [
        ("code", pa.string()),
        ("unit_id", pa.string()),
        ("name", pa.string()),
        ("official_area_km2", pa.decimal128(12, 4)),
        ("computed_area_km2", pa.float64()),
        ("bbox", pa.struct([(side, pa.float64()) for side in _BBOX])),
        ("geometry", pa.binary()),
    ]
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stored map comes from; `sha256` is of the file that was imported."""

    map_on: date
    level: Level
    file_name: str
    sha256: str
    coordinates: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class StoredBoundaries:
    """A map in store: its origin, its version (from 1), its boundaries by code."""

    path: Path
    version: int
    origin: Origin
    boundaries: tuple[Boundary, ...]


def store_boundaries(folder: Path, origin: Origin, boundaries: Sequence[Boundary]) -> StoredBoundaries:
    """Keep the boundaries as the next version of their map; they are on disk, or not at all."""
    latest = _versions(folder, origin.level, origin.map_on)
    if latest and (stored := _load(latest[-1])).origin == origin and stored.boundaries == tuple(boundaries):
        return stored
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix=".boundaries-", suffix=".part") as part:
        pq.write_table(_table(origin, boundaries), part)
        part.flush()
        os.fsync(part.fileno())
        path = _publish(Path(part.name), folder, origin)
    return _load(path)


def load_boundaries(folder: Path, level: Level, map_on: date) -> StoredBoundaries:
    """The latest version of that map. Raises `NotFound` when none was imported."""
    versions = _versions(folder, level, map_on)
    if not versions:
        raise NotFound("geography.boundary_none_stored", level=level.value, map_on=map_on.isoformat())
    return _load(versions[-1])


def stored_days(folder: Path, level: Level) -> tuple[date, ...]:
    """The days whose maps of that level are in store, in order."""
    names = (path.name for path in folder.glob(f"{level.value}-????-??-??-v*.parquet"))
    return tuple(sorted({date.fromisoformat(name.removeprefix(f"{level.value}-")[:10]) for name in names}))


def _versions(folder: Path, level: Level, map_on: date) -> list[Path]:
    return sorted(folder.glob(f"{level.value}-{map_on.isoformat()}-v*.parquet"))


def _publish(part: Path, folder: Path, origin: Origin) -> Path:
    """Give the written file the first free version; a link never replaces what another import put there."""
    version = len(_versions(folder, origin.level, origin.map_on)) + 1
    while True:
        path = folder / f"{origin.level.value}-{origin.map_on.isoformat()}-v{version:04d}.parquet"
        try:
            os.link(part, path)
        except FileExistsError:
            version += 1
            continue
        _sync(folder)
        return path


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _table(origin: Origin, boundaries: Sequence[Boundary]) -> Any:
    rows = [
        {
            "code": boundary.code,
            "unit_id": boundary.unit_id,
            "name": boundary.name,
            "official_area_km2": boundary.official_area_km2,
            "computed_area_km2": boundary.computed_area_km2,
            "bbox": dict(zip(_BBOX, boundary.geometry.bounds, strict=True)),
            "geometry": shapely.to_wkb(boundary.geometry, byte_order=1, output_dimension=2),
        }
        for boundary in boundaries
    ]
    said = {"geo": json.dumps(_geo(boundaries)), _OURS: json.dumps(asdict(origin), default=str)}
    return pa.Table.from_pylist(rows, schema=_SCHEMA.with_metadata(said))


def _geo(boundaries: Sequence[Boundary]) -> dict[str, Any]:
    """The file's own description, as GeoParquet 1.1 lays it down; without `crs` it means OGC:CRS84."""
    covering = {side: ["bbox", side] for side in _BBOX}
    geometry = {
        "encoding": "WKB",
        "geometry_types": ["MultiPolygon"],
        "orientation": "counterclockwise",
        "bbox": list(shapely.total_bounds([boundary.geometry for boundary in boundaries])),
        "covering": {"bbox": covering},
    }
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}


def _load(path: Path) -> StoredBoundaries:
    table = pq.read_table(path)
    said = json.loads(table.schema.metadata[_OURS])
    origin = Origin(**{**said, "map_on": date.fromisoformat(said["map_on"]), "level": Level(said["level"])})
    rows = table.to_pylist()
    return StoredBoundaries(path, int(path.stem.rpartition("-v")[2]), origin, tuple(map(_boundary, rows)))


def _boundary(row: dict[str, Any]) -> Boundary:
    official: Decimal | None = row["official_area_km2"]
    return Boundary(
        row["code"],
        row["unit_id"],
        row["name"],
        shapely.from_wkb(row["geometry"]),
        row["computed_area_km2"],
        official,
    )
