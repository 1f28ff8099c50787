"""Which periods of an indicator a change of its datasets touches."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.utils import timezone

from vamco.indicators import queries
from vamco.indicators.digests import recorded_periods
from vamco.indicators.periods import Days, overlapping, period_of
from vamco.indicators.scanning import Ask
from vamco.indicators.selecting import days_of, is_year
from vamco.indicators.snapshot import Snapshot
from vamco.packs.indicator import Aggregation, Definition, Indicator, Measure
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.warehouse.models import LedgerEntry, Version
from vamco.warehouse.view import Entry

_UNEVEN: Final = (PeriodType.RANGE, PeriodType.CROP_SEASON)
"""Types whose periods the calendar does not give: deliveries do."""


@dataclass
class Touched:
    """Periods whose figures may change, and those of them from which a delivery was taken away."""

    periods: set[Period] = field(default_factory=set)
    restated: set[Period] = field(default_factory=set)

    def add(self, other: "Touched") -> None:
        """Take in what another change touches."""
        self.periods |= other.periods
        self.restated |= other.restated


class Changes:
    """What happened to datasets up to a snapshot; what several indicators ask is worked out once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._days: dict[tuple[str, str | None, tuple[str, ...], int], tuple[list[Days], list[Days]]] = {}

    def touched(self, indicator: Indicator, dataset: str, since: int) -> Touched:
        """The periods that changes of the dataset after the ledger's version `since` touch."""
        found = Touched()
        for definition in indicator.definitions:
            if definition.query is not None and dataset in queries.datasets(definition.query.file):
                found.periods |= every_period(self.snapshot, indicator)
            for measure in definition.measures:
                if measure.dataset == dataset:
                    found.add(self._by_measure(indicator, measure, since))
        return found

    def _by_measure(self, indicator: Indicator, measure: Measure, since: int) -> Touched:
        new, old = self._changed_days(measure, indicator.period_type, since)
        return Touched(
            _periods(self.snapshot, indicator, measure, [*new, *old]),
            _periods(self.snapshot, indicator, measure, old),
        )

    def _changed_days(
        self,
        measure: Measure,
        period_type: PeriodType,
        since: int,
    ) -> tuple[list[Days], list[Days]]:
        """The days of rows that came, and of rows that went."""
        key = (measure.dataset, measure.time, measure.latest_by, since)
        if key not in self._days:
            view = self.snapshot.view(measure.dataset)
            entries = view.entries if view else ()
            new = _days(
                self.snapshot, measure, period_type, [entry for entry in entries if entry.seq > since]
            )
            self._days[key] = new, self._days_gone(measure, period_type, since)
        return self._days[key]

    def _days_gone(self, measure: Measure, period_type: PeriodType, since: int) -> list[Days]:
        gone = _gone(measure.dataset, since, self.snapshot.seq)
        try:
            return _days(_before(since), measure, period_type, gone) if gone else []
        except Refused as error:
            if error.key != "warehouse.history_erased":
                raise
            # Nobody can say any more where the rows lay: they may have lain anywhere.
            view = self.snapshot.view(measure.dataset)
            return [(entry.start_on, entry.end_on) for entry in (*gone, *(view.entries if view else ()))]


def every_period(snapshot: Snapshot, indicator: Indicator) -> set[Period]:
    """Every period for which the indicator has figures, or could have from the deliveries there are."""
    found = recorded_periods(indicator.id)
    for definition in indicator.definitions:
        for dataset, measure in _leading(definition):
            view = snapshot.view(dataset)
            entries = view.entries if view else ()
            if indicator.period_type in _UNEVEN:
                found |= {p for e in entries if (p := period_of(e, indicator.period_type))}
            spans = [(entry.start_on, entry.end_on) for entry in entries]
            if measure is not None and measure.aggregation is Aggregation.LAST:
                spans = [(start_on, max(end_on, _today(snapshot))) for start_on, end_on in spans]
            found |= overlapping(indicator.period_type, spans)
    return found


def _leading(definition: Definition) -> list[tuple[str, Measure | None]]:
    """The datasets without which there is no figure."""
    if definition.query is not None:
        return [(dataset, None) for dataset in queries.datasets(definition.query.file)]
    return [(definition.numerator.dataset, definition.numerator)] if definition.numerator else []


def _periods(snapshot: Snapshot, indicator: Indicator, measure: Measure, days: Iterable[Days]) -> set[Period]:
    spans = list(days)
    if measure.aggregation is not Aggregation.LAST:
        return overlapping(indicator.period_type, spans)
    # A stock serves every later period that it is not too old for.
    reach = [(start_on, date(end_on.year + measure.at_most_years_old, 12, 31)) for start_on, end_on in spans]
    today = _today(snapshot)
    return {period for period in overlapping(indicator.period_type, reach) if period.start_on <= today}


def _days(
    snapshot: Snapshot,
    measure: Measure,
    period_type: PeriodType,
    entries: list[Entry],
) -> list[Days]:
    """The days that the entries are about, and those on which their rows lie."""
    spans = [(entry.start_on, entry.end_on) for entry in entries]
    view = snapshot.view(measure.dataset)
    if measure.time is None or view is None or not entries:
        return spans
    way = Ask(measure, period_type).way
    found = snapshot.rows(days_of(way, view.schema, [entry.key for entry in entries]))
    values = [value for (value,) in found if value is not None]
    if is_year(view.schema, measure.time):
        return spans + [(date(year, 1, 1), date(year, 12, 31)) for year in values]
    return spans + [(day, day) for day in values]


def _gone(dataset: str, since: int, seq: int) -> list[Entry]:
    """Entries that were live at version `since` and are no longer at `seq`."""
    rows = LedgerEntry.objects.filter(
        dataset_id=dataset, seq__lte=since, superseded_seq__gt=since, superseded_seq__lte=seq
    )
    return [
        Entry(r.seq, r.delivery_id, r.part, r.period, r.start_on, r.end_on, r.n_rows, r.known_since_at)
        for r in rows
    ]


def _before(since: int) -> Snapshot:
    version = Version.objects.filter(seq__lte=since).order_by("-seq").first()
    return Snapshot(version.at, version.seq) if version else Snapshot(timezone.now(), 0)


def _today(snapshot: Snapshot) -> date:
    return timezone.localdate(snapshot.at)
