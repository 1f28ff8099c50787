"""The services at a glance, the page of each, and its sections one by one."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.figure import Figure
from vamco.intake.simulated import holds_simulated
from vamco.intake.supply import Supply, supplies
from vamco.packs.indicator import Indicator
from vamco.packs.pack import Pack
from vamco.packs.page import Section, Show
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.vocabulary.severity import Severity
from vamco.web.callers import SignedRequest
from vamco.web.contracts import agency_names
from vamco.web.home.reading import communes_of
from vamco.web.indicators.access import readable
from vamco.web.indicators.cards import card_of
from vamco.web.indicators.exporting import answer, is_simulated, sheet_of_plot
from vamco.web.indicators.standpoint import Standpoint, choices_of, standpoint_asked
from vamco.web.parameters import iso_address, number_asked
from vamco.web.services.sections import Reader, own_figure, plots_of, sections_of, shown
from vamco.web.services.supply import life_of

N_PERIODS: Final = 36


@require_safe
@iso_address
def services(request: SignedRequest) -> HttpResponse:
    """Every service with the life of its data and what leads it."""
    standpoint = standpoint_asked(request)
    ledger = supplies(standpoint.today)
    found = {
        **choices_of(standpoint),
        "strips": [_strip(request, pack, standpoint, ledger) for pack in packs() if pack.page],
        "periods": _months(standpoint),
        "simulated": holds_simulated(contract.id for contract in packs().contracts),
    }
    return render(request, "services/services.html", found)


def _strip(
    request: SignedRequest, pack: Pack, standpoint: Standpoint, ledger: Iterable[Supply]
) -> dict[str, Any]:
    reader = _reader(request, standpoint)
    lead = [(one, own_figure(one, reader)) for one in readable(request.actor, _lead(pack), standpoint.unit)]
    worst = min(lead, key=lambda each: _rank(each[1]), default=None)
    return {"pack": pack, "life": life_of(pack, ledger, standpoint.as_known_at), "worst": worst}


def _lead(pack: Pack) -> list[Indicator]:
    return [indicator_of(name) for name in pack.page.lead] if pack.page else []


def _rank(figure: Figure) -> tuple[int, bool]:
    """The worst band first, then those in none that have a value."""
    place = figure.severity.rank if figure.severity else len(Severity)
    return place, figure.value is None


@require_safe
@iso_address
def service(request: SignedRequest, slug: str) -> HttpResponse:
    """One service: the life of its data first, then what its pack declares."""
    pack, standpoint = packs().pack(slug), standpoint_asked(request)
    reader = _reader(request, standpoint)
    found = {
        **choices_of(standpoint),
        "pack": pack,
        "life": life_of(pack, supplies(standpoint.today, pack.contracts), standpoint.as_known_at),
        "cards": [
            card_of(one, standpoint, sees_cells=reader.sees(one))
            for one in readable(request.actor, _lead(pack), standpoint.unit)
        ],
        "own_communes": communes_of(request.actor, standpoint.today),
        "sections": sections_of(pack),
        "periods": _months(standpoint),
        "names": agency_names(),
        "simulated": is_simulated(pack.indicators),
    }
    return render(request, "services/service.html", found)


@require_safe
@iso_address
def service_section(request: SignedRequest, slug: str, number: int) -> HttpResponse:
    """One section (1 is the first) by itself, to be put into the page."""
    section, standpoint = _section(slug, number), standpoint_asked(request)
    found = shown(section, _reader(request, standpoint))
    return render(
        request,
        f"services/{section.show}.html",
        {**found, "standpoint": standpoint, "number": number, "slug": slug},
    )


@require_safe
@iso_address
def service_file(request: SignedRequest, slug: str, number: int) -> HttpResponse:
    """The plot number `plot` (1 is the first) of a section as CSV or XLSX."""
    section, standpoint = _section(slug, number), standpoint_asked(request)
    place = number_asked(request, "plot", 1)
    allowed = readable(request.actor, map(indicator_of, section.indicators), standpoint.unit)
    plots = plots_of(allowed, _reader(request, standpoint)) if section.show is Show.SERIES else []
    if place > len(plots):
        raise NotFound("web.no_such_section", number=place)
    sheet = sheet_of_plot(plots[place - 1], request.build_absolute_uri())
    return answer(sheet, request.GET.get("format", "csv"))


def _reader(request: SignedRequest, standpoint: Standpoint) -> Reader:
    page = request.path.partition("sections/")[0]
    query = standpoint.query()
    return Reader(request.actor, standpoint, request.build_absolute_uri(f"{page}?{query}" if query else page))


def _section(slug: str, number: int) -> Section:
    sections = sections_of(packs().pack(slug))
    if not 1 <= number <= len(sections):
        raise NotFound("web.no_such_section", number=number)
    return sections[number - 1]


def _months(standpoint: Standpoint) -> list[Period]:
    """The months that the chooser offers, newest first; with the period that is looked at."""
    found = [Period.covering(PeriodType.MONTH, standpoint.today)]
    while len(found) < N_PERIODS:
        found.append(found[-1].previous())
    is_other = standpoint.period is not None and standpoint.period not in found
    return [standpoint.period, *found] if is_other and standpoint.period else found
