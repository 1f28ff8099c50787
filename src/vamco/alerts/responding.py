"""By when an incident must be acted on, in working time; acted on is whoever took it, or that it is over."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from vamco.alerts.models import Incident
from vamco.alerts.recording import MACHINE
from vamco.deadlines.clocks import clocks_of, start, stop
from vamco.deadlines.models import OPEN_STATES, Clock
from vamco.packs.alert_rule import AlertRule
from vamco.worktime.policy import AT_ONCE, ClockPolicy, Unit

KIND: Final = "respond"


def begin(incident: Incident, rule: AlertRule, now: datetime) -> None:
    """Start the clock of the rule's promise."""
    policy = ClockPolicy(Unit(rule.respond.unit), rule.respond.amount, AT_ONCE)
    clock = start(incident.subject, KIND, policy, now, MACHINE)
    incident.respond_by = clock.due_at
    incident.save(update_fields=["respond_by"])


def responded(incident: Incident, now: datetime, by: str) -> None:
    """Stop the clock, if it still runs."""
    for clock in clocks_of([incident.subject]):
        if clock.state in OPEN_STATES:
            stop(clock, now, by)


def follow_clocks(incidents: Iterable[Incident]) -> None:
    """Take over deadlines that a change of the calendar moved: the queue is ordered by them in one query."""
    by_subject = {incident.subject: incident for incident in incidents}
    for clock in Clock.objects.filter(subject__in=by_subject, kind=KIND):
        incident = by_subject[clock.subject]
        if incident.respond_by != clock.due_at:
            incident.respond_by = clock.due_at
            incident.save(update_fields=["respond_by"])
