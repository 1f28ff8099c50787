"""Findings become alerts: one episode of one set of labels, with what it saw."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.alerts.conftest import MINUTE, NOTHING, T0, a_rule, finding

from vamco.accounts.policy import PROGRAM
from vamco.alerts.evaluating import evaluate_due
from vamco.alerts.lifecycle import State, Verdict
from vamco.alerts.models import Alert, Event
from vamco.alerts.recording import Background
from vamco.alerts.rules import switch
from vamco.packs.alert_rule import NoData
from vamco.vocabulary.period import Period


def test_what_is_bad_fires_once_however_often_it_is_found(watch):
    rule = a_rule()
    watch.rules(rule)
    for minute in range(3):
        watch.found(rule, finding(rule, value=9.0 + minute), at=T0 + minute * MINUTE)
    alert = Alert.objects.get()
    assert alert.state == State.FIRING
    assert alert.value == 11.0
    assert alert.fired_since == T0
    assert list(Event.objects.filter(alert=alert).values_list("what", flat=True)) == ["firing"]


def test_what_never_was_bad_leaves_no_row(watch):
    rule = a_rule()
    watch.rules(rule)
    watch.found(rule, finding(rule, verdict=Verdict.GOOD))
    assert not Alert.objects.exists()


def test_a_new_episode_is_a_new_alert_and_the_old_one_stays(watch):
    rule = a_rule()
    watch.rules(rule)
    for minute, verdict in enumerate([Verdict.BAD, Verdict.GOOD, Verdict.BAD]):
        watch.found(rule, finding(rule, verdict=verdict), at=T0 + minute * MINUTE)
    assert sorted(Alert.objects.values_list("state", flat=True)) == ["firing", "resolved"]


def test_patience_is_the_rule_s(watch):
    rule = a_rule(pending_for=timedelta(minutes=10))
    watch.rules(rule)
    states = []
    for minute in (0, 9, 10):
        watch.found(rule, finding(rule), at=T0 + minute * MINUTE)
        states.append(Alert.objects.get().state)
    assert states == ["pending", "pending", "firing"]


def test_what_is_no_longer_watched_ends(watch):
    rule = a_rule()
    watch.rules(rule)
    watch.found(rule, finding(rule), finding(rule, unit="28018@2025-07-01"))
    watch.found(rule, finding(rule), at=T0 + MINUTE)
    gone = Alert.objects.get(labels__unit="28018@2025-07-01")
    assert (gone.state, gone.because) == ("resolved", "gone")


def test_an_alert_keeps_what_it_saw_when_it_can_see_no_more(watch):
    rule = a_rule()
    watch.rules(rule)
    watch.found(
        rule, finding(rule, seen={"value": 9}), background=Background({"run": 7, "seq": 3}, {}, frozenset())
    )
    watch.found(rule, finding(rule, verdict=Verdict.NO_DATA, value=None), at=T0 + MINUTE)
    alert = Alert.objects.get()
    assert alert.state == State.FIRING
    assert alert.because == Verdict.NO_DATA
    assert alert.evidence["seen"] == {"value": 9}
    assert alert.evidence["data"] == {"run": 7, "seq": 3}


@pytest.mark.parametrize(
    ("policy", "state"),
    [(NoData.ALERT, "no_data"), (NoData.FIRE, "firing"), (NoData.CALM, None), (NoData.KEEP, None)],
)
def test_blindness_means_what_the_rule_says(watch, policy, state):
    rule = a_rule(no_data=policy)
    watch.rules(rule)
    watch.found(rule, finding(rule, verdict=Verdict.NO_DATA, value=None))
    assert Alert.objects.values_list("state", flat=True).first() == state


def test_what_rests_on_made_up_rows_says_so(watch):
    rule = a_rule()
    watch.rules(rule)
    watch.found(rule, finding(rule), background=Background({}, {}, frozenset({"health.notified_cases"})))
    assert Alert.objects.get().is_simulated


def test_a_blind_alert_names_the_data_that_lack(watch):
    rule = a_rule(no_data=NoData.ALERT)
    watch.rules(rule)
    lacking = {Period.parse("2026-10"): ["health.notified_cases"]}
    background = Background(NOTHING.data, lacking, frozenset())
    watch.found(rule, finding(rule, verdict=Verdict.NO_DATA, value=None), background=background)
    assert Alert.objects.get().evidence["lacking"] == ["health.notified_cases"]


def test_when_a_rule_is_switched_off_its_alerts_end(watch):
    rule = a_rule()
    watch.rules(rule)
    watch.found(rule, finding(rule))
    switch(PROGRAM, rule.id, is_enabled=False, why="đang sửa nguồn")
    evaluate_due(T0 + MINUTE)
    alert = Alert.objects.get()
    assert (alert.state, alert.because) == ("resolved", "gone")
    assert alert.incident.closed_at == T0 + MINUTE


def test_the_next_period_is_seen_even_where_its_value_is_the_same(watch):
    rule = a_rule()
    watch.rules(rule)
    for month in ("2026-09", "2026-10"):
        watch.found(rule, replace(finding(rule), period=Period.parse(month)))
    assert Alert.objects.get().period == "2026-10"


def test_when_it_is_over_the_alert_still_says_what_was_bad(watch):
    rule = a_rule()
    watch.rules(rule)
    watch.found(rule, finding(rule, value=30.0))
    watch.found(rule, finding(rule, value=2.0, verdict=Verdict.GOOD), at=T0 + MINUTE)
    alert = Alert.objects.get()
    assert (alert.state, alert.value) == ("resolved", 30.0)
    assert Event.objects.get(what="resolved").details["value"] == 2.0
