"""The monitoring services over HTTP."""

from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from ninja import Router

from vamco.indicators.declared import packs
from vamco.intake.models import ACCEPTED_STATES, Delivery
from vamco.intake.simulated import holds_simulated
from vamco.packs.pack import Pack
from vamco.web.api.conditional import until_figures_change
from vamco.web.api.figure_schemas import ServiceOut
from vamco.web.callers import SignedRequest
from vamco.web.indicators.access import readable

router = Router(tags=["services"])


@router.get("/services", response={200: list[ServiceOut], 304: None}, url_name="services")
@until_figures_change
def services(request: SignedRequest, response: HttpResponse) -> list[dict[str, Any]]:  # noqa: ARG001  carries the tag
    """Every monitoring service: what leads it, what it rests on, and how far its data reaches."""
    return [_service(pack, [one.id for one in readable(request.actor, pack.indicators)]) for pack in packs()]


def _service(pack: Pack, indicators: list[str]) -> dict[str, Any]:
    ids = [contract.id for contract in pack.contracts]
    live = Delivery.objects.filter(contract_id__in=ids, state__in=ACCEPTED_STATES, superseded_by=None)
    return {
        "slug": pack.slug,
        "title": pack.title.as_dict(),
        "summary": pack.summary.as_dict() if pack.summary else None,
        "agency": pack.agency,
        "lead": [name for name in (pack.page.lead if pack.page else ()) if name in indicators],
        "indicators": indicators,
        "datasets": ids,
        "is_simulated": holds_simulated(ids),
        **live.aggregate(newest_received_at=Max("received_at"), covered_until=Max("period_end_on")),
    }
