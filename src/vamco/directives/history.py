"""How assignments stood at an earlier moment: from their events alone, whatever has happened since."""

from collections.abc import Iterable
from datetime import datetime

from vamco.directives.models import Assignment, AssignmentEvent
from vamco.directives.reading import Standing, standings
from vamco.directives.transitions import Status, Verb


def standings_then(assignments: Iterable[Assignment], moment: datetime) -> list[Standing]:
    """Those that were out at that moment, as they stood then; the assignments themselves are not kept so."""
    return standings(filter(None, (_then(one, moment) for one in assignments)), moment)


def events_until(assignment: Assignment, moment: datetime) -> list[AssignmentEvent]:
    """What had happened to it, in order."""
    return [event for event in assignment.events.all() if event.at <= moment]


def moment_of(assignment: Assignment, verb: Verb, moment: datetime) -> datetime | None:
    """When the verb was last done, as known at that moment."""
    done = [event.at for event in events_until(assignment, moment) if event.verb == verb]
    return done[-1] if done else None


def _then(assignment: Assignment, moment: datetime) -> Assignment | None:
    told = events_until(assignment, moment)
    if not told:
        return None
    assignment.status = Status(told[-1].to_status)
    assignment.clock_no = 1 + sum(event.verb == Verb.REOPEN for event in told)
    assignment.policy = [event.details["deadline"] for event in told if "deadline" in event.details][-1]
    return assignment
