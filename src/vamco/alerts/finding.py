"""What one evaluation says of each thing a rule watches: the newest that is known of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from vamco.alerts.judged import Judged
from vamco.alerts.lifecycle import Labels, Sample, Verdict, fingerprint
from vamco.alerts.panel import CALM, WORST_FIRST, Panel
from vamco.packs.alert_rule import AlertRule, NoData
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

_DAY: Final = timedelta(days=1)
_NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one thing, and what it rests on."""

    rule: AlertRule
    labels: Labels
    verdict: Verdict
    period: Period | None = None
    severity: Severity | None = None
    value: float | None = None
    bound: float | None = None
    p: float | None = None  # chance of so bad a value, where a detector says so
    seen: dict[str, Any] | None = None  # the figure or supply entry, as JSON can carry it

    @property
    def fingerprint(self) -> str:
        """The identity of the alert that it is a sample of."""
        return fingerprint(self.rule.id, self.labels)

    @property
    def sample(self) -> Sample:
        """What the life cycle is told."""
        return Sample(self.verdict, self.value)


def newest(
    rule: AlertRule, panel: Panel, judged: Judged, today: date, promise_days: int
) -> Iterator[Finding]:
    """One finding a row: of the last period that is known, unless a later one is past its promise.

    A rule that keeps what was last seen is told that even so: what came late must not go unjudged.
    """
    due = np.array([period.end_on + promise_days * _DAY < today for period in panel.periods])
    for row in range(panel.shape[0]):
        column = _last(judged.is_known[row])
        is_overtaken = rule.no_data is not NoData.KEEP and due[column + 1 :].any()
        if column == _NOWHERE or is_overtaken:
            yield _blind(rule, panel, row, _last(due))
        else:
            yield finding_at(rule, panel, judged, row, column)


def finding_at(rule: AlertRule, panel: Panel, judged: Judged, row: int, column: int) -> Finding:
    """What is said of one cell; nothing is known of it where the condition knows nothing."""
    if not judged.is_known[row, column]:
        return _blind(rule, panel, row, column)
    seen = panel.seen[row][column]
    return Finding(
        rule,
        panel.labels[row],
        Verdict.BAD if judged.is_bad[row, column] else Verdict.GOOD,
        panel.periods[column],
        _severity(rule, judged, row, column),
        _number(panel.values[row, column]),
        _number(judged.bounds[row, column]),
        _number(judged.p[row, column]) if judged.p is not None else None,
        seen.as_dict() if seen else None,
    )


def _blind(rule: AlertRule, panel: Panel, row: int, column: int) -> Finding:
    """Nothing is known of the period; what is past its promise is named."""
    period = panel.periods[column] if column != _NOWHERE else None
    seen = panel.seen[row][column] if column != _NOWHERE else None
    told = seen.as_dict() if seen else None
    return Finding(rule, panel.labels[row], Verdict.NO_DATA, period, rule.severity, seen=told)


def _severity(rule: AlertRule, judged: Judged, row: int, column: int) -> Severity | None:
    if judged.severities is None or judged.severities[row, column] == CALM:
        return rule.severity
    return WORST_FIRST[int(judged.severities[row, column])]


def _last(marks: Any) -> int:
    places = np.flatnonzero(marks)
    return int(places[-1]) if len(places) else _NOWHERE


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)
