"""The centre delivers its own data like any agency: through the one door, a day at a time."""

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from vamco.accounts.policy import PROGRAM
from vamco.flow.operations.days import end_of
from vamco.flow.operations.deliveries import deliveries_on
from vamco.flow.operations.table import Table, as_csv
from vamco.flow.operations.uses import page_uses_on, sign_ins_on
from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel, Delivery, State
from vamco.intake.receiving import receive
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

CATCHES_UP: Final = 7  # days that a machine that stood still makes good by itself
_NIGHTLY: Final = timedelta(minutes=10)  # after midnight, when every count of the day is written
_TABLES: Final[Mapping[str, Callable[[date], Table | None]]] = {
    "operations.deliveries": deliveries_on,
    "operations.sign_ins": sign_ins_on,
    "operations.page_uses": page_uses_on,
}
_GONE: Final = (State.REJECTED, State.UNREADABLE, State.WITHDRAWN)


def deliver_day(on: date) -> list[Delivery]:
    """Deliver what the centre knows of that day as it ended; what was delivered already stays.

    A dataset of which nothing is known for that day is left out: it is missing, not zero.
    Raises `Refused` while the day is not over.
    """
    if timezone.now() < end_of(on):
        raise Refused("flow.day_not_over", on=f"{on:%d/%m/%Y}")
    return list(_delivered(on))


def deliver_due(now: datetime | None = None) -> list[Delivery]:
    """Deliver the days before this one that are not delivered yet, as far back as a week; those that are new."""
    at = timezone.localtime(now)
    yesterday = (at - _NIGHTLY).date() - timedelta(days=1)
    days = (yesterday - timedelta(days=n) for n in reversed(range(CATCHES_UP)))
    return [delivery for day in days for delivery in deliver_day(day)]


def _delivered(on: date) -> Iterator[Delivery]:
    period = Period.covering(PeriodType.DAY, on)
    for contract_id, table_on in _TABLES.items():
        if _is_there(contract_id, period):
            continue
        table = table_on(on)
        if table is not None:
            yield _deliver(contract_id, period, table)


def _is_there(contract_id: str, period: Period) -> bool:
    """Whether the day was delivered, by itself or within a longer history."""
    covering = Delivery.objects.filter(
        contract_id=contract_id, period_start_on__lte=period.start_on, period_end_on__gte=period.end_on
    )
    return covering.exclude(state__in=_GONE).exists()


def _deliver(contract_id: str, period: Period, table: Table) -> Delivery:
    """Made-up days came when they would have come; real ones come now."""
    content = as_csv(contract_of(contract_id), table.rows)
    return receive(
        PROGRAM,
        contract_id,
        str(period),
        io.BytesIO(content),
        f"van-hanh_{contract_id}_{period}.csv",
        Channel.PULL,
        is_simulated=table.is_simulated,
        simulated_at=end_of(period.end_on) + _NIGHTLY if table.is_simulated else None,
    ).delivery
