"""Administrative units over HTTP, always as of a day."""

from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone
from ninja import Router

from vamco.geography.register import Register
from vamco.geography.resolver import Resolver
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.web.api.schemas import ErrorOut, UnitLifeOut, UnitOut
from vamco.web.callers import SignedRequest
from vamco.web.units.life import life_of, register, units_named

router = Router(tags=["units"])


@router.get("/units", response=list[UnitOut], url_name="units")
def units(
    request: SignedRequest,  # noqa: ARG001  ninja's signature
    q: str = "",
    on: date | None = None,
    level: Level | None = None,
    within: str | None = None,
) -> list[dict[str, Any]]:
    """The map of a day (today when none is given), or units of any time whose name holds `q`."""
    day = on or timezone.localdate()
    if q:
        return [unit.as_dict() for unit, _ in units_named(q, day) if level is None or unit.level is level]
    return [unit.as_dict() for unit in register().units_on(day, level, within)]


@router.get("/units/resolve", response={200: UnitOut, 300: ErrorOut, 404: ErrorOut}, url_name="resolve")
def resolve(
    request: SignedRequest,  # noqa: ARG001
    name: str,
    on: date | None = None,
    level: Level | None = None,
    parent: str | None = None,
) -> dict[str, Any]:
    """The one unit that the name means on that day; 300 lists the candidates when it means several."""
    unit: AdministrativeUnit = _resolver(register()).resolve(name, on or timezone.localdate(), level, parent)
    return unit.as_dict()


@router.get("/units/{code}", response={200: UnitLifeOut, 404: ErrorOut}, url_name="unit")
def unit(request: SignedRequest, code: str, on: date | None = None) -> dict[str, Any]:  # noqa: ARG001
    """The unit with that code on that day, with what came before and after it."""
    life = life_of(code, on, timezone.localdate())
    return {
        "unit": life.unit.as_dict(),
        "predecessors": [kin.edge.as_dict() for kin in life.predecessors],
        "successors": [kin.edge.as_dict() for kin in life.successors],
    }


@cache
def _resolver(book: Register) -> Resolver:
    return Resolver(book)
