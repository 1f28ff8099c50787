"""The supply board: what we cannot see, and who owes it."""

from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vamco.intake.contracts import packs
from vamco.intake.simulated import holds_simulated
from vamco.intake.supply import SupplyState
from vamco.vocabulary.errors import Misused
from vamco.web.callers import SignedRequest
from vamco.web.contracts import agency_names, titles
from vamco.web.parameters import asked_in_form, date_asked, iso_address
from vamco.web.supply.reading import N_PERIODS, board_of

_FURTHEST_AHEAD: Final = timedelta(days=400)


@iso_address
def board(request: SignedRequest) -> HttpResponse:
    """The board as of a day (today when none is given), of one agency or of all."""
    agency = request.GET.get("agency", "")
    contracts = [c for c in packs().contracts if agency in ("", c.agency)]
    names = agency_names()
    asked = asked_in_form(_day_asked, request, "on")
    found = {
        "board": board_of(asked.value or timezone.localdate(), contracts),
        "asked": asked,
        "agency": agency,
        "agencies": {c.agency: names.get(c.agency, c.agency) for c in packs().contracts if c.schedule},
        "names": names,
        "titles": titles(),
        "states": tuple(SupplyState),
        "simulated": holds_simulated(c.id for c in contracts),
        "n_periods": N_PERIODS,
    }
    return render(request, "supply/board.html", found, status=asked.status)


def _day_asked(request: HttpRequest, name: str) -> date | None:
    """The day under that parameter; what is owed is not reckoned years ahead. Raises `Misused`."""
    day = date_asked(request, name)
    if day and day > timezone.localdate() + _FURTHEST_AHEAD:
        raise Misused("web.day_too_far", value=request.GET[name])
    return day
