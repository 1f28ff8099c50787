"""The rules of this installation: those of its packs, as people have switched them on or off."""

from vamco.alerts.models import RuleState
from vamco.indicators.declared import packs
from vamco.packs.alert_rule import AlertRule


def rules_in_force() -> list[AlertRule]:
    """The rules that are evaluated."""
    said = dict(RuleState.objects.exclude(is_enabled=None).values_list("rule", "is_enabled"))
    return [rule for rule in packs().alert_rules if said.get(rule.id, rule.is_enabled)]


def is_in_force(rule: AlertRule) -> bool:
    """Whether the rule is evaluated."""
    return rule in rules_in_force()
