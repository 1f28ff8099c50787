"""Which datasets a figure rests on, who owes them, and for which periods they have not come."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vamco.indicators import queries
from vamco.indicators.coverage import Coverage
from vamco.indicators.declared import indicator_of, packs
from vamco.indicators.formula import evaluable
from vamco.indicators.selecting import is_year
from vamco.indicators.snapshot import Snapshot
from vamco.packs.contract import Contract
from vamco.packs.indicator import Aggregation, Definition, Indicator, Measure
from vamco.vocabulary.period import Period


@dataclass(frozen=True, slots=True)
class Lack:
    """A dataset whose deliveries do not cover all days of these periods, and the agency that owes it."""

    dataset: str
    agency: str  # code
    periods: tuple[Period, ...]

    def as_dict(self) -> dict[str, Any]:
        """The lack as JSON can carry it."""
        return {
            "dataset": self.dataset,
            "agency": self.agency,
            "periods": [str(period) for period in self.periods],
        }


def datasets_behind(indicator: Indicator) -> tuple[str, ...]:
    """Every dataset that the indicator rests on, in any version, also through other indicators."""
    return tuple(sorted(_behind(indicator, set())))


def contracts_behind(indicator: Indicator) -> list[Contract]:
    """The contracts of those datasets."""
    return [contract for contract in packs().contracts if contract.id in datasets_behind(indicator)]


def lacks(indicator: Indicator, period: Period, as_known_at: datetime | None = None) -> list[Lack]:
    """What has not come of what the figures of the period rest on, as known at that moment."""
    snapshot = Snapshot.then(as_known_at) if as_known_at else Snapshot.now()
    missing: defaultdict[str, set[Period]] = defaultdict(set)
    for dataset, part in _uncovered(indicator, period, snapshot):
        missing[dataset].add(part)
    agencies = {contract.id: contract.agency for contract in packs().contracts}
    return [
        Lack(dataset, agencies.get(dataset, indicator.agency), tuple(sorted(missing[dataset])))
        for dataset in sorted(missing)
    ]


def _behind(indicator: Indicator, seen: set[str]) -> set[str]:
    if indicator.id in seen:
        return set()
    seen.add(indicator.id)
    found: set[str] = set()
    for definition in indicator.definitions:
        found |= {measure.dataset for measure in definition.measures}
        found |= set(queries.datasets(definition.query.file)) if definition.query else set()
        for name in definition.formula.inputs.values() if definition.formula else ():
            found |= _behind(indicator_of(name), seen)
    return found


def _uncovered(indicator: Indicator, period: Period, snapshot: Snapshot) -> Iterator[tuple[str, Period]]:
    definition = indicator.definition(period.start_on)
    if definition is None:
        return
    if definition.formula:
        formula = evaluable(definition.formula)
        for letter, needed in formula.reach(period):
            yield from _uncovered(indicator_of(formula.inputs[letter]), needed, snapshot)
        return
    for part in _parts(indicator, period):
        yield from ((dataset, part) for dataset in _lacking(definition, part, snapshot))


def _parts(indicator: Indicator, period: Period) -> tuple[Period, ...]:
    own = indicator.period_type
    return (period,) if period.type is own else period.split(own)


def _lacking(definition: Definition, period: Period, snapshot: Snapshot) -> Iterator[str]:
    for measure in definition.measures:
        if _share(measure, period, snapshot) < 1:
            yield measure.dataset
    for dataset in queries.datasets(definition.query.file) if definition.query else ():
        if _covered(dataset, period, snapshot, of_events=False) < 1:
            yield dataset


def _share(measure: Measure, period: Period, snapshot: Snapshot) -> float:
    """The share of the period (0–1) that came; a stock is there if any of the years that may serve is."""
    if measure.aggregation is Aggregation.LAST and measure.at_most_years_old:
        first = date(period.end_on.year - measure.at_most_years_old, 1, 1)
        years = Period.between(first, period.end_on)
        return float(_covered(measure.dataset, years, snapshot, of_events=False) > 0)
    view = snapshot.view(measure.dataset)
    of_events = view is not None and measure.time is not None and not is_year(view.schema, measure.time)
    return _covered(measure.dataset, period, snapshot, of_events=of_events)


def _covered(dataset: str, period: Period, snapshot: Snapshot, *, of_events: bool) -> float:
    view = snapshot.view(dataset)
    return Coverage(view.entries if view else (), of_events=of_events).share(period)
