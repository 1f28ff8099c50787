"""How long data is kept: planned, shown, then done, inside the action that audits it.

Expired entries leave the present at once and their history stays readable; history that has run out
is erased from every answer at once, and from the disk by the next compaction and cleaning.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from vamco.vocabulary.errors import Misused
from vamco.warehouse import ledger
from vamco.warehouse.models import LedgerEntry
from vamco.warehouse.view import changed_seq


@dataclass(frozen=True, slots=True)
class Rule:
    """Days that a dataset's rows are kept after their period, and after they were superseded."""

    dataset: str
    keep_days: int | None = None  # None: for good
    keep_history_days: int | None = None

    def __post_init__(self) -> None:
        if any(days is not None and days < 0 for days in (self.keep_days, self.keep_history_days)):
            raise Misused("warehouse.bad_retention", dataset=self.dataset)


@dataclass(frozen=True, slots=True)
class Plan:
    """The `seq` of entries that a rule takes out of the present, and of those whose history it erases."""

    rule: Rule
    expired: tuple[int, ...]
    erased: tuple[int, ...]
    n_rows: int

    def as_dict(self) -> Mapping[str, Any]:
        """For the audit log and the command line."""
        return asdict(self)


def plan(rule: Rule) -> Plan:
    """What the rule would do now. Raises `NotFound`."""
    changed_seq(rule.dataset)
    now = timezone.now()
    entries = LedgerEntry.objects.filter(dataset_id=rule.dataset, erased_at__isnull=True).order_by("seq")
    expired = erased = entries.none()
    if rule.keep_days is not None:
        last_on = timezone.localdate(now) - timedelta(days=rule.keep_days)
        expired = entries.filter(superseded_seq__isnull=True, end_on__lt=last_on)
    if rule.keep_history_days is not None:
        erased = entries.filter(superseded_at__lt=now - timedelta(days=rule.keep_history_days))
    n_rows = sum(entry.n_rows for entry in [*expired, *erased])
    return Plan(rule, tuple(e.seq for e in expired), tuple(e.seq for e in erased), n_rows)


def apply(plan: Plan) -> None:
    """Do what was planned, in the caller's transaction. Raises `Refused` when the ledger has moved on."""
    if plan.expired:
        ledger.supersede(plan.rule.dataset, plan.expired, why="retention")
    if plan.erased:
        ledger.erase(plan.rule.dataset, plan.erased)
