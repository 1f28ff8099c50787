"""One level for all tests of a family: few false alarms, and none that one rule alone could smuggle in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.alerts.conftest import a_rule, finding

from vamco.alerts import joint
from vamco.alerts.lifecycle import Verdict
from vamco.packs.alert_rule import Condition, Kind
from vamco.vocabulary.period_type import PeriodType

RULE = a_rule(when=Condition(Kind.DETECTOR, method="farrington"))
chances = st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=30)


@pytest.fixture(autouse=True)
def weekly(monkeypatch):
    monkeypatch.setattr(joint, "family", lambda _rule: PeriodType.WEEK)


def kept(ps, rate=0.05, verdict=Verdict.BAD):
    found = [replace(finding(RULE, f"u{n}", verdict), p=p) for n, p in enumerate(ps)]
    return [one.verdict is Verdict.BAD for one in joint.jointly([RULE], {RULE.id: found}, rate)[RULE.id]]


def test_one_in_a_hundred_is_no_news_among_a_hundred():
    assert kept([0.01]) == [True]
    assert kept([0.01] + [0.8] * 99)[0] is False
    assert kept([0.0001] + [0.8] * 99)[0] is True


def test_what_cannot_ring_helps_no_other_to_ring():
    rings = replace(finding(RULE, "u0"), p=0.02)
    few = [replace(finding(RULE, f"u{n}", Verdict.GOOD), p=1e-6) for n in range(1, 4)]
    found = joint.jointly([RULE], {RULE.id: [rings, *few]}, 0.05)[RULE.id]
    assert [one.verdict for one in found] == [Verdict.GOOD] * 4


def test_a_rule_with_a_level_of_its_own_is_left_alone():
    alone = replace(RULE, when=replace(RULE.when, is_joint=False))
    found = {alone.id: [replace(finding(alone, f"u{n}"), p=0.9) for n in range(3)]}
    assert joint.jointly([alone], found, 0.05) == found


@given(ps=chances)
def test_a_stricter_level_keeps_no_more(ps):
    strict, loose = kept(ps, 0.01), kept(ps, 0.2)
    assert all(b for a, b in zip(strict, loose, strict=True) if a)


@given(ps=chances, data=st.data())
def test_the_order_of_units_does_not_matter(ps, data):
    order = data.draw(st.permutations(range(len(ps))))
    before = kept(ps)
    assert kept([ps[n] for n in order]) == [before[n] for n in order]


@given(ps=chances)
def test_what_is_good_is_never_made_bad(ps):
    assert not any(kept(ps, verdict=Verdict.GOOD))
