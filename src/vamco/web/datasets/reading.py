"""What the dataset pages show, read from deliveries, receipts and the ledger."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Max, Sum
from django.urls import reverse

from vamco.intake.models import ACCEPTED_STATES, Delivery, Receipt
from vamco.intake.scoring import AMBER, GREEN
from vamco.warehouse.models import LedgerEntry
from vamco.web.charts import Chart, score_chart
from vamco.web.language import language_now

N_PREVIEWED: Final = 50
N_POINTS: Final = 24


@dataclass(frozen=True, slots=True)
class Stock:
    """What a dataset holds now."""

    n_rows: int
    n_periods: int
    newest: Delivery | None
    score: float | None


def stocks() -> dict[str, Stock]:
    """Contract → what its dataset holds now; contracts without accepted data are absent."""
    live = LedgerEntry.objects.filter(superseded_seq=None)
    held = {
        row["dataset_id"]: row
        for row in live.values("dataset_id").annotate(n=Sum("n_rows"), newest=Max("start_on"))
    }
    return {name: _stock(name, row["n"] or 0) for name, row in held.items()}


def _stock(contract_id: str, n_rows: int) -> Stock:
    live = Delivery.objects.filter(contract_id=contract_id, state__in=ACCEPTED_STATES, superseded_by=None)
    newest = live.order_by("-period_end_on", "-id").first()
    receipt = newest.receipt if newest else None
    n_periods = live.values("period").distinct().count()
    return Stock(n_rows, n_periods, newest, receipt.score if receipt else None)


def stock_of(contract_id: str) -> Stock:
    """What the dataset of that contract holds now."""
    n_rows = LedgerEntry.objects.filter(dataset_id=contract_id, superseded_seq=None).aggregate(
        n=Sum("n_rows")
    )["n"]
    return _stock(contract_id, n_rows or 0)


def quality_over_time(contract_id: str) -> Chart:
    """The score of the last checks of each period, oldest first."""
    receipts = Receipt.objects.filter(
        part__delivery__contract_id=contract_id, part__delivery__superseded_by=None
    )
    newest = receipts.values("part__delivery").annotate(last=Max("id")).values("last")
    rows = (
        Receipt.objects.filter(id__in=newest)
        .select_related("part__delivery")
        .order_by("-part__delivery__period_start_on", "-id")[:N_POINTS]
    )
    points = [
        (d.covered.title.in_(language_now()), r.score, reverse("delivery", args=[d.pk]))
        for r in rows
        if (d := r.part.delivery)
    ]
    return score_chart(points[::-1], (AMBER, GREEN))
