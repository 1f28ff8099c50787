"""Deliveries: sent, watched while they are checked, and their receipts."""

from http import HTTPStatus
from typing import Final

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from vamco.intake.models import Channel, State
from vamco.intake.receiving import Received, receive
from vamco.intake.replay import replay
from vamco.intake.withdrawing import withdraw
from vamco.vocabulary.errors import Misused, VamcoError
from vamco.web.callers import SignedRequest
from vamco.web.conditional import unchanged
from vamco.web.contracts import agency_names, contracts_for, titles
from vamco.web.deliveries.changes import changes_of
from vamco.web.deliveries.forms import CorrectionForm, UploadForm, WithdrawalForm
from vamco.web.deliveries.reading import (
    deliveries_for,
    delivery_for,
    receipt_of,
    receipt_shown,
    rejects_for,
    report_for,
    waiting,
)
from vamco.web.language import language_now
from vamco.web.parameters import number_asked

N_ON_A_PAGE: Final = 50


def deliveries(request: SignedRequest) -> HttpResponse:
    """The deliveries that the reader may see, narrowed by contract and state."""
    contracts = contracts_for(request.actor, "delivery")
    contract, state = request.GET.get("contract", ""), request.GET.get("state", "")
    rows = deliveries_for(request.actor)
    rows = rows.filter(contract_id=contract) if contract else rows
    rows = rows.filter(state=state) if state in State.values else rows
    page = Paginator(rows, N_ON_A_PAGE).get_page(number_asked(request, "page", 1))
    found = {
        "page": page,
        "simulated": any(delivery.is_simulated for delivery in page.object_list),
        "contracts": contracts,
        "contract": contract,
        "state": state,
        "states": State.values,
        "titles": titles(),
        "names": agency_names(),
        "may_deliver": bool(contracts_for(request.actor, "delivery.receive")),
    }
    return render(request, "deliveries/deliveries.html", found)


def new_delivery(request: SignedRequest) -> HttpResponse:
    """The upload form; a file that is taken leads to its receipt."""
    if request.method != "POST":
        form = UploadForm(request.actor, initial=request.GET.dict())
        return render(request, "deliveries/new.html", {"form": form})
    form = UploadForm(request.actor, request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "deliveries/new.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        received = _receive(request, form)
    except VamcoError as error:
        shown = {"form": form, "error": error.say(language_now())}
        return render(request, "deliveries/new.html", shown, status=error.http_status)
    address = reverse("delivery", args=[received.delivery.pk])
    return redirect(address if received.is_new else f"{address}?again=yes")


def _receive(request: SignedRequest, form: UploadForm) -> Received:
    asked, file = form.cleaned_data, form.cleaned_data["file"]
    contract, period = asked["contract"], asked["period"]
    return receive(request.actor, contract, period, file, file.name, Channel.UPLOAD, options=form.options)


def receipt(request: SignedRequest, delivery_id: int) -> HttpResponse:
    """The receipt of a delivery, or its place in the queue while it waits."""
    delivery, contract = delivery_for(request, delivery_id)
    parts = list(delivery.parts.prefetch_related("receipts"))
    found = {
        "delivery": delivery,
        "contract": contract,
        "names": agency_names(),
        "parts": parts,
        "waiting": waiting(delivery),
        "simulated": delivery.is_simulated,
        "correction": CorrectionForm(),
        "withdrawal": WithdrawalForm(),
        "is_again": "again" in request.GET,
        **receipt_shown(delivery, number_asked(request, "part", len(parts) or 1), request.actor),
    }
    return render(request, "deliveries/receipt.html", found)


def live(request: SignedRequest, delivery_id: int) -> HttpResponse:
    """What has changed since the page last asked: nothing (304), a new place in the queue, or the end."""
    delivery, _ = delivery_for(request, delivery_id)
    now = waiting(delivery)
    if held := unchanged(request, now.tag):
        return held
    response = render(request, "deliveries/waiting.html", {"delivery": delivery, "waiting": now})
    response.headers["ETag"] = now.tag
    response.headers["Vamco-Final"] = "yes" if now.is_over else "no"
    return response


def rejects(request: SignedRequest, delivery_id: int) -> FileResponse:
    """The rows that are still rejected, in the sender's own layout."""
    delivery, _ = delivery_for(request, delivery_id)
    return rejects_for(request.actor, delivery)


def receipt_file(request: SignedRequest, delivery_id: int) -> JsonResponse:
    """The last receipt as a file."""
    delivery, contract = delivery_for(request, delivery_id)
    found = receipt_of(delivery, number_asked(request, "part", 0))
    name = f"receipt-{delivery.pk}-{found.part.number}.json"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    report = report_for(request.actor, found, contract)
    return JsonResponse(report, json_dumps_params={"ensure_ascii": False, "indent": 2}, headers=headers)


@require_POST
def correct(request: SignedRequest, delivery_id: int) -> HttpResponse:
    """Take the corrected rejects, and go back to the receipt that will say what became of them."""
    delivery, _ = delivery_for(request, delivery_id)
    form = CorrectionForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Misused("web.no_file")
    file = form.cleaned_data["file"]
    replay(request.actor, delivery, file, file.name)
    return redirect("delivery", delivery.pk)


@require_POST
def withdrawal(request: SignedRequest, delivery_id: int) -> HttpResponse:
    """Take the delivery out of its dataset, and go back to its receipt."""
    delivery, _ = delivery_for(request, delivery_id)
    withdraw(request.actor, delivery, request.POST.get("why", ""))
    return redirect("delivery", delivery.pk)


def difference(request: SignedRequest, delivery_id: int) -> HttpResponse:
    """What a restatement changed, row by row."""
    delivery, contract = delivery_for(request, delivery_id)
    changes = changes_of(delivery, contract, request.actor)
    found = {
        "delivery": delivery,
        "contract": contract,
        "changes": changes,
        "names": agency_names(),
        "simulated": delivery.is_simulated,
    }
    return render(request, "deliveries/difference.html", found)
