"""The working calendar: which days are worked, who signed that, and the form to sign another."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from vamco.deadlines.calendar import hours_now
from vamco.deadlines.deciding import Signed, decide, preview, preview_taking_back, take_back
from vamco.deadlines.recomputing import Recomputed
from vamco.vocabulary.errors import VamcoError
from vamco.web.calendar.forms import SignForm
from vamco.web.calendar.reading import rows_of, year_of
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.parameters import date_asked, number_asked


def calendar(request: SignedRequest) -> HttpResponse:
    """A year of it, with every row that was ever signed for a day of that year."""
    number = number_asked(request, "year", timezone.localdate().year)
    found = {
        "year": year_of(number),
        "previous": number - 1,
        "next": number + 1,
        "today": timezone.localdate(),
        "rows": rows_of(number),
        "hours": hours_now(),
        "may_sign": request.actor.may("calendar-sign"),
        "signed": date_asked(request, "signed"),
    }
    return render(request, "calendar/calendar.html", found)


def sign(request: SignedRequest) -> HttpResponse:
    """The form; then how many open deadlines would move; then, once confirmed, the row is signed."""
    if request.method != "POST":
        return render(request, "calendar/sign.html", {"form": SignForm(initial=request.GET.dict())})
    form = SignForm(request.POST)
    if not form.is_valid():
        return _answer(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        if "confirmed" not in request.POST:
            return _answer(request, form, found=None if "again" in request.POST else _preview(form))
        row = _sign(request, form).row
    except VamcoError as error:
        return _answer(request, form, error.http_status, error=error.say(language_now()))
    return redirect(f"{reverse('calendar')}?year={row.on.year}&signed={row.on}#rows")


def _answer(
    request: SignedRequest, form: SignForm, status: int = HTTPStatus.OK, **shown: Any
) -> HttpResponse:
    return render(request, "calendar/sign.html", {"form": form, **shown}, status=status)


def _preview(form: SignForm) -> Recomputed:
    return preview_taking_back(form.cleaned_data["on"]) if form.takes_back else preview(form.day)


def _sign(request: SignedRequest, form: SignForm) -> Signed:
    if form.takes_back:
        return take_back(request.actor, form.cleaned_data["on"], form.cleaned_data["title"])
    return decide(request.actor, form.day)
