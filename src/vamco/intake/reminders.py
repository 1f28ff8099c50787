"""Reminders about owed data: written to an outbox once a period and step; others send them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import PROGRAM
from vamco.intake.models import Reminder
from vamco.intake.supply import Supply, SupplyState, supplies

_BEFORE: Final = timedelta(days=2)


def step_of(entry: Supply, today: date) -> str | None:
    """What the agency is to be told today about an owed period: soon due, overdue, silent, rejected, or nothing."""
    if entry.state is SupplyState.DUE and entry.due_on - today <= _BEFORE:
        return "soon_due"
    steps = {SupplyState.OVERDUE: "overdue", SupplyState.SILENT: "silent", SupplyState.REJECTED: "rejected"}
    return steps.get(entry.state)


def write_reminders(today: date | None = None, entries: Iterable[Supply] | None = None) -> list[Reminder]:
    """Write the reminders that are due and were not yet written; those that are new."""
    on = today or timezone.localdate()
    known = set(Reminder.objects.values_list("contract_id", "period", "step"))
    wanted = [
        (entry, step)
        for entry in (supplies(on) if entries is None else entries)
        if (step := step_of(entry, on)) and (entry.contract.id, str(entry.period), step) not in known
    ]
    if not wanted:
        return []
    with action(PROGRAM, "reminder.write", f"reminders:{on}") as details:
        details["n"] = len(wanted)
        made = [
            Reminder.objects.get_or_create(**_which(entry, step), defaults=_facts(entry))
            for entry, step in wanted
        ]
    return [reminder for reminder, is_new in made if is_new]


def _which(entry: Supply, step: str) -> dict[str, str]:
    return {"contract_id": entry.contract.id, "period": str(entry.period), "step": step}


def _facts(entry: Supply) -> dict[str, object]:
    return {"agency": entry.agency, "due_on": entry.due_on, "written_at": timezone.now()}
