"""Units and indicators side by side."""

from collections.abc import Callable
from functools import wraps
from itertools import product

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vamco.indicators.declared import packs
from vamco.vocabulary.errors import NotFound
from vamco.web.callers import SignedRequest
from vamco.web.compare.reading import Wanted, pairs_of, plots_of, wanted
from vamco.web.indicators.access import may_read, readable, require_read
from vamco.web.indicators.exporting import answer, is_simulated, sheet_of_plot
from vamco.web.indicators.periods import history, period_shown
from vamco.web.indicators.standpoint import Standpoint, choices_of, standpoint_asked
from vamco.web.parameters import iso_address, number_asked
from vamco.web.saying import ask_to_sign_in
from vamco.web.services.sections import Reader, plot_facts

_View = Callable[[SignedRequest, Wanted, Standpoint], HttpResponse]


def _readable(view: _View) -> Callable[[SignedRequest], HttpResponse]:
    """The view of what the address asks for, once the reader may read all of it; others are asked to sign in."""

    @wraps(view)
    def answered(request: SignedRequest) -> HttpResponse:
        standpoint = standpoint_asked(request)
        asked = wanted(request, standpoint)
        is_open = all(may_read(request.actor, one) for one in asked.indicators)
        if not is_open and not request.actor.signed_in:
            return ask_to_sign_in(request)
        for one, unit in product(asked.indicators, asked.units):
            require_read(request.actor, one, unit)
        return view(request, asked, standpoint)

    return answered


@require_safe
@iso_address
@_readable
def compare(request: SignedRequest, asked: Wanted, standpoint: Standpoint) -> HttpResponse:
    """The series asked for with every pair's verdict, and the form that asks."""
    plots = plots_of(asked, Reader(request.actor, standpoint, request.build_absolute_uri()))
    found = {
        **choices_of(standpoint),
        "asked": asked,
        "plots": [(plot, plot_facts(plot, request.build_absolute_uri())) for plot in plots],
        "pairs": pairs_of(plots),
        "offered": [(pack, readable(request.actor, pack.indicators)) for pack in packs()],
        "periods": _periods(asked, standpoint),
        "simulated": is_simulated(asked.indicators),
        "here": request.GET.urlencode(),
    }
    return render(request, "compare/compare.html", found)


@require_safe
@iso_address
@_readable
def compare_file(request: SignedRequest, asked: Wanted, standpoint: Standpoint) -> HttpResponse:
    """The plot number `plot` (1 is the first) as CSV or XLSX."""
    plots, place = (
        plots_of(asked, Reader(request.actor, standpoint, request.build_absolute_uri())),
        number_asked(request, "plot", 1),
    )
    if place > len(plots):
        raise NotFound("web.no_such_section", number=place)
    sheet = sheet_of_plot(plots[place - 1], request.build_absolute_uri())
    return answer(sheet, request.GET.get("format", "csv"))


def _periods(asked: Wanted, standpoint: Standpoint) -> list[object]:
    if not asked.indicators:
        return []
    last = period_shown(asked.indicators[0], standpoint)
    return list(reversed(history(asked.indicators[0], last)))
