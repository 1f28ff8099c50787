"""The desk: the queue of incidents, asked for again and again, and what is done from it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from vamco.alerts.acting import act
from vamco.alerts.models import Silence
from vamco.alerts.queue import Item, incident_for, queue_for, queue_version
from vamco.alerts.rules import rules_in_force
from vamco.alerts.shifts import last_note, on_watch
from vamco.vocabulary.errors import VamcoError
from vamco.web.callers import SignedRequest
from vamco.web.conditional import unchanged
from vamco.web.language import language_now
from vamco.web.watch.deeds import SHELF_HOURS, deed_of, done_words, given_in, version_in
from vamco.web.watch.incidents import incident_page
from vamco.web.watch.rows import Row, names_of, places_of, rows_of

_ROW: Final = "row"  # what a page that acts in place asks for


@dataclass(frozen=True, slots=True)
class Desk:
    """The queue in rows."""

    waiting: tuple[Row, ...]
    shelved: tuple[Row, ...]
    muted: tuple[Row, ...]
    n_unacknowledged: int
    n_late: int
    is_simulated: bool
    now: datetime


def desk_of(request: SignedRequest) -> Desk:
    """The desk of the reader."""
    queue = queue_for(request.actor)
    rows = rows_of((*queue.waiting, *queue.shelved, *queue.muted), request.actor, queue.now)
    first, second = len(queue.waiting), len(queue.waiting) + len(queue.shelved)
    return Desk(
        rows[:first],
        rows[first:second],
        rows[second:],
        queue.n_unacknowledged,
        queue.n_late,
        queue.is_simulated,
        queue.now,
    )


@require_safe
def watch(request: SignedRequest) -> HttpResponse:
    """The desk."""
    tag = _tag(request)
    found = _shown(request) | {
        **_watch_kept(),
        "tag": tag,
        "hours": SHELF_HOURS,
        "page_keys": True,
    }
    return render(request, "watch/desk.html", found)


@require_safe
def queue(request: SignedRequest) -> HttpResponse:
    """The queue alone; 304 while nothing in it changed."""
    tag = _tag(request)
    response = unchanged(request, tag)
    if response is None:
        response = render(request, "watch/queue.html", _shown(request) | {"is_part": True})
        response.headers["ETag"] = tag
    return response


def _shown(request: SignedRequest) -> dict[str, Any]:
    desk = desk_of(request)
    everything = (*desk.waiting, *desk.shelved, *desk.muted)
    return {
        "desk": desk,
        "places": places_of(everything),
        "simulated": desk.is_simulated,
        "now": desk.now,
        "n_rules": len(rules_in_force()),
    }


def _watch_kept() -> dict[str, Any]:
    """Who watches, what the shift before left, and what is silenced."""
    now, note = timezone.now(), last_note()
    shifts = on_watch(now)
    operators = [shift.operator for shift in shifts] + ([note.operator] if note else [])
    return {
        "shifts": shifts,
        "note": note,
        "names": names_of(operators),
        "silences": Silence.objects.filter(starts_at__lte=now, ends_at__gt=now).order_by("ends_at"),
    }


def _tag(request: SignedRequest) -> str:
    """Of what the reader sees, and in which language."""
    said = f"{queue_version()}·{request.actor}·{language_now()}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def incident(request: SignedRequest, incident_id: int) -> HttpResponse:
    """One incident."""
    return incident_page(request, incident_for(request.actor, incident_id))


@require_POST
def incident_deed(request: SignedRequest, incident_id: int, deed: str) -> HttpResponse:
    """Do it, and go back to where the reader was; in place where the page asks for the row alone.

    Whoever comes second, or leaves out what is needed, sees the incident as it stands, with what they wrote.
    """
    wanted = deed_of(deed)
    item = incident_for(request.actor, incident_id)
    try:
        after = act(request.actor, incident_id, wanted, version_in(request), given_in(request))
    except VamcoError as error:
        return _not_done(request, incident_for(request.actor, incident_id), error)
    if request.headers.get("Vamco-Part") == _ROW:
        return _row_alone(request, Item(after, item.alerts), {"done": done_words(wanted, after)})
    return redirect(_back(request, incident_id))


def _not_done(request: SignedRequest, item: Item, error: VamcoError) -> HttpResponse:
    said = error.say(language_now())
    if request.headers.get("Vamco-Part") == _ROW:
        return _row_alone(request, item, {"error": said}, error.http_status)
    return incident_page(request, item, error=said, status=error.http_status)


def _row_alone(
    request: SignedRequest, item: Item, said: dict[str, Any], status: int = HTTPStatus.OK
) -> HttpResponse:
    now = timezone.now()
    raised = Item(item.incident, tuple(alert for alert in item.alerts if alert.is_raised))
    (row,) = rows_of([raised], request.actor, now)
    return render(request, "watch/row.html", {"row": row, "now": now, **said}, status=status)


def _back(request: SignedRequest, incident_id: int) -> str:
    """Where the reader came from, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and is_ours else reverse("incident", args=[incident_id])
