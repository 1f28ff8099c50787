"""The contracts that somebody may work on, and the names of the agencies that owe them."""

from vamco.accounts.models import Agency
from vamco.accounts.policy import Actor
from vamco.intake.contracts import packs
from vamco.intake.receiving import scope_of
from vamco.packs.contract import Column, Contract, Sensitivity
from vamco.web.language import language_now


def agency_names() -> dict[str, str]:
    """Code of each agency → its name in the reader's language."""
    return dict(Agency.objects.values_list("code", f"name_{language_now()}"))


def contracts_for(actor: Actor, permission: str) -> tuple[Contract, ...]:
    """The contracts for whose deliveries the actor has the permission."""
    return tuple(c for c in packs().contracts if actor.may(permission, scope_of(c)))


def hidden_columns(actor: Actor, contract: Contract) -> tuple[Column, ...]:
    """The columns whose values the actor may not see: public ones are open to all who sign in."""
    needed = {Sensitivity.INTERNAL: "dataset.rows", Sensitivity.PERSONAL: "dataset.personal"}
    closed = {level for level, permission in needed.items() if not actor.may(permission, scope_of(contract))}
    return tuple(column for column in contract.columns if column.sensitivity in closed)


def titles() -> dict[str, str]:
    """Id of each contract → its title in the reader's language."""
    return {c.id: c.title.in_(language_now()) for c in packs().contracts}
