"""Cells as the observation ledger holds them: on the map of their period's last day."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Q, QuerySet

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
_STATUSES: Final = {status.value: status for status in ObservationStatus}
_WHYS: Final = {why.value: why for why in Why}
"""By what the ledger holds of them: calling an enumeration takes ten times as long."""


def as_known(at: datetime | None) -> QuerySet[Observation]:
    """What the ledger said at that moment; now when none is given."""
    if at is None:
        return Observation.objects.filter(superseded_at__isnull=True)
    still = Q(superseded_at__isnull=True) | Q(superseded_at__gt=at)
    return Observation.objects.filter(still, known_since_at__lte=at)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the ledger: an indicator's level and breakdown, as known at a moment; each period by one version."""

    indicator: Indicator
    wanted: Mapping[Period, int]
    level: Level
    breakdown: str
    at: datetime | None

    def rows(self) -> QuerySet[Observation]:
        """The rows there; those of other versions and periods among them are for the reader to leave out."""
        return as_known(self.at).filter(
            indicator=self.indicator.id,
            breakdown=self.breakdown,
            level=self.level.value,
            start_on__gte=min(period.start_on for period in self.wanted),
            start_on__lte=max(period.start_on for period in self.wanted),
            definition_version__in=set(self.wanted.values()),
        )


def stored(place: Place, units: Collection[str] | None = None) -> dict[Period, Cells]:
    """Each period's cells, of all units or of some; a period without any is left out."""
    found: defaultdict[Period, Cells] = defaultdict(dict)
    if not place.wanted:
        return found
    by_text = {str(period): period for period in place.wanted}
    ratios = {d.version for d in place.indicator.definitions if is_ratio(place.indicator, d)}
    rows = place.rows() if units is None else place.rows().filter(unit_id__in=units)
    for row in rows.values_list(*_FIELDS, named=True):
        period = by_text.get(row.period)
        if period is not None and place.wanted[period] == row.definition_version:
            found[period][row.unit_id] = _cell(row, is_ratio=row.definition_version in ratios)
    return found


def coverages(place: Place) -> dict[Period, float]:
    """The share of each period's days that deliveries cover, of the units that are best covered."""
    if not place.wanted:
        return {}
    by_text = {str(period): period for period in place.wanted}
    rows = place.rows().values_list("period", "definition_version").annotate(Max("coverage"))
    told = ((by_text.get(text), version, coverage) for text, version, coverage in rows.order_by())
    return {
        period: coverage
        for period, version, coverage in told
        if period is not None and place.wanted[period] == version
    }


def coverages_of(cells: Mapping[Period, Cells]) -> dict[Period, float]:
    """The same of the cells of all units."""
    return {period: max(cell.coverage for cell in of.values()) for period, of in cells.items()}


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
    return Cell(
        _STATUSES[row.status],
        Amount.exactly(numerator),
        Amount.exactly(row.denominator if is_ratio else None),
        row.definition_version,
        row.n_rows,
        row.n_excluded,
        row.coverage,
        row.estimated_share,
        known_since_at=row.known_since_at,
        why=_WHYS[row.why],
        vintages=(row.pk,),
    )
