"""Answers that are given again only once the figures have changed: ETag and 304."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.db.models import Max
from django.utils import timezone

from vamco.indicators.declarations import fingerprint_of_all
from vamco.indicators.declared import packs
from vamco.indicators.models import Observation
from vamco.indicators.territory import territory_now
from vamco.indicators.weights import shares_version
from vamco.warehouse.models import LedgerEntry
from vamco.web.callers import SignedRequest
from vamco.web.conditional import unchanged
from vamco.web.language import language_now


def figures_version() -> str:
    """Changes whenever a figure may: a new vintage, another day (lateness), another map or declaration."""
    newest = Observation.objects.aggregate(newest=Max("pk"))["newest"] or 0
    day, register = timezone.localdate(), territory_now().register.version
    return f"{newest}·{day}·{register}·{shares_version()}·{_declared()}"


def deliveries_version() -> int:
    """Changes whenever a delivery is accepted, restated or withdrawn."""
    return LedgerEntry.objects.aggregate(newest=Max("seq"))["newest"] or 0


def until_figures_change(view: Callable[..., Any]) -> Callable[..., Any]:
    """304 to whoever holds the answer already; `view` takes the `response` that carries the tag."""

    @wraps(view)
    def answer(request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        tag = _tag(request)
        if known := unchanged(request, tag):
            return known
        kwargs["response"]["ETag"] = tag
        return view(request, *args, **kwargs)

    return answer


def _tag(request: SignedRequest) -> str:
    """Also of who asks, for they may see other cells."""
    said = f"{figures_version()}·{deliveries_version()}·{request.actor}·{language_now()}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


@cache
def _declared() -> str:
    return fingerprint_of_all(packs().indicators)
