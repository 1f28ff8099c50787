"""Timed scenarios of Alertmanager's acceptance tests, on a fake clock.

Source: prometheus/alertmanager, test/with_api_v2/acceptance/{inhibit,silence,send}_test.go. Each
test names its original. «Between(2, 2.5)» there is a look at second 2 here.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vamco.alerts.grouping import Group, GroupTiming, NoticeKind, group_key, look, opened
from vamco.alerts.inhibiting import Inhibition, InhibitRule
from vamco.alerts.matching import read_matcher
from vamco.alerts.silencing import Silence, silence, silenced_by

ZERO = datetime(2026, 1, 5, tzinfo=UTC)


def at(second: float) -> datetime:
    return ZERO + timedelta(seconds=second)


def timing(interval: float = 1, repeat: float = 14400, *, tells_resolved: bool = True) -> GroupTiming:
    return GroupTiming(
        timedelta(seconds=1), timedelta(seconds=interval), timedelta(seconds=repeat), tells_resolved
    )


@dataclass
class Alert:
    """One episode: raised from `start`, over from `end`."""

    start: float
    end: float = float("inf")
    labels: dict[str, str] = field(default_factory=dict)


def raised(alerts: dict[str, Alert], second: float) -> dict[str, dict[str, str]]:
    return {name: alert.labels for name, alert in alerts.items() if alert.start <= second < alert.end}


def looks(
    alerts: dict[str, Alert],
    timing: GroupTiming,
    until: float,
    silences: tuple[Silence, ...] = (),
    rules: tuple[InhibitRule, ...] = (),
) -> dict[float, tuple[set[str], set[str]]]:
    """Second → (firing, resolved) of each notice of one group that holds all the alerts."""
    first = min(alert.start for alert in alerts.values())
    group = opened("all", at(first), at(first), timing)
    before, told = first, {}
    while group.look_at <= at(until):
        second = (group.look_at - ZERO).total_seconds()
        active = raised(alerts, second)
        inhibition = Inhibition.of(rules, active)
        ended = {name: each.labels for name, each in alerts.items() if before < each.end <= second}
        firing, resolved = (
            {
                name
                for name, labels in kept.items()
                if not silenced_by(labels, silences, at(second)) and not inhibition.inhibitor(labels)
            }
            for kept in (active, ended)
        )
        group, notice = look(group, firing, resolved, at(second), timing)
        if notice is not None:
            told[second] = (set(notice.firing), set(notice.resolved))
        before = second
    return told


DOWN = InhibitRule(
    (read_matcher("alertname=JobDown"),), (read_matcher("alertname=InstanceDown"),), ("job", "zone")
)


def labelled(start: float, name: str, zone: str = "aa", end: float = float("inf")) -> Alert:
    return Alert(start, end, {"alertname": name, "job": "testjob", "zone": zone})


def test_an_inhibited_alert_is_told_again_once_the_inhibiting_one_is_resolved() -> None:
    """inhibit_test.go, TestInhibiting."""
    alerts = {
        "test1": labelled(1, "test1"),
        "down aa": labelled(1, "InstanceDown"),
        "down ab": labelled(1, "InstanceDown", "ab"),
        "job": labelled(2.2, "JobDown", end=3.6),
    }
    assert looks(alerts, timing(repeat=1), until=4, rules=(DOWN,)) == {
        2: ({"test1", "down aa", "down ab"}, set()),
        3: ({"test1", "down ab", "job"}, set()),
        4: ({"test1", "down aa", "down ab"}, {"job"}),
    }


def test_inhibited_and_inhibiting_alerts_resolved_together_are_both_told_resolved() -> None:
    """inhibit_test.go, TestAlwaysInhibiting."""
    alerts = {"down": labelled(1, "InstanceDown", end=2.6), "job": labelled(1, "JobDown", end=2.6)}
    assert looks(alerts, timing(repeat=1), until=4, rules=(DOWN,)) == {
        2: ({"job"}, set()),
        3: (set(), {"down", "job"}),
    }


TWO = {"test1": labelled(1, "test1"), "test2": labelled(1, "test2")}


def test_a_silence_mutes_one_alert_for_its_time_and_no_longer() -> None:
    """silence_test.go, TestSilencing."""
    quiet = silence([read_matcher("alertname=test1")], at(2.5), at(4.5), "thử", "Minh")
    assert looks(TWO, timing(repeat=0.001), until=5, silences=(quiet,)) == {
        2: ({"test1", "test2"}, set()),
        3: ({"test2"}, set()),
        4: ({"test2"}, set()),
        5: ({"test1", "test2"}, set()),
    }


def test_a_silence_of_all_that_is_deleted_lets_all_be_told() -> None:
    """silence_test.go, TestSilenceDelete."""
    quiet = silence([read_matcher("alertname=~.+")], at(1.5), at(3.5), "thử", "Minh")
    assert looks(TWO, timing(repeat=0.001), until=4, silences=(quiet,)) == {4: ({"test1", "test2"}, set())}


def test_an_alert_is_repeated_until_it_is_resolved() -> None:
    """send_test.go, TestRepeat."""
    assert looks({"test": Alert(1, 3.5)}, timing(repeat=0.001), until=8) == {
        2: ({"test"}, set()),
        3: ({"test"}, set()),
        4: (set(), {"test"}),
    }


def test_alerts_that_come_together_are_told_together_and_repeated_after_the_interval() -> None:
    """send_test.go, TestBatching."""
    alerts = {name: Alert(start) for name, start in zip("15234", (1.1, 1.7, 3.3, 3.3, 3.3), strict=True)}
    assert looks(alerts, timing(repeat=4.9), until=9.5) == {
        2.1: ({"1", "5"}, set()),
        4.1: (set("15234"), set()),
        9.1: (set("15234"), set()),
    }


def test_all_that_is_resolved_is_told_once_and_together() -> None:
    """send_test.go, TestResolved (resolved at second 11 by its `resolve_timeout` of 10 s)."""
    alerts = {name: Alert(1, 11) for name in ("v1", "v2", "v3")}
    assert looks(alerts, timing(interval=5), until=40) == {
        2: ({"v1", "v2", "v3"}, set()),
        12: (set(), {"v1", "v2", "v3"}),
    }


FILTER = {"v1": Alert(1, 4), "v2": Alert(1, 11), "v3": Alert(3)}


def test_a_channel_that_tells_the_resolved_hears_every_change() -> None:
    """send_test.go, TestResolvedFilter, webhook1."""
    assert looks(FILTER, timing(interval=5), until=12.5) == {
        2: ({"v1", "v2"}, set()),
        7: ({"v2", "v3"}, {"v1"}),
        12: ({"v3"}, {"v2"}),
    }


def test_a_channel_that_does_not_hears_only_of_new_alerts() -> None:
    """send_test.go, TestResolvedFilter, webhook2."""
    assert looks(FILTER, timing(interval=5, tells_resolved=False), until=12.5) == {
        2: ({"v1", "v2"}, set()),
        7: ({"v2", "v3"}, set()),
    }


def test_the_resolved_are_remembered_even_where_they_are_not_told() -> None:
    """send_test.go, TestResolvedFilter, its reason: firing again after a hidden end is news."""
    quiet = timing(interval=5, tells_resolved=False)
    group, _ = look(opened("g", at(1), at(1), quiet), {"first"}, set(), at(2), quiet)
    group, hidden = look(group, set(), {"first"}, at(7), quiet)
    assert hidden is None
    _, notice = look(group, {"first"}, set(), at(12), quiet)
    assert notice is not None
    assert notice.kind is NoticeKind.RAISED


def test_a_restart_neither_repeats_nor_delays_what_a_group_says() -> None:
    """send_test.go, TestReload. A group here is a stored value: its clock survives the restart,
    so the second notice comes at 2 + 6 = 8 s, not 6 s after the restart.
    """
    slow = timing(interval=6, repeat=600)
    group, first = look(opened("g", at(1), at(1), slow), {"test1"}, set(), at(2), slow)
    restarted = Group(group.key, group.look_at, group.told, group.version)
    assert first is not None
    assert look(restarted, {"test1"}, set(), at(3), slow) == (restarted, None)
    _, second = look(restarted, {"test1", "test2"}, set(), at(8), slow)
    assert second is not None
    assert (second.firing, second.version) == (frozenset({"test1", "test2"}), 2)


def test_an_alert_of_long_ago_is_looked_at_without_waiting() -> None:
    """Alertmanager's dispatcher, as TestRetry's comment has it: past `group_wait` flush right away."""
    assert opened("g", at(0), at(50), timing()).look_at == at(50)


def test_a_thousand_alerts_of_one_group_make_one_notice() -> None:
    """A flood: 1,000 alerts within 60 s from one cause."""
    alerts = {str(number): Alert(number * 0.06) for number in range(1000)}
    patient = GroupTiming(timedelta(seconds=60), timedelta(minutes=5))
    told = looks(alerts, patient, until=3600)
    assert [(second, len(firing)) for second, (firing, _) in told.items()] == [(60, 1000)]


def test_groups_are_told_apart_by_the_labels_they_are_grouped_by_and_no_others() -> None:
    one, other = {"zone": "aa", "n": "1"}, {"zone": "aa", "n": "2"}
    assert group_key(["zone"], one) == group_key(["zone"], other)
    assert group_key(["zone", "n"], one) != group_key(["zone", "n"], other)


spells = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 40)).map(lambda s: Alert(s[0], s[0] + s[1])), min_size=1
)


@given(spells, st.integers(1, 20))
def test_who_was_told_of_an_alarm_is_told_of_its_end(spell, interval) -> None:
    alerts = {str(number): alert for number, alert in enumerate(spell)}
    told = looks(alerts, timing(interval=interval), until=200)
    if told:
        last_firing, _ = list(told.values())[-1]
        assert not last_firing
