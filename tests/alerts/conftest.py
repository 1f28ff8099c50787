"""Rules, findings and alerts as the engine makes them, without figures behind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from vamco.alerts import evaluating, incidents, muting, rules
from vamco.alerts.finding import Finding
from vamco.alerts.lifecycle import Verdict
from vamco.alerts.recording import Background, lock, record
from vamco.packs.alert_rule import AlertRule, Condition, FigureWatch, Kind, NoData, Response, SupplyWatch
from vamco.packs.pack import Pack, Packs
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity
from vamco.vocabulary.text import Text

T0 = datetime(2026, 11, 23, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING = Background({"run": 1, "seq": 1}, {}, frozenset())


def words(text: str) -> Text:
    return Text(text, text)


def a_rule(name="trial.many", **changes) -> AlertRule:
    given = {
        "id": name,
        "title": words("Quá nhiều"),
        "summary": words("Quá nhiều"),
        "watch": FigureWatch("health.dengue_cases", "commune"),
        "when": Condition(Kind.THRESHOLD),
        "severity": Severity.SEVERE,
        "category": "Health",
        "respond": Response("so-y-te", 4, "working_hours", words("Gọi trạm y tế.")),
        "source": Path("trial.yaml"),
        "group_by": ("rule", "unit"),
    }
    return AlertRule(**{**given, **changes})


def a_silence_rule() -> AlertRule:
    return a_rule(
        "trial.silent",
        watch=SupplyWatch(),
        when=Condition(Kind.SILENCE),
        group_by=("contract",),
        category="Infra",
    )


def blind_rule(name="trial.many", indicator="health.dengue_cases") -> AlertRule:
    return a_rule(name, watch=FigureWatch(indicator, "commune"), no_data=NoData.ALERT)


def finding(rule, unit="27694@2025-07-01", verdict=Verdict.BAD, value=9.0, **changes) -> Finding:
    labels = {"rule": rule.id, "indicator": rule.indicator, "unit": unit}
    if rule.when.kind is Kind.SILENCE:
        labels = {"rule": rule.id, "contract": unit, "agency": "so-y-te"}
    period = Period.parse("2026-10")
    return Finding(rule, labels, verdict, period, rule.severity, value, 5.0, **changes)


@pytest.fixture
def watch(db, monkeypatch):
    """Hands rules to the engine, and findings through recording, incidents and muting."""
    return Watch(monkeypatch)


class Watch:
    def __init__(self, monkeypatch):
        self.monkeypatch, self.packs = monkeypatch, Packs(())

    def rules(self, *given: AlertRule) -> None:
        pack = Pack("trial", words("Thử"), "so-y-te", "1", (), (), (), Path("trial"), alert_rules=given)
        self.packs = Packs((pack,))
        for module in (evaluating, rules):
            self.monkeypatch.setattr(module, "packs", lambda: self.packs)

    def found(self, rule, *findings, at=T0, background=NOTHING):
        with transaction.atomic():
            lock()
            recorded = record(rule, findings, at, background)
            opened = incidents.attach(self.packs, at)
            muting.mute(self.packs, at)
        return recorded, opened
