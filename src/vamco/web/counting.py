"""Counting which pages are opened, by role: kept in memory, written once a minute, without names or moments."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from vamco.accounts.models import Person
from vamco.accounts.policy import Actor
from vamco.accounts.uses import add_opens, attend, main_role

_log = logging.getLogger(__name__)
_PAGES: Final = {
    "home": "desk",
    "supply-wall": "wall",
    "supply": "desk",
    "passport-rows": "other",  # a drill into one: its opening was counted
    "services": "service",
    "indicators": "indicator",
    "units": "unit",
    "briefings": "briefing",
    "delivery": "deliveries",
    "datasets": "deliveries",
    "dataset": "deliveries",
}
_KINDS: Final = frozenset(
    {"wall", "service", "indicator", "passport", "unit", "compare", "search", "briefing", "deliveries"}
)
_SCREENS: Final = frozenset({"wall", "desk"})


def kind_of(url_name: str) -> str:
    """The kind of page that a URL name belongs to, as `operations.page_uses` names it."""
    first = url_name.partition("-")[0]
    found = _PAGES.get(url_name) or _PAGES.get(first) or first
    return found if found in _KINDS | _SCREENS else "other"


class Opens:
    """What was opened since the last writing; safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[tuple[date, str, str]] = Counter()
        self._seen: set[tuple[date, int]] = set()
        self._writer: threading.Timer | None = None

    def add(self, on: date, page: str, role: str) -> None:
        """Count one, and see to it that it is written within the pause."""
        with self._lock:
            self._counted[on, page, role] += 1
            if self._writer is None and settings.USES_WRITTEN_EVERY_SECONDS:
                self._writer = threading.Timer(settings.USES_WRITTEN_EVERY_SECONDS, self._write_and_leave)
                self._writer.daemon = True
                self._writer.start()

    def is_new(self, on: date, person_id: int) -> bool:
        """Whether this process has not seen the person at a screen that day."""
        with self._lock:
            if (on, person_id) in self._seen:
                return False
            self._seen = {(day, known) for day, known in self._seen if day == on} | {(on, person_id)}
            return True

    def write(self) -> None:
        """Bring the counts to the database; if it is away, they wait for the next time."""
        with self._lock:
            taken, self._counted, self._writer = self._counted, Counter(), None
        try:
            add_opens(taken)
        except DatabaseError:
            _log.exception("counts of page uses were not written; they are kept")
            with self._lock:
                self._counted += taken

    def _write_and_leave(self) -> None:
        try:
            self.write()
        finally:
            connection.close()


OPENS: Final = Opens()


class CountUses:
    """Counts each page that a person opens: whole pages only, neither parts nor what a page asks for by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, counted on its way out."""
        response = self.get_response(request)
        if _is_page(request, response):
            _count(request)
        return response


def _is_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    is_whole = response.headers.get("Content-Type", "").startswith("text/html")
    is_asked_by_person = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return request.method == "GET" and response.status_code == 200 and is_whole and is_asked_by_person


def _count(request: HttpRequest) -> None:
    person, actor = request.user, getattr(request, "actor", None)
    match = request.resolver_match
    if not isinstance(person, Person) or not isinstance(actor, Actor) or match is None:
        return
    role = main_role(grant.role for grant in actor.granted)
    if role is None:
        return
    on, page = timezone.localdate(), kind_of(match.view_name)
    OPENS.add(on, page, role)
    if page in _SCREENS and OPENS.is_new(on, person.pk):
        attend(person.pk, role, on)
