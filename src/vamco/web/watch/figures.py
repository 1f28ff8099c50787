"""How well the watch is kept: the figures of alarm management over some days."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from vamco.alerts.kpis import Kpi, report
from vamco.alerts.models import Alert, Incident
from vamco.alerts.plan import watch_plan
from vamco.alerts.queue import items_of, rule_of, visible
from vamco.vocabulary.messages import say
from vamco.web.callers import SignedRequest
from vamco.web.language import language_now
from vamco.web.parameters import number_asked
from vamco.web.templatetags.figures import number, percent
from vamco.web.watch.rows import rows_of

DAYS: Final = (1, 7, 28, 90)
_SHARES: Final = ("share_", "top_ten_share", "acknowledged_in_time")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in words, with its limit."""

    kpi: Kpi
    title: str
    value: str
    limit: str

    @property
    def level(self) -> str:
        """The level that it is drawn at."""
        return {True: "good", False: "serious", None: "quiet"}[self.kpi.is_met]


@require_safe
def figures(request: SignedRequest) -> HttpResponse:
    """The figures of the days up to now."""
    n_days = min(number_asked(request, "days", 7), DAYS[-1])
    now = timezone.now()
    made = report(now - timedelta(days=n_days), now)
    standing = Incident.objects.filter(pk__in=made.standing)
    items = visible(request.actor, items_of(standing, Alert.objects.filter(incident__in=made.standing)))
    found: dict[str, Any] = {
        "lines": [_line(kpi) for kpi in made.kpis],
        "made": made,
        "days": n_days,
        "choices": DAYS,
        "plan": watch_plan(),
        "top": [(rule_of(rule_id), rule_id, n) for rule_id, n in made.top_rules],
        "rows": rows_of(items, request.actor, now),
        "chattering": [(rule_of(labels["rule"]), labels) for labels in made.chattering],
    }
    return render(request, "watch/figures.html", found)


def _line(kpi: Kpi) -> Line:
    language = language_now()
    limit = ""
    if kpi.limit is not None:
        limit = say(
            f"web.watch_limit_{'most' if kpi.is_at_most else 'least'}", language, limit=_said(kpi, kpi.limit)
        )
    value = say("web.watch_nothing_counted", language) if kpi.value is None else _said(kpi, kpi.value)
    return Line(kpi, say(f"web.watch_kpi_{kpi.name}", language), value, limit)


def _said(kpi: Kpi, value: float) -> str:
    """Shares as per cent, minutes with their unit, counts as they are."""
    if kpi.name.startswith(_SHARES):
        return percent(value, 0 if float(value * 100).is_integer() else 1)
    said = number(value, 0 if float(value).is_integer() else 2)
    return say("web.watch_age_minutes", language_now(), n=said) if "minutes_to" in kpi.name else said
