"""What waits for somebody today, by their roles."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils import timezone

from vamco.accounts.models import AuditEntry, Person, Token
from vamco.accounts.policy import Actor
from vamco.accounts.roles import Role
from vamco.geography.unit import AdministrativeUnit
from vamco.intake.contracts import packs
from vamco.intake.gaps import Gap
from vamco.intake.models import OPEN_STATES, Delivery, State
from vamco.intake.supply import Supply
from vamco.packs.contract import Contract
from vamco.web.contracts import contracts_for
from vamco.web.deliveries.reading import deliveries_for
from vamco.web.supply.reading import Board, board_of
from vamco.web.units.life import register

N_SHOWN: Final = 10
_TO_CORRECT: Final = (State.PARTLY_ACCEPTED, State.REJECTED, State.UNREADABLE)
_WATCHERS: Final = (Role.LEADER, Role.OPERATOR, Role.DEPARTMENT_HEAD)
_OF_PEOPLE: Final = ("dataset.personal", "delivery.take-rejects", "warehouse.read-personal")
_A_WEEK: Final = timedelta(days=7)
_SOON: Final = timedelta(days=30)


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

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The worst of what is missing."""
        return self.board.gaps[:N_SHOWN]

    @property
    def n_more_gaps(self) -> int:
        """How many datasets more lack something."""
        return len(self.board.gaps) - len(self.gaps)

    @property
    def awaited(self) -> tuple[Supply, ...]:
        """The first of what is due and may still come in time."""
        return self.board.awaited[:N_SHOWN]


def desk_of(actor: Actor, today: date) -> Desk:
    """The desk of that actor on that day."""
    seen = deliveries_for(actor)
    own = [c.id for c in contracts_for(actor, "delivery.receive")]
    same = {"contract_id": OuterRef("contract_id"), "period": OuterRef("period")}
    since = Delivery.objects.filter(**same, pk__gt=OuterRef("pk")).exclude(state=State.UNREADABLE)
    faulty = Delivery.objects.filter(~Exists(since), contract_id__in=own, state__in=_TO_CORRECT)
    return Desk(
        may_deliver=bool(own),
        board=board_of(today, _looked_after(actor)),
        to_correct=tuple(faulty[:N_SHOWN]),
        n_waiting=seen.filter(state__in=OPEN_STATES).count(),
        newest=tuple(seen[:N_SHOWN]),
    )


def _looked_after(actor: Actor) -> tuple[Contract, ...]:
    """What the actor delivers; else what agencies of theirs owe; else everything."""
    delivered = contracts_for(actor, "delivery.receive")
    agencies = {grant.agency for grant in actor.granted}
    owed = tuple(c for c in packs().contracts if c.agency in agencies)
    return delivered or ((() if "" in agencies else owed) or packs().contracts)


def answers_for_data(actor: Actor) -> bool:
    """Whether what is missing is the actor's business: not of those who only look after a commune."""
    return any(grant.role != Role.COMMUNE_OFFICER for grant in actor.granted)


def watches_services(actor: Actor) -> bool:
    """Whether the first thing for the actor is what is abnormal."""
    return any(actor.has_role(role) for role in _WATCHERS)


def communes_of(actor: Actor, today: date) -> list[AdministrativeUnit]:
    """The communes that the actor is an officer of, by today's map."""
    codes = sorted(
        {grant.area_code for grant in actor.granted if grant.role == Role.COMMUNE_OFFICER and grant.area_code}
    )
    return [unit for code in codes if (unit := register().find(code, today))]


@dataclass(frozen=True, slots=True)
class Vigil:
    """What an auditor looks at first: the newest entries, and how often personal data was opened in a week."""

    newest: tuple[AuditEntry, ...]
    n_personal: int


def vigil_of(actor: Actor) -> Vigil | None:
    """The vigil of an auditor; None for others."""
    if not actor.has_role(Role.AUDITOR):
        return None
    since = timezone.now() - _A_WEEK
    opened = AuditEntry.objects.filter(action__in=_OF_PEOPLE, at__gte=since)
    return Vigil(tuple(AuditEntry.objects.order_by("-id")[:N_SHOWN]), opened.count())


@dataclass(frozen=True, slots=True)
class Household:
    """What an administrator keeps in order: people without a role, and keys that end soon."""

    n_people: int
    without_role: tuple[Person, ...]
    ending: tuple[Token, ...]


def household_of(actor: Actor) -> Household | None:
    """The household of an administrator; None for others."""
    if not actor.has_role(Role.ADMINISTRATOR):
        return None
    people = Person.objects.filter(is_active=True)
    keys = Token.objects.filter(revoked_at=None, expires_at__lte=timezone.now() + _SOON)
    return Household(
        people.count(),
        tuple(people.filter(grants=None)[:N_SHOWN]),
        tuple(keys.select_related("agency").order_by("expires_at")[:N_SHOWN]),
    )
