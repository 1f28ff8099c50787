"""The tests of packs are run as evaluation runs, and fail when a rule is spoilt."""

from dataclasses import replace
from decimal import Decimal

import pytest

from vamco.alerts.rule_tests import run, run_tests
from vamco.indicators.declared import packs
from vamco.packs.alert_rule import ON_SUPPLY, Kind, NoData
from vamco.packs.alert_scenario import scenarios_of
from vamco.packs.loading import load_pack
from vamco.packs.pack import Packs
from vamco.packs.scaffold import new_pack

RULES = packs().alert_rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_its_pack_expects(rule):
    found = list(run_tests(packs(), [rule]))
    assert found
    assert [one.as_dict() for one in found if one.found] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_test_would_notice_a_rule_that_never_rings(rule):
    kind = Kind.QUALITY if rule.when.kind in ON_SUPPLY else Kind.PACE
    dead = replace(rule, when=replace(rule.when, kind=kind, comparator="<", bound=Decimal("-1e9")))
    (scenario, *_) = scenarios_of(packs().pack(rule.pack), rule.id.partition(".")[2])
    assert any(one.found for one in run(dead, scenario, packs()))


def test_a_test_notices_a_change_of_patience_of_severity_and_of_what_no_data_means():
    rule = packs().alert_rule("health.dengue_above_threshold")
    spoilt = [replace(rule, no_data=NoData.CALM), replace(rule, when=replace(rule.when, at_least=0))]
    assert all(any(one.found for one in run_tests(packs(), [one])) for one in spoilt)


def test_a_new_pack_comes_with_a_rule_that_passes_its_test(tmp_path):
    words = {"title_vi": "Thử", "title_en": "Trial", "agency": "so-xay-dung", "today": "2026-01-22"}
    new_pack(tmp_path, "trial", words)
    fresh = Packs((load_pack(tmp_path / "trial"),))
    found = list(run_tests(fresh, fresh.alert_rules))
    assert len(found) == 3
    assert [one.as_dict() for one in found if one.found] == []
