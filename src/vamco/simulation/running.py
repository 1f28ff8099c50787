"""Sending the made-up deliveries through the one door, month by month, as they would have come."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone

from vamco.accounts.policy import PROGRAM
from vamco.indicators.catching_up import catch_up
from vamco.intake.models import Channel
from vamco.intake.receiving import receive
from vamco.intake.worker import check_next
from vamco.simulation.plan import Shipment
from vamco.simulation.world import World


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run is: files delivered of all, and the month that it has reached."""

    n_done: int
    n_all: int
    month: str


def run(world: World, shipments: Sequence[Shipment], tell: Callable[[Progress], None]) -> int:
    """Deliver every shipment in order of arrival and compute after each month; how many were new.

    A delivery that is there already stays as it is, so a run that was broken off can be taken up again.
    """
    n_done = n_new = 0
    for month, of_month in groupby(shipments, key=_month):
        for shipment in of_month:
            n_new += _deliver(world, shipment)
            n_done += 1
            tell(Progress(n_done, len(shipments), month))
        while check_next("demo"):
            pass
        catch_up()
    return n_new


def _deliver(world: World, shipment: Shipment) -> bool:
    received = receive(
        PROGRAM,
        shipment.contract.id,
        str(shipment.period),
        io.BytesIO(shipment.content(world)),
        shipment.filename,
        Channel.COMMAND_LINE,
        idempotency_key=f"demo-{world.seed}-{shipment.contract.id}-{shipment.period}-{shipment.edition}",
        is_simulated=True,
        simulated_at=shipment.arrives_at,
    )
    return received.is_new


def _month(shipment: Shipment) -> str:
    return f"{timezone.localtime(shipment.arrives_at):%m/%Y}"
