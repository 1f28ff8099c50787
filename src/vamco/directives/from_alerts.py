"""From an alert to an order: what it saw, frozen as evidence, and what its procedure proposes."""

from collections.abc import Mapping
from typing import Any, Final

from vamco.alerts.models import Alert
from vamco.directives.evidence import Frozen, freeze_alert
from vamco.directives.procedures import Proposal, proposal_for
from vamco.indicators.declared import packs
from vamco.indicators.hiding import tells_a_few
from vamco.packs.alert_rule import Kind
from vamco.vocabulary.messages import Language
from vamco.vocabulary.observation import ObservationStatus

_OF_THE_FIGURE: Final = frozenset({Kind.BANDS, Kind.THRESHOLD, Kind.DETECTOR})
"""Kinds whose bound is in the figure's own measure, so that the figure can come back across it."""


def frozen(alert: Alert) -> Frozen:
    """The alert as it stands, with the figure or supply that it saw; small counts are hidden, as from every reader."""
    return freeze_alert(
        {
            "id": alert.pk,
            "rule": alert.rule,
            "labels": alert.labels,
            "severity": alert.severity,
            "state": alert.state,
            "raised_since": alert.raised_since,
            "evaluated_at": alert.evaluated_at,
            "indicator": alert.labels.get("indicator", ""),
            "unit_id": alert.labels.get("unit", ""),
            "period": alert.period,
            "breakdown": alert.labels.get("breakdown", ""),
            "value": None if _is_small(alert) else alert.value,
            "bound": alert.bound,
            "is_bound_of_figure": _kind(alert) in _OF_THE_FIGURE,
            "evidence": {**alert.evidence, "seen": _shown(alert)},
        }
    )


def proposal_of(alert: Alert, language: Language = "vi") -> Proposal | None:
    """What the alert's procedure proposes for its unit; None where no pack has one."""
    return proposal_for(alert.rule, alert.labels, language)


def _kind(alert: Alert) -> Kind | None:
    """None of a rule that its pack has dropped since."""
    return next((rule.when.kind for rule in packs().alert_rules if rule.id == alert.rule), None)


def _shown(alert: Alert) -> Mapping[str, Any] | None:
    seen: Mapping[str, Any] | None = alert.evidence.get("seen")
    if seen is None or not _is_small(alert):
        return seen
    hidden = dict.fromkeys(("value", "numerator", "low", "high"))
    return {**seen, **hidden, "status": ObservationStatus.SUPPRESSED.value}


def _is_small(alert: Alert) -> bool:
    """Whether the figure rests on fewer than its indicator lets everybody see."""
    asked = alert.labels.get("indicator")
    indicator = next((one for one in packs().indicators if one.id == asked), None)
    return indicator is not None and tells_a_few(indicator, alert.evidence.get("seen") or {})
