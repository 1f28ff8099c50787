"""Carrying out a plan: the register as it is from the plan's day on."""

from dataclasses import dataclass, replace

from vamco.geography.catalogues.planning import Plan
from vamco.geography.catalogues.reading import CatalogueEdge, CatalogueUnit
from vamco.geography.checking import Placed, require_consistent
from vamco.geography.loading import SUCCESSION_FILE, UNITS_FILE
from vamco.geography.register import Register
from vamco.geography.succession import Confidence, Extent, Succession, WeightBasis
from vamco.geography.unit import AdministrativeUnit, unit_id
from vamco.vocabulary.errors import Refused


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


def _require_consistent(register: Register) -> None:
    """No file holds these rows yet: they are numbered as they stand."""
    units = [Placed(unit, UNITS_FILE, line) for line, unit in enumerate(register.units, 2)]
    edges = [Placed(edge, SUCCESSION_FILE, line) for line, edge in enumerate(register.successions, 2)]
    require_consistent(units, edges)
