"""The first page: what needs its reader now; and the sign of life for machines."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from vamco.web.callers import SignedRequest


def home(request: SignedRequest) -> HttpResponse:
    """What waits for the reader, by role."""
    return render(request, "home/home.html")


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """Whether the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
