"""The one table of what may be done with an assignment: from which state, by whom, under which conditions.

Permissions, documentation and tests are made from it; nothing else changes the state of an assignment.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from vamco.accounts.roles import Role


class Status(StrEnum):
    """How far an assignment is. Whether it is in time is another matter: see `timing`."""

    NEW = "new"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """What somebody does with an assignment."""

    ACCEPT = "accept"
    REPORT = "report"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    RETURN = "return"
    INSIST = "insist"
    REASSIGN = "reassign"
    REQUEST_EXPLANATION = "request_explanation"
    EXPLAIN = "explain"
    SUBMIT = "submit"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"
    REOPEN = "reopen"
    CANCEL = "cancel"


class Side(StrEnum):
    """On whose side the verb is: those who ordered, or those who were told."""

    OVERSIGHT = "oversight"
    AGENCY = "agency"


_ROLES: Final = {
    Side.OVERSIGHT: frozenset({Role.LEADER, Role.OPERATOR}),
    Side.AGENCY: frozenset({Role.DEPARTMENT_HEAD, Role.STEWARD, Role.COMMUNE_OFFICER}),
}


class Guard(StrEnum):
    """A condition beside state and role; `guards` knows how each is checked."""

    OF_THE_AGENCY = "of_the_agency"
    NOT_OF_THE_AGENCY = "not_of_the_agency"
    NOT_OWN_WORK = "not_own_work"
    EXTENSION_ASKED = "extension_asked"
    NO_EXTENSION_ASKED = "no_extension_asked"
    EXPLANATION_ASKED = "explanation_asked"
    NO_EXPLANATION_ASKED = "no_explanation_asked"


class Field(StrEnum):
    """What must come with the verb."""

    NOTE = "note"
    EVIDENCE = "evidence"
    AMOUNT = "amount"  # more time, in the unit of the deadline
    AGENCY = "agency"
    DEADLINE = "deadline"


class OnClock(StrEnum):
    """What the verb does to the clock of the deadline."""

    NOTHING = "nothing"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `target` is None where the state stays as it is."""

    verb: Verb
    side: Side
    sources: tuple[Status, ...]
    target: Status | None = None
    required: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()
    clock: OnClock = OnClock.NOTHING

    @property
    def permission(self) -> str:
        """The name of the action, as the role matrix and the audit log know it."""
        return f"assignment.{self.verb}"

    @property
    def roles(self) -> frozenset[Role]:
        """Who may, as far as their grants reach."""
        return _ROLES[self.side]

    @property
    def conditions(self) -> tuple[Guard, ...]:
        """Every guard of the row: whoever was told to do the work is named by the assignment."""
        of_side = (Guard.OF_THE_AGENCY,) if self.side is Side.AGENCY else ()
        return (*of_side, *self.guards)


_TOLD: Final = (Status.NEW, Status.ACCEPTED)
_WORKED_ON: Final = (Status.ACCEPTED, Status.IN_PROGRESS)
NOT_HANDED_IN: Final = (Status.NEW, Status.ACCEPTED, Status.IN_PROGRESS)
_OPEN: Final = (*NOT_HANDED_IN, Status.SUBMITTED, Status.RETURNED)

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(Verb.ACCEPT, Side.AGENCY, (Status.NEW,), Status.ACCEPTED),
    Transition(Verb.REPORT, Side.AGENCY, _WORKED_ON, Status.IN_PROGRESS, (Field.NOTE,)),
    Transition(
        Verb.ASK_EXTENSION,
        Side.AGENCY,
        _WORKED_ON,
        required=(Field.AMOUNT, Field.NOTE),
        guards=(Guard.NO_EXTENSION_ASKED,),
    ),
    Transition(
        Verb.GRANT_EXTENSION,
        Side.OVERSIGHT,
        _WORKED_ON,
        guards=(Guard.EXTENSION_ASKED, Guard.NOT_OF_THE_AGENCY),
        clock=OnClock.EXTEND,
    ),
    Transition(
        Verb.REFUSE_EXTENSION,
        Side.OVERSIGHT,
        _WORKED_ON,
        required=(Field.NOTE,),
        guards=(Guard.EXTENSION_ASKED,),
    ),
    Transition(Verb.RETURN, Side.AGENCY, _TOLD, Status.RETURNED, required=(Field.NOTE,), clock=OnClock.PAUSE),
    Transition(
        Verb.INSIST,
        Side.OVERSIGHT,
        (Status.RETURNED,),
        Status.NEW,
        required=(Field.NOTE,),
        clock=OnClock.RESUME,
    ),
    Transition(
        Verb.REASSIGN,
        Side.OVERSIGHT,
        (*NOT_HANDED_IN, Status.RETURNED),
        Status.CANCELLED,
        required=(Field.AGENCY, Field.DEADLINE, Field.NOTE),
        clock=OnClock.STOP,
    ),
    Transition(
        Verb.REQUEST_EXPLANATION,
        Side.OVERSIGHT,
        (*NOT_HANDED_IN, Status.SUBMITTED),
        required=(Field.NOTE,),
        guards=(Guard.NO_EXPLANATION_ASKED,),
    ),
    Transition(
        Verb.EXPLAIN,
        Side.AGENCY,
        (*NOT_HANDED_IN, Status.SUBMITTED),
        required=(Field.NOTE,),
        guards=(Guard.EXPLANATION_ASKED,),
    ),
    Transition(
        Verb.SUBMIT,
        Side.AGENCY,
        _WORKED_ON,
        Status.SUBMITTED,
        required=(Field.NOTE, Field.EVIDENCE),
        clock=OnClock.PAUSE,
    ),
    Transition(
        Verb.CONFIRM,
        Side.OVERSIGHT,
        (Status.SUBMITTED,),
        Status.COMPLETED,
        guards=(Guard.NOT_OWN_WORK, Guard.NOT_OF_THE_AGENCY, Guard.NO_EXPLANATION_ASKED),
        clock=OnClock.STOP,
    ),
    Transition(
        Verb.SEND_BACK,
        Side.OVERSIGHT,
        (Status.SUBMITTED,),
        Status.IN_PROGRESS,
        required=(Field.NOTE,),
        clock=OnClock.RESUME,
    ),
    Transition(
        Verb.REOPEN,
        Side.OVERSIGHT,
        (Status.COMPLETED,),
        Status.IN_PROGRESS,
        required=(Field.NOTE, Field.DEADLINE),
        clock=OnClock.RESTART,
    ),
    Transition(
        Verb.CANCEL,
        Side.OVERSIGHT,
        _OPEN,
        Status.CANCELLED,
        required=(Field.NOTE,),
        clock=OnClock.STOP,
    ),
)
"""One row for each verb."""

_ROWS: Final = {transition.verb: transition for transition in TRANSITIONS}


def transition_of(verb: Verb) -> Transition:
    """The row of the verb."""
    return _ROWS[verb]
