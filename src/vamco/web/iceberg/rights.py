"""Who may read which dataset through the door, and which of its columns."""

from dataclasses import dataclass
from typing import Final

from vamco.accounts.policy import Actor, Scope
from vamco.intake.contracts import contract_of, packs
from vamco.packs.contract import Contract, Sensitivity
from vamco.vocabulary.errors import Forbidden, NotFound
from vamco.warehouse.schema import schema_of

READ: Final = "warehouse.read"
READ_ALL: Final = "warehouse.read-all"
READ_PERSONAL: Final = "dataset.personal"
_NOTHING: Final = "__nothing"  # the column beside a column, that says which kind of nothing stands there


@dataclass(frozen=True, slots=True)
class Reading:
    """By which permission an actor reads a dataset, and without which columns."""

    permission: str
    scope: Scope
    without: frozenset[str]


def readable(actor: Actor) -> list[str]:
    """Names of the datasets under contract that the actor may read."""
    return [contract.id for contract in packs().contracts if _granted(actor, contract)]


def reading(actor: Actor, dataset: str) -> Reading:
    """How the actor reads the dataset. Raises `Forbidden`; without a contract nobody reads it."""
    try:
        contract = contract_of(dataset)
    except NotFound:
        raise Forbidden("accounts.forbidden", actor=actor.name, permission=READ) from None
    if (granted := _granted(actor, contract)) is None:
        raise Forbidden("accounts.forbidden", actor=actor.name, permission=READ)
    return Reading(*granted, _left_out(actor, contract))


def _granted(actor: Actor, contract: Contract) -> tuple[str, Scope] | None:
    for permission, scope in ((READ, _owed(contract)), (READ_ALL, Scope(service=_service(contract)))):
        if actor.may(permission, scope):
            return permission, scope
    return None


def _left_out(actor: Actor, contract: Contract) -> frozenset[str]:
    """The columns that are not for this actor: personal ones, and those that no contract describes."""
    if actor.may(READ_PERSONAL, _owed(contract)):
        return frozenset()
    return frozenset(c.name for c in schema_of(contract.id).columns if not _is_open(contract, c.name))


def _owed(contract: Contract) -> Scope:
    return Scope(agency=contract.agency, service=_service(contract))


def _service(contract: Contract) -> str:
    return contract.id.partition(".")[0]


def _is_open(contract: Contract, stored: str) -> bool:
    column = stored.removesuffix(_NOTHING)
    return contract.has(column) and contract.column(column).sensitivity != Sensitivity.PERSONAL
