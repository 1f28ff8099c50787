"""Alert rules and their tests are read as their files say."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from vamco.packs.alert_file import alert_rule_from, span_from
from vamco.packs.alert_rule import FigureWatch, Kind, NoData, SupplyWatch
from vamco.packs.alert_scenario import scenarios_from
from vamco.packs.document import read_document
from vamco.packs.loading import load_packs
from vamco.vocabulary.severity import Severity

RULE = "alerts/many_cases.yaml"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def changed(pack, old, new):
    file = pack / RULE
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    return alert_rule_from(read_document(file), "trial")


def test_a_rule_says_what_is_watched_when_it_is_abnormal_and_who_acts(pack):
    rule = changed(pack, "", "")
    assert (rule.id, rule.pack, rule.indicator) == ("trial.many_cases", "trial", "trial.cases")
    assert rule.watch == FigureWatch("trial.cases", "commune")
    assert (rule.when.kind, rule.when.comparator, rule.when.bound) == (Kind.THRESHOLD, ">", Decimal(20))
    assert rule.when.source == "Mức ban đầu do dự án đặt"
    assert (rule.severity, rule.no_data) == (Severity.MODERATE, NoData.KEEP)
    assert (rule.respond.amount, rule.respond.unit) == (2, "working_days")


def test_a_bound_may_be_an_indicator(pack):
    assert changed(pack, '"> 20"', '">= trial.people"').when.bound == "trial.people"
    assert changed(pack, '">= trial.people"', '"< -0.5"').when.bound == Decimal("-0.5")


def test_a_rule_on_supply_watches_contracts(pack):
    rule = changed(pack, "{indicator: trial.cases, level: commune}", "{contracts: [trial.records]}")
    assert rule.watch == SupplyWatch(("trial.records",))
    assert rule.indicator == ""


@pytest.mark.parametrize(
    ("text", "span"), [("30 minutes", timedelta(minutes=30)), ("8 days", timedelta(days=8))]
)
def test_spans_are_written_in_words(text, span):
    assert span_from(text) == span


def test_a_scenario_is_spelled_out(pack):
    file = pack / "tests" / RULE
    text = file.read_text("utf-8").replace("[3, 25, 4]", "[{repeat: [1, null], times: 2}, 7]")
    late = '    late: {"27694": {2026-05: "2026-07-01 09:30"}}\n    expect:'
    file.write_text(text.replace("    expect:", late), "utf-8")
    (scenario,) = scenarios_from(read_document(file))
    assert scenario.figures["27694"] == (1, None, 1, None, 7)
    ((known, at),) = scenario.known_at.items()
    assert (known[0], str(known[1]), at.isoformat()) == ("27694", "2026-05", "2026-07-01T09:30:00+07:00")
    assert [(one.state, one.severity) for one in scenario.expected] == [
        ("normal", None),
        ("firing", Severity.MODERATE),
        ("resolved", None),
    ]


def test_every_shipped_rule_can_be_acted_on_at_night(shipped):
    for rule in load_packs(shipped).alert_rules:
        for words in (rule.respond.runbook.vi, rule.respond.runbook.en):
            assert words.startswith("1. "), rule.id
            assert "3. " in words, rule.id


def test_shipped_rules_are_few_enough_for_each_service(shipped):
    for pack in load_packs(shipped):
        assert len(pack.alert_rules) <= 6, pack.slug
