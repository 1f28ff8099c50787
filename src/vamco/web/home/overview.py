"""What somebody who watches services sees first: what is abnormal, and whether the data is alive."""

from dataclasses import dataclass
from typing import Final

from vamco.accounts.policy import Actor, Granted, Scope
from vamco.indicators.declared import packs
from vamco.packs.pack import Pack
from vamco.web.indicators.access import readable
from vamco.web.wall.abnormal import Abnormal
from vamco.web.wall.services import Service
from vamco.web.wall.snapshot import snapshots

N_ABNORMAL: Final = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """The abnormal of the reader's services, the worst first, and the strips of those services."""

    abnormal: tuple[Abnormal, ...]
    n_more: int
    services: tuple[Service, ...]
    is_simulated: bool


def overview_of(actor: Actor) -> Overview | None:
    """The overview of the services that the actor watches, of all where their role is not narrowed.

    None while another page of the process is reading it for the first time.
    """
    seen = snapshots().seen()
    if seen is None:
        return None
    services = tuple(service for service in seen.services if watches(actor, service.pack))
    own = {pack.slug for pack in packs() if watches(actor, pack)}
    rows = [row for row in seen.abnormal if row.standing.indicator.pack in own and _may_read(actor, row)]
    shown = tuple(rows[:N_ABNORMAL])
    return Overview(shown, len(rows) - len(shown), services, seen.is_simulated)


def watches(actor: Actor, pack: Pack) -> bool:
    """Whether the service is the actor's: granted, or fed or owned by an agency of theirs."""
    return any(_is_of(grant, pack) for grant in actor.granted)


def _is_of(grant: Granted, pack: Pack) -> bool:
    agencies = {pack.agency, *(contract.agency for contract in pack.contracts)}
    return grant.covers(Scope(service=pack.slug)) and (not grant.agency or grant.agency in agencies)


def _may_read(actor: Actor, row: Abnormal) -> bool:
    return bool(readable(actor, [row.standing.indicator]))
