"""Who may see counts below an indicator's minimum."""

from vamco.accounts.policy import Actor, Scope
from vamco.geography.unit import AdministrativeUnit
from vamco.packs.indicator import Indicator

PERMISSION = "indicator.cells"


def sees_cells(actor: Actor, indicator: Indicator, unit: AdministrativeUnit | None = None) -> bool:
    """Whether the actor may see small counts of the indicator: of one unit, or of all where none is given.

    An area is granted by the code of today, so the same code's earlier units are not in it.
    """
    area_code = unit.code if unit and unit.valid_to_on is None else None
    return actor.may(PERMISSION, Scope(indicator.agency, area_code, indicator.pack))
