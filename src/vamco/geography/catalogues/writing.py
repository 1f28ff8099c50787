"""A register written as the three files of a profile."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from vamco.geography.loading import (
    NATIONAL_FOLDER,
    REGISTER_FILE,
    SUCCESSION_COLUMNS,
    SUCCESSION_FILE,
    UNIT_COLUMNS,
    UNITS_FILE,
)
from vamco.geography.register import Register
from vamco.geography.succession import Succession
from vamco.geography.unit import LEVELS_DOWN, AdministrativeUnit, Level
from vamco.vocabulary.errors import Refused

_NATIONAL_LEVELS = frozenset({Level.COUNTRY, Level.PROVINCE})


def write_profile(register: Register, folder: Path, title: str, *, replace_files: bool = False) -> list[Path]:
    """The register's own units and edges (the nation's stay in its folder) as files of `folder`."""
    paths = [folder / name for name in (UNITS_FILE, SUCCESSION_FILE, REGISTER_FILE)]
    if not replace_files and any(path.exists() for path in paths):
        raise Refused("geography.profile_exists", folder=str(folder))
    is_own = folder.name == NATIONAL_FOLDER
    units = [unit for unit in register.units if is_own or unit.level not in _NATIONAL_LEVELS]
    ids = {unit.unit_id for unit in units}
    edges = [edge for edge in register.successions if edge.new_unit_id in ids]
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(paths[0], UNIT_COLUMNS, map(_unit_row, sorted(units, key=_unit_order)))
    _write_csv(paths[1], SUCCESSION_COLUMNS, map(_edge_row, sorted(edges, key=_edge_order)))
    covers = min((unit.valid_from_on for unit in units), default=date.max)
    about = {"version": "1", "title": title, "covers_from_on": covers}
    paths[2].write_text(yaml.safe_dump(about, allow_unicode=True, sort_keys=False), "utf-8")
    return paths


def _unit_row(unit: AdministrativeUnit) -> dict[str, Any]:
    row = {name: getattr(unit, name) for name in UNIT_COLUMNS}
    return {**row, "other_spellings": "|".join(unit.other_spellings)}


def _edge_row(edge: Succession) -> dict[str, Any]:
    row = {name: getattr(edge, name) for name in SUCCESSION_COLUMNS}
    return {**row, "basis": None} if edge.is_whole else row


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _unit_order(unit: AdministrativeUnit) -> tuple[int, str, date]:
    return LEVELS_DOWN.index(unit.level), unit.code, unit.valid_from_on


def _edge_order(edge: Succession) -> tuple[date, int, str, str]:
    clause = int(edge.clause) if edge.clause.isdigit() else 0
    return edge.effective_on, clause, edge.old_unit_id, edge.new_unit_id
