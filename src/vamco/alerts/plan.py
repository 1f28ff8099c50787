"""How the centre keeps watch, as its province says in `watch.yaml`: budget, level, and who is told when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from vamco.packs.alert_file import span_from
from vamco.packs.document import read_document
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.severity import Severity


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told of an incident that has gone unacknowledged for so long."""

    after: timedelta
    roles: tuple[str, ...]
    severities: frozenset[Severity]


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """The plan: `alarms` per operator in `span` is the budget of a steady state."""

    operators: int
    alarms: float
    span: timedelta
    false_discovery_rate: float
    escalation: tuple[Step, ...]


def watch_plan() -> WatchPlan:
    """The plan of this installation's province. Raises `Misused` naming the file."""
    return _loaded(Path(settings.PROVINCES_DIR) / settings.PROVINCE / "watch.yaml")


@cache
def _loaded(path: Path) -> WatchPlan:
    node = read_document(path).value
    try:
        return _plan(node)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Misused("alerts.bad_plan", file=str(path), problem=str(error)) from error


def _plan(node: Mapping[str, Any]) -> WatchPlan:
    budget = node["alarms_per_operator"]
    return WatchPlan(
        operators=int(node["operators"]),
        alarms=float(budget["alarms"]),
        span=timedelta(minutes=budget["minutes"]),
        false_discovery_rate=float(node["false_discovery_rate"]),
        escalation=tuple(map(_step, node["escalation"])),
    )


def _step(node: Mapping[str, Any]) -> Step:
    return Step(span_from(node["after"]), tuple(node["roles"]), frozenset(map(Severity, node["severities"])))
