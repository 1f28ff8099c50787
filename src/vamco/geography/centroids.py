"""The centres of units: rounded points, as a province's `centroids.csv` lists them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from vamco.geography.unit import AdministrativeUnit, unit_id
from vamco.vocabulary.errors import Misused, NotFound

Place = tuple[float, float]
"""Longitude and latitude in degrees on WGS 84."""

_COLUMNS: Final = ["code", "valid_from_on", "lon", "lat", "source"]


@dataclass(frozen=True, slots=True)
class Centroid:
    """The rounded centre of a unit, and where it was taken from."""

    code: str
    valid_from_on: date
    lon: float
    lat: float
    source: str


def load_centroids(path: Path) -> tuple[Centroid, ...]:
    """The rows of a `centroids.csv`. Raises `NotFound`, or `Misused` with file and line."""
    if not path.is_file():
        raise NotFound("geography.boundary_no_centroids", file=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        if next(lines, None) != _COLUMNS:
            raise Misused("geography.boundary_bad_centroid", file=path, line=1, wanted=_COLUMNS)
        return tuple(_centroid(path, lines.line_num, cells) for cells in lines)


def places_of(units: Iterable[AdministrativeUnit], centroids: Iterable[Centroid]) -> dict[str, Place]:
    """The centres of these units by `unit_id`; units without one are left out."""
    known = {unit_id(row.code, row.valid_from_on): (row.lon, row.lat) for row in centroids}
    return {unit.unit_id: known[unit.unit_id] for unit in units if unit.unit_id in known}


def _centroid(path: Path, line: int, cells: Sequence[str]) -> Centroid:
    try:
        code, valid_from_on, lon, lat, source = cells
        return Centroid(code, date.fromisoformat(valid_from_on), float(lon), float(lat), source)
    except ValueError:
        raise Misused("geography.boundary_bad_centroid", file=path, line=line, wanted=_COLUMNS) from None
