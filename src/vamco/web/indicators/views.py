"""The page of an indicator, its tables as files, and the list of all indicators."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vamco.geography.unit import Level
from vamco.indicators.comparing import Comparison, Kind, compare
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.passport import vintages
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.web.callers import SignedRequest
from vamco.web.contracts import agency_names
from vamco.web.indicators.access import may_read, readable, require_read
from vamco.web.indicators.breakdowns import splits_of
from vamco.web.indicators.cards import card_of
from vamco.web.indicators.choropleth import choropleth_of
from vamco.web.indicators.exporting import answer, facts_of, is_simulated, sheet_of_plot, sheet_of_units
from vamco.web.indicators.periods import history, period_shown
from vamco.web.indicators.plots import Plot, plot_of, series_of, threshold_of
from vamco.web.indicators.standpoint import Standpoint, choices_of, standpoint_asked
from vamco.web.indicators.tables import ORDERS, WORST, tells_since, unit_rows
from vamco.web.language import language_now
from vamco.web.parameters import iso_address
from vamco.web.passport.cells import sees_cells
from vamco.web.saying import ask_to_sign_in

COMPARED: Final = (Kind.YEAR_ON_YEAR, Kind.PREVIOUS, Kind.CUMULATIVE, Kind.FIVE_YEARS)

_View = Callable[[SignedRequest, Indicator, Standpoint], HttpResponse]


def _readable(view: _View) -> Callable[[SignedRequest, str, str], HttpResponse]:
    """The view of the indicator that the address names, once the reader may read it; others are asked to sign in."""

    @wraps(view)
    def answered(request: SignedRequest, pack: str, name: str) -> HttpResponse:
        one, standpoint = indicator_of(f"{pack}.{name}"), standpoint_asked(request)
        if not request.actor.signed_in and not may_read(request.actor, one):
            return ask_to_sign_in(request)
        require_read(request.actor, one, standpoint.unit)
        return view(request, one, standpoint)

    return answered


@require_safe
def indicators(request: SignedRequest) -> HttpResponse:
    """Every indicator that the reader may read, service by service."""
    listed = [(pack, readable(request.actor, pack.indicators)) for pack in packs()]
    found = {
        "listed": [(pack, of_pack) for pack, of_pack in listed if of_pack],
        "names": agency_names(),
        "standpoint": standpoint_asked(request),
    }
    return render(request, "indicators/indicators.html", found)


@require_safe
@iso_address
@_readable
def indicator(request: SignedRequest, one: Indicator, standpoint: Standpoint) -> HttpResponse:
    """One indicator from the address's standpoint."""
    return render(request, "indicators/indicator.html", _page(request, one, standpoint))


@require_safe
@iso_address
@_readable
def indicator_file(request: SignedRequest, one: Indicator, standpoint: Standpoint) -> HttpResponse:
    """The series (`part=series`) or the communes (`part=units`) as CSV or XLSX."""
    period, address = period_shown(one, standpoint), request.build_absolute_uri()
    if request.GET.get("part") == "units":
        rows = unit_rows(one, standpoint, period, sees_cells=sees_cells(request.actor, one))
        sheet = sheet_of_units(one, standpoint, [row.figure for row in rows], address)
    else:
        seen = sees_cells(request.actor, one, standpoint.unit)
        sheet = sheet_of_plot(_plot(one, standpoint, period, seen=seen), address)
    return answer(sheet, request.GET.get("format", "csv"))


def _page(request: SignedRequest, one: Indicator, standpoint: Standpoint) -> dict[str, Any]:
    period = period_shown(one, standpoint)
    seen = sees_cells(request.actor, one, standpoint.unit)
    card = card_of(one, standpoint, sees_cells=seen, period=period)
    question = standpoint.question(one, period)
    return {
        "indicator": one,
        "pack": packs().pack(one.pack),
        **choices_of(standpoint),
        "period": period,
        "periods": _choices(one, period, standpoint),
        "card": card,
        "definition": one.definition(period.start_on),
        "comparisons": _comparisons(one, standpoint, period, seen=seen),
        "plot": _plot(one, standpoint, period, seen=seen),
        "splits": splits_of(one, standpoint, period, sees_cells=seen),
        "vintages": vintages(question, card.figure, sees_cells=seen),
        "names": agency_names(),
        "simulated": is_simulated([one]),
        "facts": facts_of([one], standpoint, request.build_absolute_uri()),
        **_of_communes(request, one, standpoint, period),
    }


def _of_communes(
    request: SignedRequest, one: Indicator, standpoint: Standpoint, period: Period
) -> dict[str, Any]:
    """The table and the map of all communes, for those who may read them all."""
    if one.level != Level.COMMUNE or not may_read(request.actor, one):
        return {"rows": [], "map": None}
    order = _order(request)
    rows = unit_rows(one, standpoint, period, sees_cells=sees_cells(request.actor, one), order=order)
    return {
        "rows": rows,
        "order": order,
        "orders": ORDERS,
        "tells_since": tells_since(one, period),
        "map": choropleth_of(one, [row.figure for row in rows]),
    }


def _order(request: HttpRequest) -> str:
    text = request.GET.get("order") or WORST
    if text not in ORDERS:
        raise Misused("web.bad_parameter", name="order", value=text, wanted=" | ".join(ORDERS))
    return text


def _plot(one: Indicator, standpoint: Standpoint, period: Period, *, seen: bool) -> Plot:
    periods = history(one, period)
    title = one.title.in_(language_now())
    main = series_of(one, standpoint, periods, one.short.in_(language_now()), sees_cells=seen)
    threshold = threshold_of(one, standpoint, periods)
    return plot_of("series", title, standpoint, [main, threshold] if threshold else [main])


def _comparisons(one: Indicator, standpoint: Standpoint, period: Period, *, seen: bool) -> list[Comparison]:
    """Each kind that the period has; lũy kế only of what runs within a year."""
    kinds = [kind for kind in COMPARED if kind is not Kind.CUMULATIVE or _is_within_a_year(one, period)]
    question = standpoint.question(one, period)
    return [found for kind in kinds for found in compare(question, kind, sees_cells=seen)]


def _is_within_a_year(one: Indicator, period: Period) -> bool:
    is_own = period.type is one.period_type
    return is_own and period.type in ("day", "month", "quarter", "half_year")


def _choices(one: Indicator, period: Period, standpoint: Standpoint) -> list[Period]:
    """The periods that the chooser offers, newest first; always with the one that is shown."""
    newest = Period.covering(one.period_type, standpoint.today)
    offered = list(reversed(history(one, newest)))
    return offered if period in offered else [period, *offered]
