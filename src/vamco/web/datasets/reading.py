"""What the dataset pages show, read from deliveries, receipts and the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Sum
from django.urls import reverse
from sqlglot import exp

from vamco.accounts.policy import Actor
from vamco.intake.models import ACCEPTED_STATES, Delivery, Receipt
from vamco.intake.receiving import scope_of
from vamco.intake.scoring import AMBER, GREEN
from vamco.packs.contract import Column, Contract, Sensitivity
from vamco.vocabulary.errors import NotFound
from vamco.warehouse.engine import engine
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


@dataclass(frozen=True, slots=True)
class Preview:
    """The first accepted rows; cells of hidden columns are None and the column is in `hidden`."""

    columns: tuple[Column, ...]
    hidden: frozenset[str]
    rows: tuple[tuple[Any, ...], ...]


def preview_of(contract: Contract, actor: Actor, as_known_at: datetime | None) -> Preview | None:
    """Some accepted rows as known at that moment; None when there were none yet.

    Columns of personal data are read only for those who may see them.
    """
    sees_all = actor.may("dataset.personal", scope_of(contract))
    hidden = frozenset(
        c.name for c in contract.columns if c.sensitivity is Sensitivity.PERSONAL and not sees_all
    )
    shown = [c for c in contract.columns if c.name not in hidden]
    pack, _, name = contract.id.partition(".")
    query = exp.select(*(exp.column(c.name, quoted=True) for c in shown)).from_(
        exp.table_(name, pack, quoted=True)
    )
    ordered = query.order_by(exp.column("delivery_id").desc(), exp.column("row_no")).limit(N_PREVIEWED)
    try:
        table = engine().table(ordered, as_known_at=as_known_at)
    except NotFound:
        return None
    rows = [tuple(row.get(c.name) for c in contract.columns) for row in table.to_pylist()]
    return Preview(contract.columns, hidden, tuple(rows))
