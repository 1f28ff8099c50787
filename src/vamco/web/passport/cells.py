"""Who may see counts below an indicator's minimum."""

from vamco.accounts.policy import Actor
from vamco.geography.unit import AdministrativeUnit
from vamco.packs.indicator import Indicator
from vamco.web.indicators.access import scopes_of

PERMISSION = "indicator.cells"


def sees_cells(actor: Actor, indicator: Indicator, unit: AdministrativeUnit | None = None) -> bool:
    """Whether the actor may see small counts of the indicator: of one unit, or of all where none is given."""
    return any(actor.may(PERMISSION, scope) for scope in scopes_of(indicator, unit))
