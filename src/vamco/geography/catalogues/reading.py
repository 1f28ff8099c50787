"""Catalogues of units and of successions as others publish them, read from CSV."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vamco.geography.names import kind_of
from vamco.geography.unit import Kind, Level
from vamco.vocabulary.errors import Misused, Unreadable
from vamco.vocabulary.text import nfc

Columns = Mapping[str, str]

_UNIT_COLUMNS: Final = {
    "code": ("code", "commune_code", "ward_code", "ma_xa", "ma"),
    "name": ("full_name", "commune", "ward", "ten_xa", "name", "ten"),
    "parent_code": ("parent_code", "province_code", "district_code", "ma_tinh"),
    "type": ("type", "commune_type", "unit_type", "loai"),
}
_PROVINCE_COLUMNS: Final = {
    "code": ("province_code", "code", "ma_tinh", "ma"),
    "name": ("full_name", "province", "ten_tinh", "name", "ten"),
    "type": ("type", "unit_type", "loai"),
}
_EDGE_COLUMNS: Final = {
    "old_code": ("old_code", "old_commune_code", "old_ward_code"),
    "new_code": ("new_code", "new_commune_code", "new_ward_code"),
    "relation": ("relation", "extent"),
    "old_name": ("old_name", "old_commune"),
    "old_parent_code": ("old_parent_code", "old_district_code"),
    "old_parent_name": ("old_parent_name", "old_district"),
    "old_province_code": ("old_province_code",),
    "resolution": ("resolution",),
    "article": ("article",),
    "clause": ("clause",),
}
_WHOLE: Final = frozenset({"whole", "full", "toàn bộ", "1"})
_PART: Final = frozenset({"part", "partial", "một phần", "0"})


@dataclass(frozen=True, slots=True)
class CatalogueUnit:
    """A unit as a catalogue lists it."""

    code: str
    name: str
    kind: Kind
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class CatalogueEdge:
    """A succession as a catalogue lists it; the old unit's own facts where the catalogue has them."""

    old_code: str
    new_code: str
    is_whole: bool
    old_name: str = ""
    old_parent_code: str = ""
    old_parent_name: str = ""
    old_province_code: str = ""
    resolution: str = ""
    article: str = ""
    clause: str = ""


def read_units(path: Path, level: Level, columns: Columns | None = None) -> list[CatalogueUnit]:
    """The units of a CSV file, its columns known by their usual names or named in `columns`."""
    aliases = _PROVINCE_COLUMNS if level is Level.PROVINCE else _UNIT_COLUMNS
    rows = _rows(path, aliases, ("code", "name"), columns or {})
    return [_unit(path, number, row, level) for number, row in rows]


def read_edges(path: Path, columns: Columns | None = None) -> list[CatalogueEdge]:
    """The successions of a CSV file (relation: full or partial), columns as in `read_units`."""
    rows = _rows(path, _EDGE_COLUMNS, ("old_code", "new_code", "relation"), columns or {})
    return [_edge(path, number, row) for number, row in rows]


def _rows(
    path: Path, aliases: Mapping[str, Sequence[str]], required: Sequence[str], columns: Columns
) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = _found(reader.fieldnames or (), aliases, columns)
            missing = [name for name in required if name not in found]
            if missing:
                raise Misused("geography.catalogue_columns", file=str(path), missing=missing)
            return [
                (reader.line_num, {name: nfc(row[column] or "").strip() for name, column in found.items()})
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("geography.unreadable_catalogue", file=str(path), reason=str(error)) from error


def _found(header: Sequence[str], aliases: Mapping[str, Sequence[str]], columns: Columns) -> dict[str, str]:
    candidates = {name: (columns[name],) if name in columns else usual for name, usual in aliases.items()}
    return {
        name: next(column for column in usual if column in header)
        for name, usual in candidates.items()
        if any(column in header for column in usual)
    }


def _unit(path: Path, number: int, row: dict[str, str], level: Level) -> CatalogueUnit:
    name = row["name"]
    kind = kind_of(name, level)
    if kind is None and row.get("type"):
        name = f"{row['type']} {name}"
        kind = kind_of(name, level)
    if kind is None or not row["code"]:
        raise Unreadable("geography.catalogue_row", file=str(path), line=number, name=row["name"])
    parent = "VN" if level is Level.PROVINCE else row.get("parent_code")
    return CatalogueUnit(row["code"], name, kind, parent or None)


def _edge(path: Path, number: int, row: dict[str, str]) -> CatalogueEdge:
    relation = row.pop("relation").casefold()
    if relation not in _WHOLE | _PART:
        raise Unreadable("geography.catalogue_row", file=str(path), line=number, name=relation)
    return CatalogueEdge(is_whole=relation in _WHOLE, **row)
