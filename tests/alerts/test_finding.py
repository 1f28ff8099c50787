"""What an evaluation says of each thing: the newest that is known, or that nothing can be seen."""

from datetime import date
from decimal import Decimal

import pytest
from tests.alerts.conftest import a_rule
from tests.alerts.panels import UNKNOWN, days, panel

from vamco.alerts.conditions import judge
from vamco.alerts.finding import newest
from vamco.alerts.lifecycle import Verdict
from vamco.packs.alert_rule import Condition, Kind, NoData

WHEN = Condition(Kind.THRESHOLD, ">", Decimal(10))
PROMISE = 2


def said(row, today, no_data=NoData.ALERT):
    watched = panel([row], periods=days(len(row)))
    rule = a_rule(when=WHEN, no_data=no_data)
    (found,) = newest(rule, watched, judge(WHEN, watched), today, PROMISE)
    return found


def test_the_last_period_that_is_known_is_judged():
    found = said([1, 20, UNKNOWN], date(2026, 9, 18))
    assert (found.verdict, found.value, found.period) == (Verdict.BAD, 20, days(2)[1])


@pytest.mark.parametrize(("today", "verdict"), [(18, Verdict.BAD), (19, Verdict.NO_DATA)])
def test_nothing_is_seen_from_the_day_after_a_promise_is_broken(today, verdict):
    assert said([1, 20, UNKNOWN], date(2026, 9, today)).verdict is verdict


def test_what_came_late_is_judged_by_a_rule_that_keeps_what_was_last_seen():
    assert said([1, 20, UNKNOWN], date(2026, 9, 30), NoData.KEEP).verdict is Verdict.BAD


@pytest.mark.parametrize("no_data", list(NoData))
def test_of_what_was_never_known_nothing_is_said(no_data):
    assert said([UNKNOWN, UNKNOWN], date(2026, 9, 30), no_data).verdict is Verdict.NO_DATA


def test_a_finding_names_its_period_value_and_bound():
    found = said([1, 3], date(2026, 9, 16))
    assert (found.verdict, found.value, found.bound) == (Verdict.GOOD, 3, 10)
