"""One level for many tests: what detectors alarm on is kept only as far as few of the alarms are false.

Ninety-six communes and twenty weekly indicators are 1,920 tests a week: at 1 % each, nineteen alarms of
nothing. So all of a kind of period are one family.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from vamco.alerts.detectors.discovery import adjusted
from vamco.alerts.finding import Finding
from vamco.alerts.lifecycle import Verdict
from vamco.indicators.declared import indicator_of
from vamco.packs.alert_rule import AlertRule, Kind
from vamco.vocabulary.period_type import PeriodType

Found = Mapping[str, list[Finding]]
"""Rule → what was found of it."""


def is_joint(rule: AlertRule) -> bool:
    """Whether the rule shares its level with others."""
    return rule.when.kind is Kind.DETECTOR and rule.when.is_joint


def family(rule: AlertRule) -> PeriodType:
    """What rules of one level have in common: the period they judge."""
    return indicator_of(rule.indicator).period_type


def with_families(due: Sequence[AlertRule], rules: Iterable[AlertRule]) -> list[AlertRule]:
    """The rules that are due, with all that share a level with one of them."""
    families = {family(rule) for rule in due if is_joint(rule)}
    return [rule for rule in rules if rule in due or (is_joint(rule) and family(rule) in families)]


def jointly(rules: Iterable[AlertRule], found: Found, rate: float) -> Found:
    """The findings, an alarm of a joint rule kept only where its family's false-discovery rate allows."""
    families: defaultdict[PeriodType, list[str]] = defaultdict(list)
    for rule in rules:
        if is_joint(rule) and rule.id in found:
            families[family(rule)].append(rule.id)
    return {
        **found,
        **{name: kept for names in families.values() for name, kept in _kept(names, found, rate)},
    }


def chance(finding: Finding) -> float:
    """The chance that counts in a joint level: what cannot ring (too few cases) is no discovery."""
    if finding.p is None:
        return np.nan
    return finding.p if finding.verdict is Verdict.BAD else 1.0


def _kept(names: Sequence[str], found: Found, rate: float) -> list[tuple[str, list[Finding]]]:
    tests = [(name, finding) for name in names for finding in found[name]]
    chances = np.array([chance(finding) for _, finding in tests])
    least = adjusted(chances) if len(tests) else chances
    kept: dict[str, list[Finding]] = {name: [] for name in names}
    for (name, finding), smallest in zip(tests, least, strict=True):
        is_too_likely = finding.verdict is Verdict.BAD and smallest > rate
        kept[name].append(replace(finding, verdict=Verdict.GOOD) if is_too_likely else finding)
    return list(kept.items())
