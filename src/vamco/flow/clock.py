"""The clock: work that comes round, claimed by conditional update so that two clocks are harmless."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.utils import timezone

from vamco.flow.models import RoutineRun

_log = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Routine:
    """Work that is due again `every` so often after it began; running it twice does no harm."""

    name: str
    every: timedelta
    run: Callable[[], Any]


def run_due(routines: Iterable[Routine], now: datetime | None = None) -> list[str]:
    """Run every routine that is due and not leased; the names of those that ran."""
    return [routine.name for routine in routines if _run_once(routine, now or timezone.now())]


def _run_once(routine: Routine, now: datetime) -> bool:
    RoutineRun.objects.get_or_create(name=routine.name, defaults={"due_at": now})
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    claimed = RoutineRun.objects.filter(free, name=routine.name, due_at__lte=now).update(
        lease_until=now + LEASE, started_at=now, due_at=now + routine.every
    )
    if not claimed:
        return False
    RoutineRun.objects.filter(name=routine.name, started_at=now).update(
        error=_outcome(routine), finished_at=timezone.now(), lease_until=None
    )
    return True


def _outcome(routine: Routine) -> str:
    """Run it; what went wrong, for the administrator's page, or nothing."""
    try:
        routine.run()
    except Exception as error:  # noqa: BLE001  the clock outlives any routine; the fault is kept and logged
        _log.exception("routine %s failed", routine.name)
        return repr(error)
    return ""


def overdue(now: datetime) -> list[RoutineRun]:
    """Routines that should have begun and have not, most overdue first."""
    return list(RoutineRun.objects.filter(due_at__lt=now).order_by(F("due_at")))
