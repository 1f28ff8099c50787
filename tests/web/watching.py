"""Incidents as the engine opens them for shipped rules, without figures behind."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vamco.alerts import incidents, muting
from vamco.alerts.finding import Finding
from vamco.alerts.lifecycle import Verdict
from vamco.alerts.models import Incident
from vamco.alerts.recording import Background, lock, record
from vamco.indicators.declared import packs
from vamco.packs.alert_rule import Kind
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

DENGUE = "health.dengue_above_threshold"
SILENT = "operations.silent_source"
LONG_AN, TAN_AN = "27694@2025-07-01", "27712@2025-07-01"
NOTHING = Background({"run": 1, "seq": 1}, {}, frozenset())


def raise_alerts(
    rule_id: str, *of: str, at: datetime | None = None, value: float = 9.0, numerator: float | None = None
) -> list[Incident]:
    """The rule found these units, or contracts, abnormal; the incidents that it opened, in order."""
    rule, now = packs().alert_rule(rule_id), at or timezone.now()
    seen = {"numerator": numerator, "denominator": None} if numerator is not None else None
    found = [
        Finding(
            rule,
            _labels(rule, one),
            Verdict.BAD,
            Period.parse("2026-10"),
            rule.severity or Severity.SEVERE,
            value,
            5.26,
            seen=seen,
        )
        for one in of
    ]
    return _opened(rule, found, now)


def _labels(rule, one: str) -> dict[str, str]:
    if rule.when.kind is Kind.SILENCE:
        agency = packs().contract(one).agency
        return {"rule": rule.id, "contract": one, "agency": agency}
    return {"rule": rule.id, "indicator": rule.indicator, "unit": one}


def _opened(rule, found: Sequence[Finding], now: datetime) -> list[Incident]:
    with transaction.atomic():
        lock()
        record(rule, found, now, NOTHING)
        opened = incidents.attach(packs(), now)
        muting.mute(packs(), now)
    return opened
