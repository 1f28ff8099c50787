"""What people do with an incident: each deed is one action, by somebody who saw how it stood."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from vamco.accounts.action import action
from vamco.accounts.policy import Actor, Scope
from vamco.alerts.incidents import write
from vamco.alerts.models import Event, Incident
from vamco.alerts.recording import MACHINE
from vamco.alerts.responding import responded
from vamco.vocabulary.errors import Misused, NotFound, Refused
from vamco.vocabulary.messages import LANGUAGES, say

LONGEST_SHELF: Final = timedelta(hours=24)


class Deed(StrEnum):
    """What somebody does with an incident."""

    ACKNOWLEDGE = "acknowledge"  # seen, and somebody thinks about it
    TAKE = "take"  # mine from now on; also from somebody else
    RELEASE = "release"
    SHELVE = "shelve"  # not now: out of the queue for a while, with a reason
    UNSHELVE = "unshelve"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a deed."""

    note: str = ""
    until: datetime | None = None


def act(
    actor: Actor,
    incident_id: int,
    deed: Deed,
    seen_version: int,
    given: Given = Given(),
    at: datetime | None = None,
) -> Incident:
    """The incident after the deed, with its event and audit entry.

    `seen_version` is the version that the actor looked at; a comment may be added to any. Raises
    `Refused` naming who did what in between or why it cannot be done, `Misused` for what should have
    come with it, `NotFound`, `Forbidden`.
    """
    now = at or timezone.now()
    scope = scope_of(incident_of(incident_id))
    with action(actor, f"incident.{deed}", f"incident:{incident_id}", scope) as details:
        incident = incident_of(incident_id)
        if deed is not Deed.COMMENT and incident.version != seen_version:
            raise _somebody_was_first(incident)
        changes, told = _DEEDS[deed](actor, incident, given, now)
        _change(incident, {**changes, "version": F("version") + 1})
        write(incident, deed.value, now, actor.name, **told)
        if deed is Deed.TAKE:
            responded(incident, now, actor.name)
        details |= told
    return incident_of(incident_id)


def incident_of(incident_id: int) -> Incident:
    """The incident. Raises `NotFound`."""
    found = Incident.objects.filter(pk=incident_id).first()
    if found is None:
        raise NotFound("alerts.incident_not_found", incident=incident_id)
    return found


def scope_of(incident: Incident) -> Scope:
    """Where it is: in a service; whoever must act is another question."""
    return Scope(service=incident.rule.partition(".")[0])


def possible(actor: Actor, incident: Incident) -> list[Deed]:
    """What this actor may do with it as it stands now."""
    scope = scope_of(incident)
    return [
        deed for deed in Deed if actor.may(f"incident.{deed}", scope) and _makes_sense(deed, actor, incident)
    ]


def _makes_sense(deed: Deed, actor: Actor, incident: Incident) -> bool:
    if deed is Deed.COMMENT:
        return True
    if incident.closed_at is not None:
        return False
    return {
        Deed.ACKNOWLEDGE: not incident.acknowledged_at,
        Deed.TAKE: incident.owner != actor.name,
        Deed.RELEASE: incident.owner == actor.name,
        Deed.SHELVE: incident.shelved_until is None,
        Deed.UNSHELVE: incident.shelved_until is not None,
    }[deed]


Change = tuple[dict[str, Any], dict[str, Any]]
"""The fields that change, and what the event says."""


def _acknowledge(actor: Actor, incident: Incident, given: Given, now: datetime) -> Change:
    _require_open(incident)
    if incident.acknowledged_at:
        raise _somebody_was_first(incident)
    return {"acknowledged_at": now, "acknowledged_by": actor.name}, _noted(given)


def _take(actor: Actor, incident: Incident, given: Given, now: datetime) -> Change:
    """To take it is to have seen it."""
    _require_open(incident)
    seen = {} if incident.acknowledged_at else {"acknowledged_at": now, "acknowledged_by": actor.name}
    return {"owner": actor.name, **seen}, {"before": incident.owner, **_noted(given)}


def _release(actor: Actor, incident: Incident, given: Given, now: datetime) -> Change:  # noqa: ARG001
    if incident.owner != actor.name:
        raise Refused("alerts.not_the_owner", incident=incident.pk, owner=incident.owner or "—")
    return {"owner": ""}, {"before": incident.owner, **_noted(given)}


def _shelve(actor: Actor, incident: Incident, given: Given, now: datetime) -> Change:  # noqa: ARG001
    _require_open(incident)
    if not given.note.strip():
        raise Misused("alerts.shelved_without_reason")
    if given.until is None or not timedelta(0) < given.until - now <= LONGEST_SHELF:
        raise Misused("alerts.shelved_too_long", hours=int(LONGEST_SHELF.total_seconds() // 3600))
    changes = {"shelved_until": given.until, "shelved_why": given.note.strip()}
    return changes, {"until": given.until.isoformat(), **_noted(given)}


def _unshelve(actor: Actor, incident: Incident, given: Given, now: datetime) -> Change:  # noqa: ARG001
    return {"shelved_until": None, "shelved_why": ""}, _noted(given)


def _comment(actor: Actor, incident: Incident, given: Given, now: datetime) -> Change:  # noqa: ARG001
    if not given.note.strip():
        raise Misused("alerts.empty_comment")
    return {}, _noted(given)


_DEEDS: Final[Mapping[Deed, Callable[[Actor, Incident, Given, datetime], Change]]] = {
    Deed.ACKNOWLEDGE: _acknowledge,
    Deed.TAKE: _take,
    Deed.RELEASE: _release,
    Deed.SHELVE: _shelve,
    Deed.UNSHELVE: _unshelve,
    Deed.COMMENT: _comment,
}


def unshelve_due(now: datetime) -> int:
    """Bring back what was put aside until now; how many."""
    due = list(Incident.objects.filter(closed_at=None, shelved_until__lte=now))
    for incident in due:
        _change(incident, {"shelved_until": None, "shelved_why": "", "version": F("version") + 1})
        write(incident, Deed.UNSHELVE.value, now)
    return len(due)


def _change(incident: Incident, changes: Mapping[str, Any]) -> None:
    """By the version that was looked at: whoever comes second changes nothing."""
    found = Incident.objects.filter(pk=incident.pk, version=incident.version)
    if not found.update(**changes):
        raise _somebody_was_first(incident_of(incident.pk))


def _somebody_was_first(incident: Incident) -> Refused:
    last = Event.objects.filter(incident=incident, what__in=Deed).exclude(by=MACHINE).latest("id")
    return Refused(
        "alerts.somebody_was_first",
        incident=incident.pk,
        who=last.by,
        what={language: say(f"alerts.deed_{last.what}", language) for language in LANGUAGES},
        at=timezone.localtime(last.at).strftime("%H:%M:%S %d/%m/%Y"),
    )


def _require_open(incident: Incident) -> None:
    if incident.closed_at is not None:
        raise Refused("alerts.incident_closed", incident=incident.pk)


def _noted(given: Given) -> dict[str, Any]:
    return {"note": given.note.strip()} if given.note.strip() else {}
