"""What a rule would have said of the past weeks: rehearsed when somebody asks, and kept while nothing changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from vamco.alerts.known_events import KnownEvent, read_events
from vamco.alerts.rehearsal import Rehearsal
from vamco.alerts.rehearsing import rehearse
from vamco.indicators.declared import packs
from vamco.indicators.models import Run
from vamco.packs.alert_rule import ON_SUPPLY, AlertRule
from vamco.web.callers import SignedRequest

WEEKS: Final = 26
WEEKS_OF_SUPPLY: Final = 4  # the ledger of supply is read anew for each day
_HEIGHT: Final = 60
_STEP: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of the chart: its place and height in the units of the drawing, and its number."""

    monday: date
    n: int
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The rehearsal with its chart, a bar for each week."""

    made: Rehearsal
    told: dict[str, Any]
    bars: tuple[Bar, ...]
    width: int
    most: int


def weeks_of(rule: AlertRule) -> int:
    """How far back a page may rehearse the rule and still answer soon."""
    return WEEKS_OF_SUPPLY if rule.when.kind in ON_SUPPLY else WEEKS


def rehearsed(request: SignedRequest, rule: AlertRule) -> Rehearsed | None:
    """What came of it, where the address asks for it and the reader may."""
    if "rehearse" not in request.GET or not request.actor.may("rule.rehearse"):
        return None
    last_run = Run.objects.aggregate(last=Max("pk"))["last"] or 0
    made = _made(rule.id, timezone.localdate() - timedelta(days=1), last_run)
    bars = _bars(made)
    return Rehearsed(made, made.as_dict(), bars, len(bars) * _STEP, max((bar.n for bar in bars), default=0))


@lru_cache(maxsize=32)
def _made(rule_id: str, until: date, _last_run: int) -> Rehearsal:
    rule = packs().alert_rule(rule_id)
    since = until - timedelta(weeks=weeks_of(rule)) + timedelta(days=1)
    return rehearse(rule, since, until, events=_events())


def _events() -> Sequence[KnownEvent]:
    """The known events of this installation, where somebody keeps a file of them."""
    path = settings.HOME / "known_events.csv"
    return read_events(path) if path.exists() else ()


def _bars(made: Rehearsal) -> tuple[Bar, ...]:
    counts = made.by_week()
    most = max(counts.values(), default=1)
    first = made.start_on - timedelta(days=made.start_on.weekday())
    mondays = [first + timedelta(weeks=n) for n in range(((made.end_on - first).days // 7) + 1)]
    return tuple(
        Bar(
            monday,
            n := counts.get(monday, 0),
            place * _STEP,
            _HEIGHT - _HEIGHT * n / most,
            _HEIGHT * n / most,
        )
        for place, monday in enumerate(mondays)
    )
