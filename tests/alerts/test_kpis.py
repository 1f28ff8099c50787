"""The figures of EEMUA 191 and ISA-18.2, from incidents and alerts made by hand."""

from datetime import timedelta

import pytest
from tests.alerts.conftest import T0

from vamco.alerts.kpis import report
from vamco.alerts.models import Alert, Incident

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
END = T0 + 7 * DAY


def opened(at, severity="Moderate", rule="trial.many", **facts):
    key = f"{Incident.objects.count()}"
    return Incident.objects.create(key=key, rule=rule, agency="a", severity=severity, opened_at=at, **facts)


def raised(at, fingerprint="one"):
    Alert.objects.create(
        rule="trial.many",
        fingerprint=fingerprint,
        labels={"unit": "u"},
        severity="Moderate",
        state="resolved",
        because="good",
        last_seen="good",
        since=at,
        raised_since=at,
        evaluated_at=at,
    )


def figures():
    return {kpi.name: kpi for kpi in report(T0, END).kpis}


def test_an_empty_week_has_no_shares_and_breaks_no_limit():
    found = figures()
    assert found["mean_in_ten_minutes"].value == 0
    assert found["share_critical"].value is None
    assert not [name for name, kpi in found.items() if kpi.is_met is False]


def test_a_flood_is_seen_though_the_average_hides_it():
    for n in range(42):  # for two operators, 21 each within ten minutes
        opened(T0 + DAY + n * timedelta(seconds=10), closed_at=T0 + 2 * DAY)
    found = figures()
    assert found["mean_in_ten_minutes"].is_met
    assert (found["peak_in_ten_minutes"].value, found["peak_in_ten_minutes"].is_met) == (21, False)
    assert (found["floods"].value, found["floods"].is_met) == (1, False)
    assert found["share_of_time_in_flood"].value == pytest.approx(1 / (7 * 144))


def test_priorities_are_shares_of_incidents():
    for severity in ["Extreme", "Severe", "Severe", *["Moderate"] * 16, "Minor"]:
        opened(T0 + HOUR, severity)
    found = figures()
    assert [found[f"share_{name}"].value for name in ("critical", "serious", "attention")] == [
        0.05,
        0.1,
        0.85,
    ]
    assert all(found[f"share_{name}"].is_met for name in ("critical", "serious", "attention"))


def test_what_is_open_for_more_than_a_day_stands():
    old = opened(END - 2 * DAY)
    opened(END - 2 * DAY, closed_at=END - HOUR)
    opened(END - HOUR)
    assert report(T0, END).standing == (old.pk,)


def test_three_times_within_an_hour_is_chattering_and_thrice_a_day_is_not():
    for n in range(3):
        raised(T0 + n * 20 * MINUTE)
        raised(T0 + n * 7 * HOUR, "another")
    assert report(T0, END).chattering == ({"rule": "trial.many", "unit": "u"},)


def test_answers_count_what_was_due_and_wait_for_what_is_not():
    opened(T0, respond_by=T0 + HOUR, acknowledged_at=T0 + 30 * MINUTE)
    opened(T0, respond_by=T0 + HOUR, acknowledged_at=T0 + 2 * HOUR)
    opened(T0, respond_by=T0 + HOUR)
    opened(END - HOUR, respond_by=END + HOUR)
    found = figures()
    assert found["acknowledged_in_time"].value == pytest.approx(1 / 3)
    assert found["median_minutes_to_acknowledge"].value == 75


def test_the_busiest_rules_come_first():
    for n in range(12):
        for _ in range(n + 1):
            opened(T0 + HOUR, rule=f"trial.r{n}")
    found = report(T0, END)
    assert found.top_rules[0] == ("trial.r11", 12)
    assert len(found.top_rules) == 10
    assert figures()["top_ten_share"].value == pytest.approx(75 / 78)
