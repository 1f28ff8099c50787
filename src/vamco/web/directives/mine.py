"""What an agency or a commune was told: what to do now by deadline, what the office has, what is done."""

from dataclasses import dataclass
from typing import Final

from vamco.accounts.policy import Actor
from vamco.directives.guards import allowed, speaks_for_agency
from vamco.directives.reading import Choice, Standing, assignments_for, standings
from vamco.directives.transitions import Status
from vamco.web.directives.page import Card, card_of

N_DONE: Final = 10
_WITH_US: Final = (Status.NEW, Status.ACCEPTED, Status.IN_PROGRESS)
_WITH_THE_OFFICE: Final = (Status.SUBMITTED, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class Mine:
    """The assignments of the reader's agency, each list by deadline; of what is done the newest."""

    to_do: tuple[Card, ...]
    with_office: tuple[Card, ...]
    done: tuple[Card, ...]

    @property
    def is_simulated(self) -> bool:
        """Whether any of it was made up for a trial."""
        every = (*self.to_do, *self.with_office, *self.done)
        return any(one.standing.assignment.directive.is_simulated for one in every)


def mine_of(actor: Actor) -> Mine:
    """The assignments that name an agency or commune of the actor."""
    own = [one for one in assignments_for(actor) if speaks_for_agency(actor, one)]
    found = sorted(standings(own), key=lambda one: (one.due_at, one.assignment.pk))
    return Mine(
        _cards(actor, found, _WITH_US),
        _cards(actor, found, _WITH_THE_OFFICE),
        _cards(actor, found[::-1], (Status.COMPLETED,))[:N_DONE],
    )


def _cards(actor: Actor, found: list[Standing], statuses: tuple[Status, ...]) -> tuple[Card, ...]:
    picked = [one for one in found if one.status in statuses]
    return tuple(card_of(actor, Choice(one, allowed(actor, one.assignment))) for one in picked)
