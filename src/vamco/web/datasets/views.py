"""Datasets: the shelf, and each dataset with its contract, freshness, quality and first rows."""

from django.http import HttpResponse
from django.shortcuts import render

from vamco.intake.contracts import packs
from vamco.intake.models import Delivery
from vamco.intake.simulated import holds_simulated
from vamco.web.callers import SignedRequest
from vamco.web.contracts import agency_names
from vamco.web.datasets.preview import preview_of
from vamco.web.datasets.reading import quality_over_time, stock_of, stocks
from vamco.web.parameters import asked_in_form, iso_address, moment_asked

N_DELIVERIES = 12


def datasets(request: SignedRequest) -> HttpResponse:
    """Every dataset of the province, by service."""
    simulated = holds_simulated(c.id for c in packs().contracts)
    found = {"packs": packs(), "stocks": stocks(), "names": agency_names(), "simulated": simulated}
    return render(request, "datasets/datasets.html", found)


@iso_address
def dataset(request: SignedRequest, pack: str, name: str) -> HttpResponse:
    """One dataset."""
    contract = packs().contract(f"{pack}.{name}")
    asked = asked_in_form(moment_asked, request, "as_known_at")
    found = {
        "contract": contract,
        "stock": stock_of(contract.id),
        "chart": quality_over_time(contract.id),
        "deliveries": Delivery.objects.filter(contract_id=contract.id)[:N_DELIVERIES],
        "names": agency_names(),
        "as_known_at": asked.value,
        "asked": asked,
        "simulated": holds_simulated([contract.id]),
        "preview": preview_of(contract, request.actor, asked.value),
    }
    return render(request, "datasets/dataset.html", found, status=asked.status)
