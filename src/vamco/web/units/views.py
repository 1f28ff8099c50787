"""Administrative units: searched by name or code, and shown with their whole life."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vamco.geography.unit import Level
from vamco.vocabulary.errors import Misused
from vamco.web.callers import SignedRequest
from vamco.web.parameters import asked_in_form, date_asked, iso_address
from vamco.web.units.life import life_of, register, units_named, units_of_day
from vamco.web.units.maps import day_map, maps_of

_LEVELS = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)


@iso_address
def units(request: SignedRequest) -> HttpResponse:
    """The map of a day as list and drawing, or what a search finds at any time."""
    asked = asked_in_form(date_asked, request, "on")
    on = asked.value or timezone.localdate()
    text = request.GET.get("q", "").strip()
    level = _level_asked(request)
    rows = units_named(text, on) if text else units_of_day(level, on)
    found = {
        "rows": rows,
        "on": on,
        "asked": asked,
        "q": text,
        "level": level,
        "levels": _LEVELS,
        "changes": register().change_dates(level),
        "map": day_map(on) if level is Level.COMMUNE and not text else None,
    }
    return render(request, "units/units.html", found, status=asked.status)


@iso_address
def unit(request: SignedRequest, code: str) -> HttpResponse:
    """One unit: its life, where it came from, what became of it, and who shares its name or code."""
    asked = asked_in_form(date_asked, request, "on")
    life = life_of(code, asked.value, timezone.localdate())
    found = {"life": life, "unit": life.unit, "maps": maps_of(life), "asked": asked}
    return render(request, "units/unit.html", found, status=asked.status)


def _level_asked(request: SignedRequest) -> Level:
    text = request.GET.get("level") or Level.COMMUNE
    if text not in _LEVELS:
        raise Misused("web.bad_parameter", name="level", value=text, wanted=" | ".join(_LEVELS))
    return Level(text)
