"""The log of shifts: who watches, and what one shift leaves to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from vamco.accounts.models import Person
from vamco.accounts.roles import Role
from vamco.alerts.acting import Deed
from vamco.alerts.models import Event, Shift
from vamco.alerts.queue import queue_for
from vamco.alerts.shifts import begin, hand_over, last_note, on_watch, plan
from vamco.vocabulary.errors import Misused, VamcoError
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.parameters import number_asked
from vamco.web.watch.deeds import moment_of
from vamco.web.watch.rows import names_of

N_ON_A_PAGE: Final = 30
HOURS: Final = (4, 8, 12)


@dataclass(frozen=True, slots=True)
class Line:
    """A shift, with what was done in it."""

    shift: Shift
    operator: str
    to: str
    ended_at: datetime
    n_opened: int
    n_deeds: int


@require_safe
def shifts(request: SignedRequest) -> HttpResponse:
    """Who watches now, the forms to take the watch and hand it over, and the shifts before."""
    return _page(request)


@require_POST
def shift_begin(request: SignedRequest) -> HttpResponse:
    """Take the watch from now on."""
    try:
        begin(request.actor, _hours(request))
    except VamcoError as error:
        return _page(request, error.say(language_now()), error.http_status)
    return redirect("shifts")


@require_POST
def shift_plan(request: SignedRequest) -> HttpResponse:
    """Put a shift on the rota."""
    try:
        starts, ends = (moment_of(request.POST.get(name, "")) for name in ("starts_at", "ends_at"))
        plan(request.actor, _operator(request.POST.get("operator", "")), starts, ends)
    except VamcoError as error:
        return _page(request, error.say(language_now()), error.http_status)
    return redirect("shifts")


@require_POST
def shift_hand_over(request: SignedRequest, shift_id: int) -> HttpResponse:
    """Give the watch to somebody, with what they must know."""
    try:
        hand_over(
            request.actor, shift_id, _operator(request.POST.get("to", "")), request.POST.get("note", "")
        )
    except VamcoError as error:
        return _page(request, error.say(language_now()), error.http_status)
    return redirect("shifts")


def _hours(request: SignedRequest) -> int:
    text = request.POST.get("hours", "8")
    if text not in map(str, HOURS):
        raise Misused("web.bad_hours", value=text)
    return int(text)


def _operator(username: str) -> str:
    """One of the operators. Raises `Misused`."""
    if username not in _operators():
        raise Misused("web.not_an_operator", value=username)
    return username


def _operators() -> dict[str, str]:
    """User name → name of everybody who may watch."""
    people = Person.objects.filter(is_active=True, grants__role=Role.OPERATOR).distinct()
    return {person.username: person.shown_name for person in people}


def _page(
    request: SignedRequest, error: Mapping[str, str] | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    now = timezone.now()
    running = on_watch(now)
    own = next((shift for shift in running if shift.operator == request.actor.name), None)
    page = Paginator(Shift.objects.filter(starts_at__lte=now), N_ON_A_PAGE).get_page(
        number_asked(request, "page", 1)
    )
    note = last_note()
    coming = Shift.objects.filter(starts_at__gt=now).order_by("starts_at")[:N_ON_A_PAGE]
    listed = [*running, *page.object_list, *coming, *([note] if note else [])]
    names = names_of(name for shift in listed for name in (shift.operator, shift.handed_over_to))
    found = {
        "running": running,
        "own": own,
        "note": note,
        "coming": coming,
        "page": page,
        "lines": _lines(list(page.object_list), names, now),
        "names": names,
        "queue": queue_for(request.actor, now) if own else None,
        "others": {k: v for k, v in _operators().items() if k != request.actor.name},
        "operators": _operators(),
        "hours": HOURS,
        "may_begin": request.actor.may("shift.hand_over") and own is None,
        "may_plan": request.actor.may("shift.plan"),
        "typed": request.POST,
        "error": error,
        "now": now,
    }
    return render(request, "watch/shifts.html", found, status=status)


def _lines(shifts: list[Shift], names: Mapping[str, str], now: datetime) -> list[Line]:
    """Each shift with how many incidents came in and what its operator did."""
    ends = {shift.pk: min(shift.handed_over_at or shift.ends_at, now) for shift in shifts}
    counts = Event.objects.aggregate(
        **{
            f"opened_{s.pk}": Count("pk", Q(what="opened", at__range=(s.starts_at, ends[s.pk])))
            for s in shifts
        },
        **{
            f"deeds_{s.pk}": Count(
                "pk", Q(what__in=list(Deed), by=s.operator, at__range=(s.starts_at, ends[s.pk]))
            )
            for s in shifts
        },
    )
    return [
        Line(
            shift,
            names.get(shift.operator, shift.operator),
            names.get(shift.handed_over_to, shift.handed_over_to),
            ends[shift.pk],
            counts[f"opened_{shift.pk}"],
            counts[f"deeds_{shift.pk}"],
        )
        for shift in shifts
    ]
