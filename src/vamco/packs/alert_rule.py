"""A rule of alerts: what is watched, when it is abnormal, and who then acts by when. Frozen once loaded.

The file form is described in `docs/reference/alert-form.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from vamco.packs.contract import LegalBasis
from vamco.vocabulary.severity import Severity
from vamco.vocabulary.text import Text


@dataclass(frozen=True, slots=True)
class FigureWatch:
    """The newest figures of an indicator, unit by unit on today's map."""

    indicator: str
    level: str  # "commune" or "province"
    breakdown: str = ""  # "column=value"


@dataclass(frozen=True, slots=True)
class SupplyWatch:
    """What is owed under these contracts; all that have a schedule, where none is named."""

    contracts: tuple[str, ...] = ()


class Kind(StrEnum):
    """How it is judged whether what is watched is abnormal."""

    BANDS = "bands"  # the indicator's own bands, each with its severity
    THRESHOLD = "threshold"
    CHANGE = "change"  # against the period before, or the same period of the year before
    PACE = "pace"  # against what the target asks for by now
    COUNT = "count"  # events of several periods together
    DETECTOR = "detector"  # against the unit's own past
    SILENCE = "silence"  # of a source
    QUALITY = "quality"  # of what a source delivers


ON_SUPPLY = frozenset({Kind.SILENCE, Kind.QUALITY})
"""Kinds that judge what is delivered; the others judge figures."""


@dataclass(frozen=True, slots=True)
class Condition:
    """When it is abnormal: `comparator` (one of < <= > >=) and `bound`, as the kind reads them.

    The bound is a number, or the id of an indicator of the same unit and period. `periods` is for how
    many periods on end it must hold (of a count: over how many it is summed). `at_least` is the
    numerator without which a figure says nothing, `source` who set the bound. A detector has a `method`
    with `options`; `is_joint` when its level is set for all units and rules together, so that few of its
    alarms are false.
    """

    kind: Kind
    comparator: str = ">"
    bound: Decimal | str = Decimal(0)
    periods: int = 1
    at_least: int = 0
    against: str = "previous"  # of a change: "previous" or "year_before"
    method: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    is_joint: bool = True
    source: str = ""


class NoData(StrEnum):
    """What it means that nothing is known (after Grafana's policies)."""

    ALERT = "alert"  # an alert of its own
    FIRE = "fire"  # as bad as bad
    CALM = "calm"  # as good as good
    KEEP = "keep"  # as it was


@dataclass(frozen=True, slots=True)
class Response:
    """Who acts, within how much time (`unit` as in a clock's policy), and how."""

    agency: str  # code, or "commune" for the People's Committee of the unit
    amount: int
    unit: str
    runbook: Text


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule. `id` is `<pack>.<name>`; `severity` is None where the indicator's bands say it."""

    id: str
    title: Text
    summary: Text  # what it means for people
    watch: FigureWatch | SupplyWatch
    when: Condition
    severity: Severity | None
    category: str  # of CAP 1.2: Health, Safety, Security, Infra, Env, Other …
    respond: Response
    source: Path
    group_by: tuple[str, ...] = ()  # labels that alerts of one incident share
    pending_for: timedelta = timedelta(0)
    keep_firing_for: timedelta = timedelta(0)
    no_data: NoData = NoData.KEEP
    is_enabled: bool = True
    legal_basis: tuple[LegalBasis, ...] = ()

    @property
    def pack(self) -> str:
        """Slug of the pack that holds the rule."""
        return self.id.partition(".")[0]

    @property
    def indicator(self) -> str:
        """The indicator it watches; empty for a rule on supply."""
        return self.watch.indicator if isinstance(self.watch, FigureWatch) else ""
