"""What rules would have said in the past: of figures as they are now, each since its deliveries had come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import numpy as np
from django.utils import timezone

from vamco.alerts import evaluating, watching_figures
from vamco.alerts.conditions import judge
from vamco.alerts.finding import Finding, newest
from vamco.alerts.joint import with_families
from vamco.alerts.judged import Judged
from vamco.alerts.panel import Panel
from vamco.indicators.declared import indicator_of
from vamco.indicators.supply_of import contracts_behind
from vamco.intake.models import ACCEPTED_STATES, Delivery
from vamco.packs.alert_rule import ON_SUPPLY, AlertRule
from vamco.packs.contract import Contract
from vamco.packs.indicator import Indicator
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

_DAY: Final = timedelta(days=1)
_STEP: Final = timedelta(minutes=10)  # deliveries of one stretch are evaluated together
_TAKEN_UP_EVERY: Final = timedelta(minutes=20)
_PROMISES_AT, _SUPPLY_AT = time(7), time(17, 30)
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Past:
    """A rule's panel over all the time, judged once; `known_at` is since when each column was known."""

    panel: Panel
    judged: Judged
    known_at: tuple[datetime, ...]
    promise_days: int


class Hindsight:
    """Rules between two moments. The ledger of a made-up province was written in minutes and dates nothing."""

    def __init__(self, rules: Iterable[AlertRule], start: datetime, end: datetime) -> None:
        self._rules, self._start, self._end = list(rules), start, end
        on_figures = [rule for rule in self._rules if rule.when.kind not in ON_SUPPLY]
        self._pasts = {rule.id: _past(rule, start, end) for rule in on_figures}

    def moments(self) -> list[tuple[datetime, list[AlertRule]]]:
        """When rules had something to look at, in order: what came, what was promised, and supply by the day.

        On the first day the watch takes up one rule after another: what stands already is not one flood.
        """
        due: dict[datetime, set[str]] = {
            self._start + place * _TAKEN_UP_EVERY: {rule.id} for place, rule in enumerate(self._rules)
        }
        for rule_id, past in self._pasts.items():
            for at in past.known_at:
                due.setdefault(at, set()).add(rule_id)
        for day in self._days()[1:]:
            due.setdefault(_at(day, _PROMISES_AT), set()).update(self._pasts)
            supply = {rule.id for rule in self._rules} - set(self._pasts)
            due.setdefault(_at(day, _SUPPLY_AT), set()).update(supply)
        wanted = sorted(at for at in due if self._start <= at <= self._end)
        return [(at, self._named(due[at])) for at in wanted]

    def look(self, rule: AlertRule, now: datetime) -> list[Finding]:
        """What the rule says as of that moment."""
        past = self._pasts.get(rule.id)
        if past is None:
            return evaluating.findings(rule, now)
        is_there = np.array([at <= now for at in past.known_at])
        judged = replace(past.judged, is_known=past.judged.is_known & is_there)
        return list(newest(rule, past.panel, judged, timezone.localdate(now), past.promise_days))

    def _named(self, ids: set[str]) -> list[AlertRule]:
        return with_families([rule for rule in self._rules if rule.id in ids], self._rules)

    def _days(self) -> list[date]:
        first, last = timezone.localdate(self._start), timezone.localdate(self._end)
        return [first + n * _DAY for n in range((last - first).days + 1)]


def _past(rule: AlertRule, start: datetime, end: datetime) -> _Past:
    indicator, today = indicator_of(rule.indicator), timezone.localdate(end)
    early, first = watching_figures.newest_periods(rule, indicator, timezone.localdate(start))
    periods = [*early]
    while periods[-1].next().start_on <= today:
        periods.append(periods[-1].next())
    panel = watching_figures.panel(rule, periods, first)
    known_at = (*(_ALWAYS for _ in range(first)), *_known_at(indicator, periods[first:]))
    return _Past(panel, judge(rule.when, panel), known_at, indicator.promise_days)


def _known_at(indicator: Indicator, periods: Sequence[Period]) -> list[datetime]:
    """Since when each period was known: when the last of its datasets had come that day by day or faster come."""
    contracts = [one for one in contracts_behind(indicator) if not _is_coarser(one, periods[-1])]
    came = [_arrivals(contract, periods) for contract in contracts]
    if not came:
        return [_at(period.end_on + (indicator.promise_days + 1) * _DAY, time()) for period in periods]
    return [max(moments) for moments in zip(*came, strict=True)]


def _is_coarser(contract: Contract, period: Period) -> bool:
    """Whether it comes more seldom than the figure, as registers and plans do: they are there already."""
    if contract.schedule is None or contract.schedule.period_type == PeriodType.RANGE:
        return True
    own = Period.covering(PeriodType(contract.schedule.period_type), period.end_on)
    return own.end_on - own.start_on > period.end_on - period.start_on


def _arrivals(contract: Contract, periods: Sequence[Period]) -> list[datetime]:
    """For each period when the delivery came that covers its last day, and evaluation followed."""
    accepted = Delivery.objects.filter(contract_id=contract.id, state__in=ACCEPTED_STATES)
    known = accepted.filter(period_end_on__gte=periods[0].end_on).order_by("received_at")
    rows = list(known.values_list("period_start_on", "period_end_on", "received_at"))
    return [
        next((_next_step(at) for start, end, at in rows if start <= period.end_on <= end), _NEVER)
        for period in periods
    ]


def _next_step(at: datetime) -> datetime:
    past = (at - _ALWAYS) % _STEP
    return at - past + _STEP


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
