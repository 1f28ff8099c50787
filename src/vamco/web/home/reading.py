"""What waits for somebody today."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef

from vamco.accounts.policy import Actor
from vamco.intake.contracts import packs
from vamco.intake.models import OPEN_STATES, Delivery, State
from vamco.web.contracts import contracts_for
from vamco.web.deliveries.reading import deliveries_for
from vamco.web.supply.reading import Board, board_of

N_SHOWN: Final = 10
_TO_CORRECT: Final = (State.PARTLY_ACCEPTED, State.REJECTED, State.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the reader should correct and deliver, and what has just come.

    The board is of the reader's own datasets, or of all where they look after the whole.
    """

    may_deliver: bool
    board: Board
    to_correct: tuple[Delivery, ...]
    n_waiting: int
    newest: tuple[Delivery, ...]


def desk_of(actor: Actor, today: date) -> Desk:
    """The desk of that actor on that day."""
    seen = deliveries_for(actor)
    contracts = contracts_for(actor, "delivery.receive")
    own = [c.id for c in contracts]
    same = {"contract_id": OuterRef("contract_id"), "period": OuterRef("period")}
    since = Delivery.objects.filter(**same, pk__gt=OuterRef("pk")).exclude(state=State.UNREADABLE)
    faulty = Delivery.objects.filter(~Exists(since), contract_id__in=own, state__in=_TO_CORRECT)
    return Desk(
        may_deliver=bool(own),
        board=board_of(today, contracts or packs().contracts),
        to_correct=tuple(faulty[:N_SHOWN]),
        n_waiting=seen.filter(state__in=OPEN_STATES).count(),
        newest=tuple(seen[:N_SHOWN]),
    )
