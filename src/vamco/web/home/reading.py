"""What waits for somebody today."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef

from vamco.accounts.policy import Actor
from vamco.intake.models import OPEN_STATES, Delivery, State
from vamco.web.contracts import contracts_for
from vamco.web.deliveries.reading import deliveries_for

N_SHOWN: Final = 10
_TO_CORRECT: Final = (State.PARTLY_ACCEPTED, State.REJECTED, State.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Desk:
    """Deliveries that the reader should correct, those being checked, and the newest."""

    may_deliver: bool
    to_correct: tuple[Delivery, ...]
    n_waiting: int
    newest: tuple[Delivery, ...]


def desk_of(actor: Actor) -> Desk:
    """The desk of that actor."""
    seen = deliveries_for(actor)
    own = [c.id for c in contracts_for(actor, "delivery.receive")]
    same = {"contract_id": OuterRef("contract_id"), "period": OuterRef("period")}
    since = Delivery.objects.filter(**same, pk__gt=OuterRef("pk")).exclude(state=State.UNREADABLE)
    faulty = Delivery.objects.filter(~Exists(since), contract_id__in=own, state__in=_TO_CORRECT)
    return Desk(
        may_deliver=bool(own),
        to_correct=tuple(faulty[:N_SHOWN]),
        n_waiting=seen.filter(state__in=OPEN_STATES).count(),
        newest=tuple(seen[:N_SHOWN]),
    )
