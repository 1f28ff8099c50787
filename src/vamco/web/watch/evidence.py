"""What an alert rests on: the passport of the figure that it saw, and the series around it with its bound."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from vamco.alerts.models import Alert
from vamco.alerts.queue import rule_of
from vamco.geography.unit import AdministrativeUnit
from vamco.indicators.models import Run
from vamco.indicators.territory import territory_now
from vamco.packs.alert_rule import Kind
from vamco.packs.indicator import Indicator
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import say
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.web.callers import SignedRequest
from vamco.web.indicators.access import may_read
from vamco.web.indicators.exporting import facts_of
from vamco.web.indicators.periods import history
from vamco.web.indicators.plots import Plot, Series, plot_of, series_of
from vamco.web.indicators.standpoint import Standpoint
from vamco.web.language import language_now
from vamco.web.passport.cells import sees_cells
from vamco.web.watch.wording import bound_name, indicator_or_none

_SECOND = timedelta(seconds=1)
_OF_OTHER_KIND = (Kind.PACE, Kind.COUNT)  # whose bounds are not in the figure's own measure


@dataclass(frozen=True, slots=True)
class Chart:
    """The series of the leading alert as it was known then, with what goes with it."""

    plot: Plot
    facts: list[tuple[str, str]]
    file: str


def passport_of(alert: Alert, evidence: Mapping[str, Any]) -> str:
    """The passport of the figure as known when the alert saw it; empty where it saw none."""
    seen = evidence.get("seen") or {}
    if "unit_id" not in seen:
        return ""
    asked = {
        "indicator": seen["indicator"],
        "unit": seen["unit_id"].partition("@")[0],
        "on": seen["map_on"],
        "period": seen["period"],
        "map": seen["map_on"],
        "as_known_at": _known_at(alert, evidence).replace(tzinfo=None).isoformat(),
    }
    if seen.get("breakdown"):
        asked["breakdown"] = seen["breakdown"]
    return f"{reverse('passport')}?{urlencode(asked)}"


def _known_at(alert: Alert, evidence: Mapping[str, Any]) -> datetime:
    """The whole second after the last run of figures that the alert saw, on the province's clock."""
    run = Run.objects.filter(pk=evidence.get("data", {}).get("run"), finished_at__isnull=False).first()
    seen_at = run.finished_at if run and run.finished_at else alert.evaluated_at
    return timezone.localtime(seen_at).replace(microsecond=0) + _SECOND


def chart_of(alert: Alert, request: SignedRequest) -> Chart | None:
    """The figures up to the alert's period; None for what is no figure or not for this reader."""
    indicator, unit = indicator_or_none(alert.labels.get("indicator", "")), _unit(alert)
    if indicator is None or unit is None or not alert.period or "breakdown" in alert.labels:
        return None
    if not may_read(request.actor, indicator, unit):
        return None
    standpoint = _standpoint(alert, unit)
    plot = _plot(alert, indicator, standpoint, sees_cells=sees_cells(request.actor, indicator, unit))
    address = request.build_absolute_uri(request.path)
    file = f"{reverse('indicator-file', args=indicator.id.split('.', 1))}?{standpoint.query()}"
    return Chart(plot, facts_of([indicator], standpoint, address), file)


def _unit(alert: Alert) -> AdministrativeUnit | None:
    try:
        return territory_now().register.get(alert.labels.get("unit", ""))
    except NotFound:
        return None


def _standpoint(alert: Alert, unit: AdministrativeUnit) -> Standpoint:
    on: date = timezone.localdate(alert.evaluated_at)
    if unit.valid_to_on is not None and unit.valid_to_on <= on:
        on = unit.valid_to_on - timedelta(days=1)
    known_at = _known_at(alert, alert.evidence)
    carried = {
        "unit": unit.code,
        "map": on.isoformat(),
        "as_known_at": known_at.replace(tzinfo=None).isoformat(),
    }
    return Standpoint(unit, on.isoformat(), on, Period.parse(alert.period), known_at, carried)


def _plot(alert: Alert, indicator: Indicator, standpoint: Standpoint, *, sees_cells: bool) -> Plot:
    periods = history(indicator, Period.parse(alert.period))
    label = indicator.short.in_(language_now())
    own = series_of(indicator, standpoint, periods, label, sees_cells=sees_cells)
    bound = _bound(alert, own, standpoint, periods)
    title = say("web.watch_chart", language_now(), indicator=label, unit=standpoint.unit.name)
    return plot_of(f"alert-{alert.pk}", title, standpoint, [own, *([bound] if bound else [])])


def _bound(alert: Alert, own: Series, standpoint: Standpoint, periods: tuple[Period, ...]) -> Series | None:
    """The indicator that the bound is taken from, or the number itself as a level line."""
    rule = rule_of(alert.rule)
    if rule is None or alert.bound is None or rule.when.kind in _OF_OTHER_KIND:
        return None
    other = indicator_or_none(rule.when.bound) if isinstance(rule.when.bound, str) else None
    if other is not None:
        told = series_of(other, standpoint, periods, other.short.in_(language_now()), sees_cells=False)
        return replace(told, is_threshold=True)
    level = [
        replace(f, value=alert.bound, status=ObservationStatus.NORMAL, estimated_share=0.0)
        for f in own.figures
    ]
    return Series(bound_name(rule), own.indicator, tuple(level), is_threshold=True)
