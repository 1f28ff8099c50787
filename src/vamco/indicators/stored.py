"""Cells as the observation ledger holds them: on the map of their period's last day."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from vamco.geography.unit import Level
from vamco.indicators.cell import Amount, Cell
from vamco.indicators.models import Observation, Why
from vamco.packs.indicator import Aggregation, Definition, Indicator
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

Cells = dict[str, Cell]  # by unit_id

_FIELDS = (
    "pk", "period", "unit_id", "definition_version", "numerator", "denominator", "value", "status",
    "n_rows", "n_excluded", "coverage", "estimated_share", "known_since_at", "why",
)  # fmt: skip


def as_known(at: datetime | None) -> QuerySet[Observation]:
    """What the ledger said at that moment; now when none is given."""
    if at is None:
        return Observation.objects.filter(superseded_at__isnull=True)
    still = Q(superseded_at__isnull=True) | Q(superseded_at__gt=at)
    return Observation.objects.filter(still, known_since_at__lte=at)


def stored(
    indicator: Indicator,
    wanted: Mapping[Period, int],
    level: Level,
    breakdown: str,
    at: datetime | None,
) -> dict[Period, Cells]:
    """Each period's cells under the version wanted for it; a period without any has none."""
    found: defaultdict[Period, Cells] = defaultdict(dict)
    if not wanted:
        return found
    by_text = {str(period): period for period in wanted}
    ratios = {d.version for d in indicator.definitions if is_ratio(indicator, d)}
    rows = as_known(at).filter(
        indicator=indicator.id,
        breakdown=breakdown,
        level=level.value,
        start_on__gte=min(period.start_on for period in wanted),
        start_on__lte=max(period.start_on for period in wanted),
        definition_version__in=set(wanted.values()),
    )
    for row in rows.values_list(*_FIELDS, named=True):
        period = by_text.get(row.period)
        if period is not None and wanted[period] == row.definition_version:
            found[period][row.unit_id] = _cell(row, is_ratio=row.definition_version in ratios)
    return found


def is_ratio(indicator: Indicator, definition: Definition) -> bool:
    """Whether its value is a numerator over a denominator."""
    if definition.formula:
        return False
    if definition.query:
        return indicator.over_units == "ratio"
    measure = definition.numerator
    is_average = measure is not None and measure.aggregation is Aggregation.AVERAGE
    return is_average or definition.denominator is not None


def _cell(row: Any, *, is_ratio: bool) -> Cell:
    numerator = row.numerator if is_ratio or row.numerator is not None else row.value
    status = ObservationStatus(row.status)
    return Cell(
        status,
        Amount.exactly(numerator),
        Amount.exactly(row.denominator if is_ratio else None),
        row.definition_version,
        row.n_rows,
        row.n_excluded,
        row.coverage,
        row.estimated_share,
        known_since_at=row.known_since_at,
        why=Why(row.why),
        vintages=(row.pk,),
    )
