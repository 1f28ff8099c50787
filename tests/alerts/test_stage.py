"""Alerts on the stage step as those in the database do, and incidents group them."""

from datetime import timedelta

from tests.alerts.conftest import T0, a_rule, finding

from vamco.alerts.lifecycle import State, Verdict
from vamco.alerts.stage import Episode, Stage, incidents, patient

HOUR = timedelta(hours=1)
RULE = a_rule(keep_firing_for=2 * HOUR, group_by=("rule",))


def test_what_nothing_is_found_of_any_more_is_over():
    stage, one = Stage(RULE), finding(RULE)
    stage.take([one], T0)
    assert stage.standing(one.fingerprint).state is State.FIRING
    stage.take([], T0 + HOUR)
    assert stage.standing(one.fingerprint).state is State.RESOLVED
    assert stage.episodes[0].resolved_at == T0 + HOUR


def test_the_same_findings_again_change_nothing():
    stage = Stage(RULE)
    assert stage.take([finding(RULE)], T0)
    assert stage.take([finding(RULE)], T0) == []
    assert stage.take([finding(RULE, value=99.0)], T0 + HOUR) == []


def test_patience_is_looked_at_when_it_is_over_and_no_later_than_the_next_data():
    moments = list(patient([T0, T0 + HOUR, T0 + 9 * HOUR], RULE))
    assert moments == [
        (T0, T0),
        (T0 + HOUR, T0 + HOUR),
        (T0 + 3 * HOUR, T0 + HOUR),
        (T0 + 9 * HOUR, T0 + 9 * HOUR),
        (T0 + 11 * HOUR, T0 + 9 * HOUR),
    ]


def test_an_incident_is_opened_when_none_of_its_group_stands():
    def episode(start, end, unit):
        one = finding(RULE, unit, Verdict.BAD)
        return Episode(one.labels, T0 + start * HOUR, one, None if end is None else T0 + end * HOUR)

    episodes = [
        episode(0, 5, "a"),
        episode(3, 9, "b"),
        episode(8, 10, "a"),
        episode(12, None, "b"),
        episode(20, 21, "a"),
    ]
    assert incidents(RULE, episodes) == [T0, T0 + 12 * HOUR]
    assert len(incidents(a_rule(group_by=("rule", "unit")), episodes)) == 5
