"""Who may read which indicators: public ones are open, internal ones are for roles that reach them."""

from collections.abc import Iterable

from vamco.accounts.policy import Actor, Scope
from vamco.geography.unit import AdministrativeUnit
from vamco.packs.contract import Sensitivity
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Forbidden

PERMISSION = "indicator.read"


def may_read(actor: Actor, indicator: Indicator, unit: AdministrativeUnit | None = None) -> bool:
    """Whether the actor may read the indicator: of that one unit, or of all where none is given."""
    if indicator.disclosure is Sensitivity.PUBLIC:
        return True
    area_code = unit.code if unit and unit.valid_to_on is None else None
    return actor.signed_in and actor.may(PERMISSION, Scope(indicator.agency, area_code, indicator.pack))


def readable(
    actor: Actor, indicators: Iterable[Indicator], unit: AdministrativeUnit | None = None
) -> list[Indicator]:
    """Those that the actor may read, in order."""
    return [indicator for indicator in indicators if may_read(actor, indicator, unit)]


def require_read(actor: Actor, indicator: Indicator, unit: AdministrativeUnit | None = None) -> None:
    """Raises `Forbidden` unless the actor may."""
    if not may_read(actor, indicator, unit):
        raise Forbidden("accounts.forbidden", actor=actor.name, permission=PERMISSION)
