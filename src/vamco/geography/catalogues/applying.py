"""Carrying out a plan: the register's new state, written as the CSV files of a profile."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from vamco.geography.catalogues.planning import Plan, plan_catalogue
from vamco.geography.catalogues.reading import CatalogueEdge, CatalogueUnit
from vamco.geography.checking import Placed, findings
from vamco.geography.loading import (
    NATIONAL_FOLDER,
    REGISTER_FILE,
    SUCCESSION_COLUMNS,
    SUCCESSION_FILE,
    UNIT_COLUMNS,
    UNITS_FILE,
)
from vamco.geography.names import kind_of
from vamco.geography.register import Register
from vamco.geography.succession import Confidence, Extent, Succession, WeightBasis
from vamco.geography.unit import AdministrativeUnit, Level, unit_id
from vamco.vocabulary.errors import Refused, Unreadable

_NATIONAL_LEVELS = frozenset({Level.COUNTRY, Level.PROVINCE})


@dataclass(frozen=True, slots=True)
class Authority:
    """On whose word a change is made: the resolution, and where the facts were read."""

    resolution: str
    source: str


def applied(plan: Plan, authority: Authority) -> Register:
    """The register after the plan. Raises `Refused` while the plan has faults."""
    if plan.faults:
        raise Refused("geography.plan_has_faults", faults=[f"{d.key} {d.about}" for d in plan.faults])
    kept = plan.kept_codes
    ending = {unit.unit_id for code, unit in plan.before.items() if code not in kept}
    units = [
        replace(unit, valid_to_on=plan.effective_on, ended_by=authority.resolution)
        if unit.unit_id in ending
        else unit
        for unit in plan.register.units
    ]
    units += [_opened(unit, plan, authority) for code, unit in plan.after.items() if code not in kept]
    edges = [_succession(edge, plan, authority) for edge in plan.edges if edge.new_code not in kept]
    after = Register(plan.register.version, units, (*plan.register.successions, *edges))
    _require_consistent(after)
    return after


def base_register(
    national: Register,
    edges: Sequence[CatalogueEdge],
    province_codes: set[str],
    known_from: date,
    until: date,
) -> Register:
    """The country and, as far as the edges tell, the former units of some provinces.

    They are known to have been valid from `known_from`; districts end on `until`.
    """
    own = [edge for edge in edges if edge.old_province_code in province_codes and edge.old_name]
    districts = {
        e.old_parent_code: (e.old_parent_name, e.old_province_code) for e in own if e.old_parent_code
    }
    communes = {e.old_code: (e.old_name, e.old_parent_code or e.old_province_code) for e in own}
    former = [
        *(_former(code, *facts, Level.DISTRICT, known_from, until) for code, facts in districts.items()),
        *(_former(code, *facts, Level.COMMUNE, known_from, until) for code, facts in communes.items()),
    ]
    units = {unit.unit_id: unit for unit in former}
    return Register(national.version, [*national.units, *units.values()], national.successions)


def start_profile(
    national: Register,
    units: Iterable[CatalogueUnit],
    province_code: str,
    effective_on: date,
    *,
    edges: Sequence[CatalogueEdge] = (),
    known_from: date | None = None,
) -> Plan:
    """The plan of a province's first register: its present units, and what they were made of."""
    own = [unit for unit in units if unit.parent_code == province_code]
    if not own:
        raise Refused("geography.no_units_for_province", province=province_code)
    codes = {unit.code for unit in own}
    flows = [edge for edge in edges if edge.new_code in codes]
    province = national.unit(province_code, effective_on)
    provinces = _codes_before(national, province.unit_id, effective_on) | {e.old_province_code for e in flows}
    known_from = known_from or effective_on - timedelta(days=1)
    base = base_register(national, flows, provinces, known_from, effective_on)
    return plan_catalogue(base, own, effective_on, Level.COMMUNE, edges=flows if flows else None)


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


def _opened(unit: CatalogueUnit, plan: Plan, authority: Authority) -> AdministrativeUnit:
    return AdministrativeUnit(
        unit.code,
        plan.effective_on,
        None,
        unit.name,
        unit.kind,
        unit.parent_code,
        authority.resolution,
        source=authority.source,
    )


def _succession(edge: CatalogueEdge, plan: Plan, authority: Authority) -> Succession:
    return Succession(
        plan.before[edge.old_code].unit_id,
        unit_id(edge.new_code, plan.effective_on),
        Extent.WHOLE if edge.is_whole else Extent.PART,
        plan.effective_on,
        None,
        WeightBasis.UNKNOWN,
        Confidence.MEDIUM,
        edge.resolution or authority.resolution,
        edge.article,
        edge.clause,
        authority.source,
    )


def _former(
    code: str, name: str, parent: str, level: Level, known_from: date, until: date
) -> AdministrativeUnit:
    """A unit that has ended; an island district listed among communes, having none, stays a district."""
    kind = kind_of(name, level) or kind_of(name, Level.DISTRICT)
    if kind is None:
        raise Unreadable("geography.unknown_kind", code=code, name=name)
    is_district = kind.level is Level.DISTRICT
    return AdministrativeUnit(
        code,
        known_from,
        until if is_district else None,
        name,
        kind,
        parent,
        legal_basis="",
        source="Danh mục chuyển đổi",
        unverified="valid_from_on: ngày sổ bắt đầu, không phải ngày thành lập",
    )


def _codes_before(national: Register, province_id: str, effective_on: date) -> set[str]:
    origins = [national.get(e.old_unit_id) for e in national.predecessors(province_id)]
    return {unit.code for unit in origins if unit.valid_to_on == effective_on}


def _require_consistent(register: Register) -> None:
    units = [Placed(unit, UNITS_FILE, i) for i, unit in enumerate(register.units, 2)]
    edges = [Placed(edge, SUCCESSION_FILE, i) for i, edge in enumerate(register.successions, 2)]
    faults = findings(units, edges)
    if faults:
        raise Refused(
            "geography.inconsistent_register", faults=[f.as_dict() for f in faults], first=str(faults[0])
        )


def _unit_row(unit: AdministrativeUnit) -> dict[str, Any]:
    return {
        **{name: getattr(unit, name) for name in UNIT_COLUMNS},
        "kind": unit.kind.value,
        "other_spellings": "|".join(unit.other_spellings),
    }


def _edge_row(edge: Succession) -> dict[str, Any]:
    row = {name: getattr(edge, name) for name in SUCCESSION_COLUMNS}
    return {
        **row,
        "extent": edge.extent.value,
        "basis": edge.basis.value,
        "confidence": edge.confidence.value,
    }


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
    return list(Level).index(unit.level), unit.code, unit.valid_from_on


def _edge_order(edge: Succession) -> tuple[date, int, str, str]:
    clause = int(edge.clause) if edge.clause.isdigit() else 0
    return edge.effective_on, clause, edge.old_unit_id, edge.new_unit_id
