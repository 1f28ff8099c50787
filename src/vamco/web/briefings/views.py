"""The morning briefing: today's, an earlier one, and on paper."""

from datetime import date
from typing import Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from vamco.accounts.models import Person
from vamco.briefings.models import Briefing
from vamco.briefings.mornings import HOUR
from vamco.briefings.printing import pdf
from vamco.briefings.told import told
from vamco.vocabulary.errors import Forbidden, NotFound
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now

_N_LISTED: Final = 60


def briefings(request: SignedRequest) -> HttpResponse:
    """The newest briefing, and the list of those before it."""
    person = _person_asked(request)
    found = list(_of(person)[:_N_LISTED])
    return _page(request, person, found[0] if found else None, found)


def briefing(request: SignedRequest, on: date) -> HttpResponse:
    """The briefing of that morning, as it was told then."""
    person = _person_asked(request)
    return _page(request, person, _briefing(person, on), list(_of(person)[:_N_LISTED]))


def briefing_pdf(request: SignedRequest, on: date) -> HttpResponse:
    """The same on paper."""
    wanted = _briefing(_person_asked(request), on)
    name = f"ban-tin-{wanted.on:%Y-%m-%d}-{wanted.person.username}.pdf"
    return HttpResponse(
        pdf(wanted, language_now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def _page(
    request: SignedRequest, person: Person, shown: Briefing | None, listed: list[Briefing]
) -> HttpResponse:
    found = {
        "briefing": shown,
        "told": told(shown, language_now()) if shown else None,
        "listed": listed,
        "person": person,
        "is_own": person.username == request.actor.name,
        "readers": _readers(request),
        "hour": f"{HOUR:%H:%M}",
        "simulated": bool(shown and shown.content["is_simulated"]),
    }
    return render(request, "briefings/briefing.html", found)


def _of(person: Person) -> QuerySet[Briefing]:
    return Briefing.objects.filter(person=person).select_related("person")


def _briefing(person: Person, on: date) -> Briefing:
    found = _of(person).filter(on=on).first()
    if found is None:
        raise NotFound("briefings.no_briefing", on=f"{on:%d/%m/%Y}", person=person.shown_name)
    return found


def _person_asked(request: SignedRequest) -> Person:
    """The reader, or whom the address names for those who may read what others were told."""
    may_all = request.actor.may("briefing.read-all")
    asked = request.GET.get("person", "")
    if asked and asked != request.actor.name and not may_all:
        raise Forbidden("accounts.forbidden", actor=request.actor.name, permission="briefing.read-all")
    name = asked or (_first_reader() if may_all else "") or request.actor.name
    person = Person.objects.filter(username=name).first()
    if person is None:
        raise NotFound("accounts.person_not_found", username=name)
    return person


def _first_reader() -> str:
    """Of those who look at what others were told, the first that there is to look at."""
    newest = Briefing.objects.select_related("person").first()
    return newest.person.username if newest else ""


def _readers(request: SignedRequest) -> list[Person]:
    if not request.actor.may("briefing.read-all"):
        return []
    return list(Person.objects.filter(briefings__isnull=False).distinct().order_by("first_name"))
