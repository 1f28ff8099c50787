"""`vamco alerts` tells rules, incidents, rehearsals and the figures of the watch, to people and to programs."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from vamco.alerts.models import Incident
from vamco.flow import showing_alerts
from vamco.flow.command_line import vamco
from vamco.indicators.declared import packs
from vamco.vocabulary.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")

    def said(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(vamco, ["alerts", *arguments], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.stdout

    return said


@pytest.fixture
def incident():
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    return Incident.objects.create(
        key="k",
        rule="health.dengue_surge",
        agency="trung-tam-kiem-soat-benh-tat",
        severity="Severe",
        opened_at=at,
    )


def test_rules_are_listed_with_who_acts(say):
    (dengue,) = (row for row in json.loads(say("rules", "--json")) if row["id"] == "health.dengue_surge")
    assert (dengue["kind"], dengue["agency"], dengue["is_in_force"]) == (
        "detector",
        "trung-tam-kiem-soat-benh-tat",
        True,
    )
    assert say("rules").splitlines()[0].startswith("Mã")


def test_open_incidents_are_listed_and_one_is_shown(say, incident):
    assert [row["id"] for row in json.loads(say("list", "--json"))] == [incident.pk]
    assert "health.dengue_surge" in say("list")
    shown = json.loads(say("show", str(incident.pk), "--json"))
    assert (shown["agency"], shown["events"]) == ("trung-tam-kiem-soat-benh-tat", [])
    assert "Quy tắc: health.dengue_surge" in say("show", str(incident.pk))


def test_no_incident_of_that_number_is_an_error():
    with pytest.raises(NotFound):
        CliRunner().invoke(vamco, ["alerts", "show", "7"], catch_exceptions=False)


def test_tests_of_a_rule_are_run_and_counted(say):
    assert say("test", "information-security.service_outage") == "4 điều mong đợi, 0 điều không đạt.\n"
    told = json.loads(say("test", "information-security.service_outage", "--json"))
    assert [one["is_met"] for one in told] == [True] * 4


def test_a_rehearsal_tells_of_known_events_and_of_the_budget(say, tmp_path):
    events = tmp_path / "events.csv"
    events.write_text(
        "name,unit,from,to,service\nĐợt thử,80,2026-05-01,2026-05-31,information-security\n", "utf-8"
    )
    asked = [
        "rehearse",
        "information-security.command_connections",
        "--from",
        "01/06/2026",
        "--to",
        "30/06/2026",
    ]
    lines = say(*asked, "--events", str(events)).splitlines()
    assert lines[0].endswith("01/06/2026 – 30/06/2026")
    assert any(line.startswith("  Bỏ sót: Đợt thử") for line in lines)
    assert lines[-1].startswith("Vừa ngân sách báo động")
    assert json.loads(say(*asked, "--json"))["alerts"] == 0


def test_the_figures_of_the_watch_name_limit_and_source(say, incident):
    told = json.loads(say("kpis", "--from", "2026-11-16", "--to", "2026-11-22", "--json"))
    figures = {kpi["name"]: kpi for kpi in told["kpis"]}
    assert figures["standing"]["value"] == 1
    assert figures["mean_in_ten_minutes"]["source"].startswith("EEMUA")
    assert told["top_rules"] == [{"rule": "health.dengue_surge", "incidents": 1}]
    assert "EEMUA" in say("kpis")


def test_evaluation_on_demand_says_what_it_did_and_twice_changes_nothing(say, monkeypatch):
    few = [packs().alert_rule(name) for name in ("operations.silent_source", "health.dengue_death")]
    monkeypatch.setattr(showing_alerts, "rules_in_force", lambda: few)
    told = json.loads(say("evaluate", "--all", "--json"))
    assert told["rules"] == 2
    assert told["opened"] >= 1  # sources that have never sent anything are silent
    again = json.loads(say("evaluate", "--all", "--json"))
    assert (again["changed"], again["opened"]) == (0, 0)
