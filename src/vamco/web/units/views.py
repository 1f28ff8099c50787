"""Administrative units: searched by name or code, and shown with their whole life."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from vamco.geography.unit import AdministrativeUnit, Level
from vamco.indicators.declared import packs
from vamco.vocabulary.errors import Misused
from vamco.web.callers import SignedRequest
from vamco.web.indicators.access import readable
from vamco.web.parameters import asked_in_form, date_asked, iso_address
from vamco.web.units.figures import (
    fitting,
    history_of,
    services_of,
    simulated_among,
    standpoint_of,
)
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
    if request.actor.signed_in:
        found |= _figures(request, life.unit)
    return render(request, "units/unit.html", found, status=asked.status)


def _figures(request: SignedRequest, unit: AdministrativeUnit) -> dict[str, Any]:
    """What every service says of the unit, and one indicator through its time and its predecessors'."""
    standpoint = standpoint_of(unit, timezone.localdate())
    services = services_of(standpoint, request.actor, request.GET.get("service", ""))
    choices = fitting(readable(request.actor, packs().indicators, unit), unit.level)
    chosen = next((one for one in choices if one.id == request.GET.get("indicator")), None)
    first = next((line.card.indicator for s in services for line in s.lines if line.card.figure.value), None)
    traced = chosen or first
    shown = [line.card.indicator for service in services for line in service.lines]
    return {
        "standpoint": standpoint,
        "services": services,
        "chosen_service": request.GET.get("service", ""),
        "choices": choices,
        "history": history_of(traced, standpoint, request.actor) if traced else None,
        "simulated": simulated_among([*shown, *([traced] if traced else [])]),
    }


def _level_asked(request: SignedRequest) -> Level:
    text = request.GET.get("level") or Level.COMMUNE
    if text not in _LEVELS:
        raise Misused("web.bad_parameter", name="level", value=text, wanted=" | ".join(_LEVELS))
    return Level(text)
