"""Conditions beside state and role: each a plain question about an actor and an assignment."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from vamco.accounts.policy import Actor, Granted
from vamco.directives.models import Assignment
from vamco.directives.transitions import TRANSITIONS, Guard, Side, Status, Transition, Verb
from vamco.directives.wording import words
from vamco.vocabulary.errors import Forbidden, Refused, VamcoError

_TOLD_ROLES: Final = frozenset(
    role for transition in TRANSITIONS if transition.side is Side.AGENCY for role in transition.roles
)


def speaks_for_agency(actor: Actor, assignment: Assignment) -> bool:
    """Whether a grant names the assigned agency, or the commune that it governs; a grant for all names nobody."""
    return any(_names(grant, assignment) for grant in actor.granted)


def refusal(actor: Actor, assignment: Assignment, transition: Transition) -> VamcoError | None:
    """Why the actor may not do that now, or None: permission first, then state, then the guards."""
    return next(_objections(actor, assignment, transition), None)


def allowed(actor: Actor, assignment: Assignment) -> tuple[Transition, ...]:
    """What the actor may do with the assignment now, in the order of the table."""
    return tuple(row for row in TRANSITIONS if refusal(actor, assignment, row) is None)


def _objections(actor: Actor, assignment: Assignment, transition: Transition) -> Iterator[VamcoError]:
    if not actor.may(transition.permission, assignment.scope):
        yield Forbidden("accounts.forbidden", actor=actor.name, permission=transition.permission)
    if Status(assignment.status) not in transition.sources:
        yield Refused("directives.not_in_this_state", **_named(assignment, transition))
    for guard in transition.conditions:
        if not _HOLDS[guard](actor, assignment):
            kind = Forbidden if guard in _ABOUT_PEOPLE else Refused
            yield kind(f"directives.guard_{guard}", agency=assignment.agency.name_vi, actor=actor.name)


def _named(assignment: Assignment, transition: Transition) -> dict[str, object]:
    return {
        "verb": words(f"verb_{transition.verb}"),
        "status": words(f"status_{assignment.status}"),
        "possible": [words(f"status_{status}")["vi"] for status in transition.sources],
    }


def _names(grant: Granted, assignment: Assignment) -> bool:
    is_narrowed = bool(grant.agency or grant.area_code)
    return grant.role in _TOLD_ROLES and is_narrowed and grant.covers(assignment.scope)


def _is_own_work(actor: Actor, assignment: Assignment) -> bool:
    submitted = [event.by for event in assignment.events.all() if event.verb == Verb.SUBMIT]
    return submitted[-1:] == [actor.name]


_ABOUT_PEOPLE: Final = (Guard.OF_THE_AGENCY, Guard.NOT_OF_THE_AGENCY, Guard.NOT_OWN_WORK)
_HOLDS: Final[Mapping[Guard, Callable[[Actor, Assignment], bool]]] = {
    Guard.OF_THE_AGENCY: speaks_for_agency,
    Guard.NOT_OF_THE_AGENCY: lambda actor, assignment: not speaks_for_agency(actor, assignment),
    Guard.NOT_OWN_WORK: lambda actor, assignment: not _is_own_work(actor, assignment),
    Guard.EXTENSION_ASKED: lambda _, assignment: assignment.extension_asked is not None,
    Guard.NO_EXTENSION_ASKED: lambda _, assignment: assignment.extension_asked is None,
    Guard.EXPLANATION_ASKED: lambda _, assignment: assignment.is_explanation_asked,
    Guard.NO_EXPLANATION_ASKED: lambda _, assignment: not assignment.is_explanation_asked,
}
