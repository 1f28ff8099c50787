"""The province map for whoever draws it: shapes of a day, and an indicator's classes."""

from datetime import date
from functools import lru_cache

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from vamco.indicators.declared import indicator_of
from vamco.packs.contract import Sensitivity
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.period import Period
from vamco.web.callers import SignedRequest
from vamco.web.conditional import Kept, answer, keep
from vamco.web.language import language_now
from vamco.web.map.classes import classed
from vamco.web.map.shapes import shapes_of
from vamco.web.parameters import date_asked
from vamco.web.wall.reading import State


@require_safe
def shapes(request: SignedRequest) -> HttpResponse:
    """The communes of the day `on` (today) as GeoJSON."""
    on = date_asked(request, "on") or timezone.localdate()
    return answer(request, _shapes(on))


@require_safe
def classes(request: SignedRequest) -> HttpResponse:
    """The classes of `indicator` for `period` (the newest) on the map of `on` (today)."""
    indicator = indicator_of(request.GET.get("indicator", ""))
    if indicator.disclosure is Sensitivity.PERSONAL:
        raise NotFound("packs.indicator_not_found", id=indicator.id, candidates=[])
    period = Period.parse(request.GET["period"]) if request.GET.get("period") else None
    on = date_asked(request, "on") or timezone.localdate()
    return answer(request, _classes(State.now(), indicator.id, period, on, language_now()))


def _shapes(on: date) -> Kept:
    folder = settings.HOME / "boundaries"
    return _kept_shapes(on, folder.stat().st_mtime_ns if folder.exists() else 0)


@lru_cache(maxsize=16)
def _kept_shapes(on: date, _imported_at: int) -> Kept:
    return keep(shapes_of(on))


@lru_cache(maxsize=64)
def _classes(_state: State, indicator_id: str, period: Period | None, on: date, _language: str) -> Kept:
    return keep(classed(indicator_of(indicator_id), period, on))
