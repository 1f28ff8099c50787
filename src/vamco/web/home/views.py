"""The first page: what needs its reader now; and the sign of life for machines."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from vamco.geography.unit import AdministrativeUnit
from vamco.web.callers import SignedRequest
from vamco.web.contracts import agency_names, titles
from vamco.web.home.overview import overview_of
from vamco.web.home.reading import (
    answers_for_data,
    communes_of,
    desk_of,
    household_of,
    vigil_of,
    watches_services,
)
from vamco.web.home.work import duties_of, orders_of, watch_of
from vamco.web.units.figures import ServiceOfUnit, services_of, simulated_among, standpoint_of

_Commune = tuple[AdministrativeUnit, list[ServiceOfUnit]]


def home(request: SignedRequest) -> HttpResponse:
    """What waits for the reader, by what they may do."""
    today, actor = timezone.localdate(), request.actor
    desk = desk_of(actor, today)
    watches = watches_services(actor)
    overview = overview_of(actor) if watches else None
    communes = _communes(request)
    now = timezone.now()
    work = {
        "watch": watch_of(actor, now),
        "orders": orders_of(actor, now),
        "duties": duties_of(actor, now),
    }
    found = {
        **work,
        "desk": desk,
        "watches": watches,
        "overview": overview,
        "communes": communes,
        "vigil": vigil_of(actor),
        "household": household_of(actor),
        "shows_gaps": answers_for_data(actor),
        "today": today,
        "simulated": any(delivery.is_simulated for delivery in (*desk.newest, *desk.to_correct))
        or any(part and part.is_simulated for part in (overview, *work.values()))
        or simulated_among([line.card.indicator for _, found in communes for s in found for line in s.lines]),
        "names": agency_names(),
        "titles": titles(),
    }
    return render(request, "home/home.html", found)


def _communes(request: SignedRequest) -> list[_Commune]:
    """The reader's communes, each with what leads its services."""
    today = timezone.localdate()
    return [
        (unit, services_of(standpoint_of(unit, today), request.actor))
        for unit in communes_of(request.actor, today)
    ]


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Whether the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
