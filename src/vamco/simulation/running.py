"""Sending the made-up deliveries through the one door, month by month, as they would have come."""

import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.utils import timezone

from vamco.accounts.policy import PROGRAM
from vamco.indicators.catching_up import catch_up
from vamco.intake.models import OPEN_STATES, Channel, Delivery
from vamco.intake.receiving import receive
from vamco.intake.worker import check_next
from vamco.simulation.plan import Shipment
from vamco.simulation.world import World

HOLDER: Final = "demo"
"""Under this name the figures are left alone to the run: see `indicators.leasing`."""
_CLOSER_FROM: Final = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run is: files delivered of all, and the month that it has reached."""

    n_done: int
    n_all: int
    month: str


def run(
    world: World, shipments: Sequence[Shipment], tell: Callable[[Progress], None], renew: Callable[[], None]
) -> int:
    """Deliver every shipment in order of arrival and compute now and then; how many were new. `renew` keeps the lease.

    A delivery that is there already stays as it is and is not made up again, so a run that was broken
    off can be taken up again, and one that is done takes no time.
    """
    known = _known_keys(world)
    n_done = n_new = 0
    for _, of_stage in groupby(shipments, key=_stage):
        for shipment in of_stage:
            n_new += _key(world, shipment) not in known and _deliver(world, shipment)
            n_done += 1
            tell(Progress(n_done, len(shipments), f"{timezone.localtime(shipment.arrives_at):%m/%Y}"))
        _wait_until_checked()
        renew()
        catch_up(HOLDER)
    return n_new


def _wait_until_checked() -> None:
    """Check what waits, beside any worker, and wait for what that one has taken."""
    while check_next(HOLDER) or Delivery.objects.filter(state__in=OPEN_STATES, is_simulated=True).exists():
        time.sleep(0.01)


def _deliver(world: World, shipment: Shipment) -> bool:
    received = receive(
        PROGRAM,
        shipment.contract.id,
        str(shipment.period),
        io.BytesIO(shipment.content(world)),
        shipment.filename,
        Channel.COMMAND_LINE,
        idempotency_key=_key(world, shipment),
        is_simulated=True,
        simulated_at=shipment.arrives_at,
    )
    return received.is_new


def _known_keys(world: World) -> set[str]:
    ours = Delivery.objects.filter(is_simulated=True, idempotency_key__startswith=_prefix(world))
    return {key for key in ours.values_list("idempotency_key", flat=True) if key}


def _key(world: World, shipment: Shipment) -> str:
    return f"{_prefix(world)}{shipment.contract.id}-{shipment.period}-{shipment.edition}"


def _prefix(world: World) -> str:
    return f"demo-{world.seed}-{world.scale:g}-"


def _stage(shipment: Shipment) -> tuple[int, int]:
    """The stretch of time after which figures are computed: the early years at once, then a quarter."""
    at = timezone.localtime(shipment.arrives_at)
    return (at.year, (at.month - 1) // 3) if at.date() >= _CLOSER_FROM else (0, 0)
