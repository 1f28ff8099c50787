"""The passport of one figure, and the rows behind it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from vamco.indicators.figure import Figure
from vamco.indicators.passport import Passport
from vamco.indicators.passport import passport as passport_of
from vamco.indicators.supply_of import Lack, lacks
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Indicator
from vamco.web.callers import SignedRequest
from vamco.web.contracts import agency_names
from vamco.web.indicators.access import require_read
from vamco.web.parameters import iso_address, number_asked
from vamco.web.passport.address import address_of, pinned, qr_code, query_of
from vamco.web.passport.asking import Asked, figure_asked
from vamco.web.passport.cells import sees_cells
from vamco.web.passport.proof import proof_of
from vamco.web.passport.resting_on import resting_on
from vamco.web.passport.rows import rows_of, side_named


@iso_address
def passport(request: SignedRequest) -> HttpResponse:
    """One figure with all that it stands on; with `verify`, also recomputed now."""
    asked = figure_asked(request)
    found = passport_of(asked.question, sees_cells=_sees(request, asked))
    figure, question = found.figure, asked.question
    steady = request.build_absolute_uri(pinned(question, figure))
    resting = resting_on(found)
    said = {
        "passport": found,
        "figure": figure,
        "indicator": found.indicator,
        "asked": asked,
        "query": query_of(figure, question.as_known_at, **_version(asked)),
        "resting": resting,
        "simulated": resting.is_simulated,
        "names": agency_names(),
        "steady": steady,
        "qr": qr_code(steady),
        "twin": _twin(found.indicator, query_of(figure, question.as_known_at, **_version(asked))),
        "was_map": _own_map(asked),
        "several": len({(vintage.unit_id, vintage.period) for vintage in found.vintages}) > 1,
        "lacks": _lacks(asked, figure),
        "query_text": _query_text(found),
        "proof": proof_of(figure) if "verify" in request.GET else None,
    }
    return render(request, "passport/passport.html", said)


def rows(request: SignedRequest) -> HttpResponse:
    """The delivered rows that one side of the figure counts, page by page."""
    asked = figure_asked(request)
    found = passport_of(asked.question, sees_cells=_sees(request, asked))
    side = side_named(found, request.GET.get("side", "numerator"), request.actor)
    address = address_of(found.figure, asked.question.as_known_at, **_version(asked))
    shown = rows_of(side, request.actor, number_asked(request, "page", 1), address)
    said = {
        "passport": found,
        "figure": found.figure,
        "indicator": found.indicator,
        "side": side,
        "shown": shown,
        "page": shown.page,
        "address": address,
        "names": agency_names(),
        "simulated": resting_on(found).is_simulated,
    }
    return render(request, "passport/rows.html", said)


def _sees(request: SignedRequest, asked: Asked) -> bool:
    """Whether the reader may see small counts. Raises `Forbidden` where they may not read the indicator at all."""
    require_read(request.actor, asked.question.indicator, asked.unit)
    return sees_cells(request.actor, asked.question.indicator, asked.unit)


def _lacks(asked: Asked, figure: Figure) -> list[Lack]:
    """Who owes what the figure lacks."""
    if figure.coverage >= 1 and not figure.missing_periods:
        return []
    return lacks(asked.question.indicator, asked.period, asked.question.as_known_at)


def _query_text(passport: Passport) -> str:
    definition = passport.definition
    return definition.query.text if definition and definition.query else ""


def _version(asked: Asked) -> dict[str, str | int]:
    version = asked.question.definition_version
    return {"definition": version} if version else {}


def _twin(indicator: Indicator, query: str) -> str:
    return f"{reverse('api:passport', args=[indicator.id])}?{query}"


def _own_map(asked: Asked) -> bool:
    """Whether the map is the one of the period itself, so that nothing had to be carried."""
    territory = territory_now()
    return territory.map_of(asked.question.map_of(asked.period)) == territory.map_of(asked.period.end_on)
