"""Rules are evaluated when what they watch has changed or their time is up; a fault in one stops no other."""

from datetime import date, timedelta

import pytest
from tests.alerts.conftest import MINUTE, T0, a_rule, finding

from vamco.alerts.evaluating import due_rules, evaluate, evaluate_due
from vamco.alerts.models import Alert, Incident, RuleState
from vamco.indicators.models import Observation, Run, Why
from vamco.packs.alert_rule import FigureWatch
from vamco.vocabulary.errors import Refused

CASES, PUPILS = "health.dengue_cases", "education.pupils"


@pytest.fixture
def rules(watch):
    given = [
        a_rule("trial.cases", watch=FigureWatch(CASES, "commune")),
        a_rule("trial.pupils", watch=FigureWatch(PUPILS, "commune")),
    ]
    watch.rules(*given)
    return given


def look(rule, now):
    return [finding(rule)]


def run_that_changes(indicator) -> Run:
    run = Run.objects.create(
        started_at=T0, data_at=T0, data_seq=1, register_version="1", declarations_sha256="0"
    )
    day = date(2026, 10, 1)
    Observation.objects.create(
        indicator=indicator, definition_version=1, unit_id=f"27694@{run.pk}", level="commune", period="2026-10",
        start_on=day, end_on=day, status="normal", map_on=day, known_since_at=T0, why=Why.FIRST, run=run,
    )  # fmt: skip
    return run


def ids(rules):
    return [rule.id for rule in rules]


def test_what_was_never_evaluated_is_due_and_then_rests(rules):
    assert ids(due_rules(rules, T0)) == ["trial.cases", "trial.pupils"]
    evaluate(rules, T0, look)
    assert due_rules(rules, T0 + MINUTE) == []
    assert ids(due_rules(rules, T0 + timedelta(hours=1))) == ["trial.cases", "trial.pupils"]


def test_a_new_figure_wakes_exactly_the_rules_that_watch_it(rules):
    evaluate(rules, T0, look)
    run_that_changes(PUPILS)
    assert ids(due_rules(rules, T0 + MINUTE)) == ["trial.pupils"]


def test_a_run_that_changed_nothing_for_a_rule_is_not_looked_at_twice(rules):
    evaluate(rules, T0, look)
    run = run_that_changes(PUPILS)
    due_rules(rules, T0 + MINUTE)
    assert dict(RuleState.objects.exclude(rule="").values_list("rule", "run")) == {
        "trial.cases": run.pk,
        "trial.pupils": 0,
    }
    evaluate([rules[1]], T0 + MINUTE, look)
    run_that_changes(CASES)
    assert ids(due_rules(rules, T0 + 2 * MINUTE)) == ["trial.cases"]


def test_a_rule_that_cannot_be_evaluated_stops_no_other_and_says_why(rules):
    def failing(rule, now):
        if rule.id == "trial.cases":
            raise Refused("alerts.bad_plan", file="watch.yaml", problem="thử")
        return look(rule, now)

    done = evaluate(rules, T0, failing)
    assert done.rules == ["trial.pupils"]
    assert "watch.yaml" in RuleState.objects.get(rule="trial.cases").error
    assert Alert.objects.get().rule == "trial.pupils"


def test_what_is_found_is_kept_with_its_incident_or_not_at_all(rules, monkeypatch):
    def break_off(packs, now):
        raise RuntimeError

    monkeypatch.setattr("vamco.alerts.evaluating.attach", break_off)
    with pytest.raises(RuntimeError):
        evaluate(rules, T0, look)
    assert not Alert.objects.exists()
    monkeypatch.undo()


def test_evaluating_twice_at_once_changes_nothing(rules):
    for _ in range(2):
        evaluate(rules, T0, look)
    assert Alert.objects.count() == Incident.objects.count() == 2


def test_nothing_is_evaluated_where_nothing_is_due(watch):
    watch.rules()
    assert evaluate_due(T0).rules == []
