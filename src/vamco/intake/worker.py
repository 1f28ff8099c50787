"""A worker's turn: claim the delivery that waits longest, check it, decide. A worker that dies only delays it."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import uuid4

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from vamco.intake.acceptance import give_up, write_down
from vamco.intake.checking.workspace import workspaces
from vamco.intake.deciding import decide, undecidable
from vamco.intake.models import OPEN_STATES, Delivery, State
from vamco.intake.own_folder import clear_abandoned

_log = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=60)
_HEARTBEAT_SECONDS: Final = 20.0
MOST_ATTEMPTS: Final = 3  # after a fault of ours
MOST_CRASHES: Final = 200  # of the whole process, which may have other causes


def check_next(worker_name: str) -> Delivery | None:
    """Check the delivery that waits longest; None when there is none to claim, and nothing of the dead left."""
    claimed = _claim_next(f"{worker_name}-{uuid4().hex[:12]}")
    if claimed is None:
        clear_abandoned(workspaces())
        return None
    return _check(claimed)


def check_one(delivery: Delivery, worker_name: str) -> Delivery:
    """Check this delivery now, if it waits and nobody else is at it; the delivery as it stands then."""
    claimed_by = f"{worker_name}-{uuid4().hex[:12]}"
    if _claim(delivery.pk, claimed_by):
        return _check(Delivery.objects.get(pk=delivery.pk))
    delivery.refresh_from_db()
    return delivery


def waiting() -> models.QuerySet[Delivery]:
    """Deliveries that may be claimed, longest first; one for a period waits for the one before it."""
    now = timezone.now()
    free = Q(state=State.RECEIVED) | Q(state=State.CHECKING, lease_until__lt=now)
    earlier = Delivery.objects.filter(
        Q(received_at__lt=OuterRef("received_at"))
        | Q(received_at=OuterRef("received_at"), pk__lt=OuterRef("pk")),
        contract_id=OuterRef("contract_id"),
        period=OuterRef("period"),
        state__in=OPEN_STATES,
    )
    return Delivery.objects.filter(free, ~Exists(earlier)).order_by("received_at", "pk")


def _claim_next(claimed_by: str) -> Delivery | None:
    for delivery_id in waiting().values_list("pk", flat=True)[:20]:
        if _claim(delivery_id, claimed_by):
            return Delivery.objects.get(pk=delivery_id)
    return None


def _claim(delivery_id: int, claimed_by: str) -> bool:
    """By conditional update, so that of two workers one gets it."""
    n = (
        waiting()
        .order_by()
        .filter(pk=delivery_id)
        .update(
            state=State.CHECKING,
            claimed_by=claimed_by,
            lease_until=timezone.now() + LEASE,
            attempts=F("attempts") + 1,
        )
    )
    return n == 1


def _check(delivery: Delivery) -> Delivery:
    """Decide; a fault of the program is tried again, and in the end said so on the receipt."""
    part, claimed_by = delivery.parts.order_by("-number")[0], delivery.claimed_by
    try:
        with _heartbeat(delivery.pk, claimed_by):
            decision = decide(part) if delivery.attempts <= MOST_CRASHES else undecidable()
            write_down(part, decision, claimed_by)
    except Exception:  # noqa: BLE001  whatever it is, it is logged, and said on the receipt in the end
        _log.exception("delivery %s could not be checked (attempt %s)", delivery.pk, delivery.attempts)
        if delivery.attempts < MOST_ATTEMPTS:
            give_up(part, claimed_by)
        else:
            write_down(part, undecidable(), claimed_by)
    except BaseException:
        give_up(part, claimed_by)
        raise
    delivery.refresh_from_db()
    return delivery


@contextmanager
def _heartbeat(delivery_id: int, claimed_by: str) -> Iterator[None]:
    """Renew the lease for as long as the work goes on."""
    stop = threading.Event()
    beating = threading.Thread(target=_beat, args=(delivery_id, claimed_by, stop), daemon=True)
    beating.start()
    try:
        yield
    finally:
        stop.set()
        beating.join()


def _beat(delivery_id: int, claimed_by: str, stop: threading.Event) -> None:
    try:
        while not stop.wait(_HEARTBEAT_SECONDS):
            mine = Delivery.objects.filter(pk=delivery_id, claimed_by=claimed_by, state=State.CHECKING)
            mine.update(lease_until=timezone.now() + LEASE)
    finally:
        connection.close()
