"""The rules of this installation: those of its packs, as people have switched them on or off."""

from vamco.accounts.action import action
from vamco.accounts.policy import Actor, Scope
from vamco.alerts.models import RuleState
from vamco.indicators.declared import packs
from vamco.packs.alert_rule import AlertRule
from vamco.vocabulary.errors import Misused


def rules_in_force() -> list[AlertRule]:
    """The rules that are evaluated."""
    said = dict(RuleState.objects.exclude(is_enabled=None).values_list("rule", "is_enabled"))
    return [rule for rule in packs().alert_rules if said.get(rule.id, rule.is_enabled)]


def is_in_force(rule: AlertRule) -> bool:
    """Whether the rule is evaluated."""
    return rule in rules_in_force()


def switch(actor: Actor, rule_id: str, *, is_enabled: bool, why: str) -> None:
    """Switch a rule on or off against what its pack says. Raises `NotFound`, and `Misused` without a reason."""
    rule = packs().alert_rule(rule_id)
    if not why.strip():
        raise Misused("alerts.switched_without_reason")
    with action(actor, "rule.switch", rule.id, Scope(service=rule.pack)) as details:
        RuleState.objects.update_or_create(rule=rule.id, defaults={"is_enabled": is_enabled, "due_at": None})
        details |= {"is_enabled": is_enabled, "why": why.strip()}
