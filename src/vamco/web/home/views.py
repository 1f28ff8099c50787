"""The first page: what needs its reader now; and the sign of life for machines."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from vamco.web.callers import SignedRequest
from vamco.web.contracts import agency_names, titles
from vamco.web.home.reading import desk_of


def home(request: SignedRequest) -> HttpResponse:
    """What waits for the reader, by what they may do."""
    today = timezone.localdate()
    desk = desk_of(request.actor, today)
    simulated = any(delivery.is_simulated for delivery in (*desk.newest, *desk.to_correct))
    found = {
        "desk": desk,
        "today": today,
        "simulated": simulated,
        "names": agency_names(),
        "titles": titles(),
    }
    return render(request, "home/home.html", found)


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Whether the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
