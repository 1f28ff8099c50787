"""The plan of a province's first register, from a national catalogue."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from vamco.geography.catalogues.planning import Plan, plan_catalogue
from vamco.geography.catalogues.reading import CatalogueEdge, CatalogueUnit
from vamco.geography.names import kind_of
from vamco.geography.register import Register
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.vocabulary.errors import Refused, Unreadable


def plan_profile(
    national: Register,
    units: Iterable[CatalogueUnit],
    province_code: str,
    effective_on: date,
    *,
    edges: Sequence[CatalogueEdge] = (),
    known_from: date | None = None,
) -> Plan:
    """The province's units from `effective_on` on, and what they were made of as far as the edges tell.

    The former units are known from `known_from`, or else from the day before. Raises `Refused` when
    the catalogue has no unit of the province.
    """
    own = [unit for unit in units if unit.parent_code == province_code]
    if not own:
        raise Refused("geography.no_units_for_province", province=province_code)
    codes = {unit.code for unit in own}
    flows = [edge for edge in edges if edge.new_code in codes]
    province = national.unit(province_code, effective_on)
    provinces = _codes_before(national, province.unit_id, effective_on) | {e.old_province_code for e in flows}
    known_from = known_from or effective_on - timedelta(days=1)
    before = _register_before(national, flows, provinces, known_from, effective_on)
    return plan_catalogue(before, own, effective_on, Level.COMMUNE, edges=flows or None)


def _register_before(
    national: Register,
    edges: Sequence[CatalogueEdge],
    province_codes: set[str],
    known_from: date,
    until: date,
) -> Register:
    """The country and the units of these former provinces that the edges name."""
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


def _former(
    code: str, name: str, parent: str, level: Level, known_from: date, until: date
) -> AdministrativeUnit:
    """A district that ends, or a commune that the plan will end.

    An island district is listed among the communes, having none, and stays a district.
    """
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
