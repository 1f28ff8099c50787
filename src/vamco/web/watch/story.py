"""The story of an incident: every event, what the machine did at one moment told as one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from vamco.alerts.models import Event, Incident
from vamco.alerts.recording import MACHINE
from vamco.vocabulary.messages import catalogue, say
from vamco.vocabulary.severity import Severity
from vamco.web.language import language_now
from vamco.web.templatetags.figures import moment
from vamco.web.watch.rows import names_of

_LOOKS: Final = {"opened": "serious", "firing": "serious", "no_data": "attention", "escalated": "serious"}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story; `n` alerts did the same at that moment."""

    at: datetime
    what: str
    by: str  # empty for the machine
    note: str
    n: int
    look: str


def story_of(incident: Incident) -> list[Told]:
    """The story, newest first."""
    events = list(incident.events.order_by("at", "id"))
    names = names_of(event.by for event in events)
    groups = [list(group) for _, group in groupby(events, key=lambda e: (e.at, e.what, e.by))]
    return [_told(group, names) for group in reversed(groups)]


def _told(group: list[Event], names: Mapping[str, str]) -> Told:
    first = group[0]
    return Told(
        at=first.at,
        what=_words(first),
        by="" if first.by == MACHINE else names.get(first.by, first.by),
        note=str(first.details.get("note", "")),
        n=len(group),
        look=_LOOKS.get(first.what, ""),
    )


def _words(event: Event) -> str:
    key = f"watch_did_{event.what}"
    if key not in catalogue("web"):
        return event.what
    return say(f"web.{key}", language_now(), **_details(event.details))


def _details(details: Mapping[str, Any]) -> dict[str, str]:
    language = language_now()
    said = {"before": "", "after": "", "until": "", "roles": ""}
    for name in ("before", "after"):
        if details.get(name) in {severity.value for severity in Severity}:
            said[name] = Severity(details[name]).in_(language)
    if details.get("until"):
        said["until"] = moment(datetime.fromisoformat(details["until"]))
    said["roles"] = ", ".join(_role(role) for role in _listed(details.get("roles")))
    return said


def _role(role: str) -> str:
    return say(f"accounts.role_{role}", language_now()).lower()


def _listed(roles: object) -> Iterable[str]:
    return roles if isinstance(roles, list) else ()
