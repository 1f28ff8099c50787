"""The contracts that somebody may work on, and the names of the agencies that owe them."""

from vamco.accounts.models import Agency
from vamco.accounts.policy import Actor
from vamco.intake.contracts import packs
from vamco.intake.receiving import scope_of
from vamco.packs.contract import Contract
from vamco.web.language import language_now


def agency_names() -> dict[str, str]:
    """Code of each agency → its name in the reader's language."""
    return dict(Agency.objects.values_list("code", f"name_{language_now()}"))


def contracts_for(actor: Actor, permission: str) -> tuple[Contract, ...]:
    """The contracts for whose deliveries the actor has the permission."""
    return tuple(c for c in packs().contracts if actor.may(permission, scope_of(c)))


def titles() -> dict[str, str]:
    """Id of each contract → its title in the reader's language."""
    return {c.id: c.title.in_(language_now()) for c in packs().contracts}
