"""Evaluating rules: as soon as what they watch has changed, and when the time of something is up."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from vamco.alerts import watching_figures, watching_supply
from vamco.alerts.conditions import judge
from vamco.alerts.finding import Finding, newest
from vamco.alerts.incidents import attach
from vamco.alerts.joint import jointly, with_families
from vamco.alerts.lifecycle import Verdict
from vamco.alerts.models import Alert, Incident, RuleState
from vamco.alerts.muting import mute, sources
from vamco.alerts.plan import watch_plan
from vamco.alerts.recording import OPEN, Background, Recorded, lock, record, retire
from vamco.alerts.rules import rules_in_force
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.models import Observation, Run
from vamco.indicators.supply_of import lacks
from vamco.intake.simulated import holds_simulated
from vamco.packs.alert_rule import ON_SUPPLY, AlertRule
from vamco.vocabulary.errors import VamcoError
from vamco.vocabulary.period import Period
from vamco.warehouse.models import Version

_log = logging.getLogger(__name__)
_SUPPLY_EVERY: Final = timedelta(minutes=10)
_FIGURES_EVERY: Final = timedelta(hours=1)  # a promise may pass without anything being delivered


Look = Callable[[AlertRule, datetime], list[Finding]]
"""What a rule says at a moment of everything that it watches."""


@dataclass
class Evaluated:
    """What a turn brought."""

    rules: list[str] = field(default_factory=list)
    recorded: Recorded = field(default_factory=Recorded)
    opened: list[Incident] = field(default_factory=list)


def evaluate_due(now: datetime | None = None) -> Evaluated:
    """Evaluate the rules whose figures changed or whose time has come; nothing when there are none."""
    moment, rules = now or timezone.now(), rules_in_force()
    due = due_rules(rules, moment)
    return evaluate(due, moment) if due or left_behind(rules) else Evaluated()


def evaluate(rules: Sequence[AlertRule], now: datetime, look: Look | None = None) -> Evaluated:
    """Evaluate these rules as of that moment; a fault in one stops no other, and what is found is kept as one.

    `look` is what they see, for a replay that must see no more than was known then; `findings` by itself.
    """
    last_run = _last_run()
    kept = [
        _with_background(rule, found, now, last_run) for rule, found in _found(rules, now, look or findings)
    ]
    done = Evaluated([rule.id for rule, _, _ in kept])
    with transaction.atomic():
        lock()
        for rule, found, background in kept:
            done.recorded.extend(record(rule, found, now, background))
            _note(rule, now, run=last_run)
        done.recorded.extend(retire((rule.id for rule in rules_in_force()), now))
        done.opened = attach(packs(), now)
        mute(packs(), now)
    return done


def _last_run() -> int:
    return Run.objects.aggregate(last=Max("pk"))["last"] or 0


def left_behind(rules: Iterable[AlertRule]) -> bool:
    """Whether alerts stand whose rules are no longer evaluated."""
    return Alert.objects.filter(state__in=OPEN).exclude(rule__in=[rule.id for rule in rules]).exists()


def due_rules(rules: Iterable[AlertRule], now: datetime) -> list[AlertRule]:
    """Those that have never been evaluated, whose time is up, or whose figures have a new run.

    Asked twice a second: the runs that changed nothing for the others are noted, so that they are not read again.
    """
    states = {state.rule: state for state in RuleState.objects.exclude(rule="")}
    wanted, last = list(rules), _last_run()
    behind = min((state.run for state in states.values()), default=0)
    changed = _changed_since(behind) if behind < last else {}
    due = with_families([r for r in wanted if _is_due(r, states.get(r.id), changed, now)], wanted)
    if behind < last:
        RuleState.objects.exclude(rule__in=[rule.id for rule in due]).filter(run__lt=last).update(run=last)
    return due


def _is_due(rule: AlertRule, state: RuleState | None, changed: dict[str, int], now: datetime) -> bool:
    if state is None or state.evaluated_at is None or state.due_at is None or state.due_at <= now:
        return True
    return bool(rule.indicator) and changed.get(rule.indicator, 0) > state.run


def _changed_since(run: int) -> dict[str, int]:
    """Indicator → the last run after that one which changed its figures."""
    rows = Observation.objects.filter(run_id__gt=run).values("indicator").annotate(last=Max("run_id"))
    return {row["indicator"]: row["last"] for row in rows.order_by()}


def _found(
    rules: Sequence[AlertRule], now: datetime, look: Look
) -> Iterator[tuple[AlertRule, list[Finding]]]:
    """What was found of each rule; the levels of detectors are set for all of them together."""
    found: dict[str, list[Finding]] = {}
    for rule in rules:
        try:
            found[rule.id] = look(rule, now)
        except VamcoError as error:
            _log.error("%s was not evaluated: %s", rule.id, error)
            _note(rule, now, error=str(error))
    kept = jointly(rules, found, watch_plan().false_discovery_rate)
    yield from ((rule, kept[rule.id]) for rule in rules if rule.id in kept)


def findings(rule: AlertRule, now: datetime) -> list[Finding]:
    """What the rule says now of everything that it watches."""
    today = timezone.localdate(now)
    if rule.when.kind in ON_SUPPLY:
        panel, promise = watching_supply.panel(rule, [today], packs()), 0
    else:
        panel = watching_figures.newest_panel(rule, today)
        promise = indicator_of(rule.indicator).promise_days
    return list(newest(rule, panel, judge(rule.when, panel), today, promise))


def _with_background(
    rule: AlertRule, found: list[Finding], now: datetime, last_run: int
) -> tuple[AlertRule, list[Finding], Background]:
    rests_on = {"run": last_run, "seq": Version.objects.aggregate(last=Max("seq"))["last"] or 0}
    return rule, found, Background(rests_on, _lacking(rule, found, now), _simulated(rule, found))


def _lacking(rule: AlertRule, found: Iterable[Finding], now: datetime) -> dict[Period, list[str]]:
    """Which datasets had not come by then, of each period of which nothing is known."""
    blind = {f.period for f in found if f.verdict is Verdict.NO_DATA and f.period}
    if not rule.indicator:
        return {}
    indicator = indicator_of(rule.indicator)
    return {period: [lack.dataset for lack in lacks(indicator, period, now)] for period in blind}


def _simulated(rule: AlertRule, found: Iterable[Finding]) -> frozenset[str]:
    """The datasets that hold rows that were made up."""
    asked = sources(rule.indicator) if rule.indicator else [f.labels["contract"] for f in found]
    return frozenset(name for name in set(asked) if holds_simulated([name]))


def _note(rule: AlertRule, now: datetime, **said: Any) -> None:
    """How far the rule has come, and when it is due again even if no figure changes."""
    every = _FIGURES_EVERY if rule.indicator else _SUPPLY_EVERY
    patience = [span for span in (rule.pending_for, rule.keep_firing_for) if span]
    RuleState.objects.update_or_create(
        rule=rule.id,
        defaults={"evaluated_at": now, "due_at": now + min([every, *patience]), "error": "", **said},
    )
