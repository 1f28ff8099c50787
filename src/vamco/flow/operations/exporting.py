"""The centre delivers its own data like any agency: through the one door, a day at a time."""

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from vamco.accounts.policy import PROGRAM
from vamco.flow.operations.days import end_of
from vamco.flow.operations.deliveries import deliveries_on
from vamco.flow.operations.directives import assignments_on, directives_on
from vamco.flow.operations.table import Table, as_csv
from vamco.flow.operations.uses import first_trace_on, page_uses_on, sign_ins_on
from vamco.flow.operations.watch import incidents_on, watch_hours_on
from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel, Delivery, State
from vamco.intake.receiving import Received, receive
from vamco.vocabulary.errors import Refused

CATCHES_UP: Final = 7  # days that a machine that stood still makes good by itself
_AFTER_MIDNIGHT: Final = timedelta(minutes=10)  # after midnight, by when every count of the day is written
_TABLES: Final[Mapping[str, Callable[[date], Table | None]]] = {
    "operations.deliveries": deliveries_on,
    "operations.sign_ins": sign_ins_on,
    "operations.page_uses": page_uses_on,
    "operations.directives": directives_on,
    "operations.assignments": assignments_on,
    "operations.incidents": incidents_on,
    "operations.watch_hours": watch_hours_on,
}
_GONE: Final = (State.REJECTED, State.UNREADABLE, State.WITHDRAWN)


def deliver_day(on: date) -> list[Delivery]:
    """Deliver what the centre knows of that day as it ended; those that are new.

    What is known no differently is no new delivery; what is, restates the day. A dataset of which nothing is
    known for that day is left out: it is missing, not zero. Raises `Refused` while the day is not over.
    """
    if timezone.now() < end_of(on):
        raise Refused("flow.day_not_over", on=f"{on:%d/%m/%Y}")
    found = (_deliver(contract_id, on) for contract_id in _TABLES)
    return [received.delivery for received in found if received and received.is_new]


def deliver_due(now: datetime | None = None) -> list[Delivery]:
    """Deliver the days before this one that are not delivered yet, as far back as a week; those that are new.

    Days before the installation kept any trace are not ours to tell of by ourselves.
    """
    began_on = first_trace_on()
    yesterday = (timezone.localtime(now) - _AFTER_MIDNIGHT).date() - timedelta(days=1)
    days = (yesterday - timedelta(days=n) for n in reversed(range(CATCHES_UP)))
    wanted = (day for day in days if began_on and day >= began_on)
    due = ((contract_id, day) for day in wanted for contract_id in _TABLES if not _is_there(contract_id, day))
    found = (_deliver(contract_id, day) for contract_id, day in due)
    return [received.delivery for received in found if received and received.is_new]


def _is_there(contract_id: str, on: date) -> bool:
    """Whether the day was delivered, by itself or within a longer history."""
    covering = Delivery.objects.filter(
        contract_id=contract_id, period_start_on__lte=on, period_end_on__gte=on
    )
    return covering.exclude(state__in=_GONE).exists()


def _deliver(contract_id: str, on: date) -> Received | None:
    """Made-up days came when they would have come; real ones, and what restates a day, come now."""
    table = _TABLES[contract_id](on)
    if table is None:
        return None
    is_first = table.is_simulated and not _is_there(contract_id, on)
    return receive(
        PROGRAM,
        contract_id,
        f"{on}",
        io.BytesIO(as_csv(contract_of(contract_id), table.rows)),
        f"van-hanh_{contract_id}_{on}.csv",
        Channel.PULL,
        is_simulated=table.is_simulated,
        simulated_at=end_of(on) + _AFTER_MIDNIGHT if is_first else None,
    )
