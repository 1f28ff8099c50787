import pytest
from hypothesis import given
from hypothesis import strategies as st

from vamco.alerts.inhibiting import Inhibition, InhibitRule, dead_source, upstream
from vamco.alerts.matching import read_matcher


def rule(source: str, target: str, *equal: str) -> InhibitRule:
    return InhibitRule((read_matcher(source),), (read_matcher(target),), equal)


SOURCES = {"one": {"s1": "1", "t1": "2", "e": "1"}, "both": {"s2": "1", "t2": "1", "e": "1"}}


class TestAlertmanager:
    """prometheus/alertmanager, inhibit/inhibit_test.go; the timed scenarios are in test_grouping.py."""

    @pytest.mark.parametrize(
        ("raised", "equal", "target", "is_inhibited"),
        [
            ({}, (), {"a": "b"}, False),  # no source alerts at all
            ({"1": {}}, (), {"a": "b"}, True),  # no equal labels: any source will do
            ({"1": {"a": "b", "c": "d"}, "2": {"a": "b", "c": "f"}}, ("a",), {"a": "b"}, True),
            ({"1": {"a": "c", "c": "d"}}, ("a",), {"a": "b"}, False),  # the equal label differs
        ],
    )
    def test_sources_inhibit_where_the_equal_labels_are_equal(
        self, raised, equal, target, is_inhibited
    ) -> None:
        """TestInhibitRuleHasEqual (resolved sources are not among the raised)."""
        rules = [InhibitRule((), (read_matcher("a=~.*"), read_matcher("target=")), equal)]
        marked = {name: {**labels, "target": "no"} for name, labels in raised.items()}
        assert (Inhibition.of(rules, marked).inhibitor(target) is not None) is is_inhibited

    @pytest.mark.parametrize(
        ("target", "is_inhibited"),
        [
            ({"t1": "1", "e": "1"}, True),
            ({"t2": "1", "e": "1"}, True),
            ({"t1": "1", "t3": "1", "e": "1"}, True),
            ({"t1": "1", "t2": "1", "e": "1"}, True),
            ({"t1": "0", "e": "1"}, False),
            ({"s1": "1", "t1": "1", "e": "1"}, True),  # the source is no target itself
            ({"s2": "1", "t2": "1", "e": "1"}, False),  # both are source and target
            ({"t1": "1", "e": "0"}, False),
        ],
    )
    def test_targets_are_inhibited_by_rule(self, target, is_inhibited) -> None:
        """TestInhibitRuleMatches."""
        rules = [rule("s1=1", "t1=1", "e"), rule("s2=1", "t2=1", "e")]
        assert (Inhibition.of(rules, SOURCES).inhibitor(target) is not None) is is_inhibited

    @pytest.mark.parametrize(
        ("target", "is_inhibited"),
        [
            ({"t1": "1", "e": "1"}, False),
            ({"t2": "1", "e": "1"}, True),
            ({"t1": "1", "t3": "1", "e": "1"}, False),
            ({"t1": "1", "t2": "1", "e": "1"}, True),
            ({"t1": "0", "e": "1"}, True),
            ({"s1": "1", "t1": "1", "e": "1"}, False),
            ({"s2": "1", "t2": "1", "e": "1"}, True),
            ({"t1": "1", "e": "0"}, False),
        ],
    )
    def test_targets_may_be_named_by_what_they_are_not(self, target, is_inhibited) -> None:
        """TestInhibitRuleMatchers."""
        rules = [rule("s1=1", "t1!=1", "e"), rule("s2=1", "t2=1", "e")]
        assert (Inhibition.of(rules, SOURCES).inhibitor(target) is not None) is is_inhibited

    def test_an_alert_is_muted_only_while_the_other_is_active(self) -> None:
        """TestInhibit."""
        one, two = {"t": "1", "e": "f"}, {"s": "1", "e": "f"}
        rules = [rule("s=1", "t=1", "e")]
        assert Inhibition.of(rules, {"one": one}).inhibitor(one) is None
        while_both = Inhibition.of(rules, {"one": one, "two": two})
        assert (while_both.inhibitor(one), while_both.inhibitor(two)) == ("two", None)


def test_no_alert_inhibits_itself_even_if_a_rule_makes_it_source_and_target() -> None:
    alert = {"kind": "silence"}
    assert Inhibition.of([rule("kind=silence", "kind=~.+")], {"me": alert}).inhibitor(alert) is None


FEEDS = {
    "indicator:dengue_rate": {"dataset:cases", "dataset:people"},
    "indicator:beds": {"dataset:hospitals"},
    "dataset:cases": {"source:health"},
    "dataset:people": {"source:police"},
    "dataset:hospitals": {"source:health"},
}


def test_a_dead_source_silences_exactly_what_is_made_from_it() -> None:
    dead = {"source:police"}
    quiet = {node for node in (*FEEDS, "source:health", "source:police") if dead_source(node, dead, FEEDS)}
    assert quiet == {"dataset:people", "indicator:dengue_rate"}


def test_the_nearest_dead_source_is_named() -> None:
    assert dead_source("indicator:beds", {"source:health", "dataset:hospitals"}, FEEDS) == "dataset:hospitals"
    assert upstream("indicator:beds", FEEDS) == ["dataset:hospitals", "source:health"]


nodes = st.sampled_from("abcdef")
webs = st.dictionaries(nodes, st.sets(nodes, max_size=3))


@given(webs, st.sets(nodes, min_size=1))
def test_of_any_dead_nodes_in_any_web_at_least_one_speaks(feeds, dead) -> None:
    assert any(dead_source(node, dead, feeds) is None for node in dead)


@given(webs, st.sets(nodes))
def test_nothing_is_silenced_by_itself_or_by_what_it_is_not_made_from(feeds, dead) -> None:
    for node in "abcdef":
        by = dead_source(node, dead, feeds)
        assert by is None or (by != node and by in dead and by in upstream(node, feeds))
