"""Who may read which indicators: public ones are open, internal ones are for roles that reach them."""

from collections.abc import Iterable, Iterator

from vamco.accounts.policy import Actor, Scope
from vamco.geography.unit import AdministrativeUnit
from vamco.indicators.declared import packs
from vamco.packs.contract import Sensitivity
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Forbidden

PERMISSION = "indicator.read"


def may_read(actor: Actor, indicator: Indicator, unit: AdministrativeUnit | None = None) -> bool:
    """Whether the actor may read the indicator: of that one unit, or of all where none is given."""
    if indicator.disclosure is Sensitivity.PUBLIC:
        return True
    return actor.signed_in and any(actor.may(PERMISSION, scope) for scope in scopes_of(indicator, unit))


def scopes_of(indicator: Indicator, unit: AdministrativeUnit | None = None) -> Iterator[Scope]:
    """Where the indicator belongs: to the agency that answers for it, and to the one that owns its service.

    An area is granted by the code of today, so the same code's earlier units are not in it.
    """
    area_code = unit.code if unit and unit.valid_to_on is None else None
    for agency in sorted({indicator.agency, *_owners(indicator.pack)}):
        yield Scope(agency, area_code, indicator.pack)


def readable(
    actor: Actor, indicators: Iterable[Indicator], unit: AdministrativeUnit | None = None
) -> list[Indicator]:
    """Those that the actor may read, in order."""
    return [indicator for indicator in indicators if may_read(actor, indicator, unit)]


def require_read(actor: Actor, indicator: Indicator, unit: AdministrativeUnit | None = None) -> None:
    """Raises `Forbidden` unless the actor may."""
    if not may_read(actor, indicator, unit):
        raise Forbidden("accounts.forbidden", actor=actor.name, permission=PERMISSION)


def _owners(slug: str) -> set[str]:
    return {pack.agency for pack in packs() if pack.slug == slug}
