"""Running measures: one query for all that read the same rows in the same way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pyarrow

from vamco.geography.unit import Level
from vamco.indicators.compiling import PART, PERIOD, UNIT, Homes, Origin, Way, query
from vamco.indicators.periods import period_of
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import Territory
from vamco.packs.indicator import Aggregation, Measure
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.warehouse.view import View

FROM_ROWS = (Aggregation.DISTINCT, Aggregation.PERCENTILE)
"""What cannot be made from the figures of parts."""


class Tally(NamedTuple):
    """What the rows of one unit and period give."""

    value: float | None
    n_rows: int
    n_excluded: int  # without a number


Tallies = dict[date, dict[str, dict[str | None, Tally]]]
"""First day of the period → part of the breakdown → unit (None: rows without one) → tally."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A measure to be computed by unit and period; `homes_on` and `level` where rows are placed by the query."""

    measure: Measure
    period_type: PeriodType
    part: str = ""
    homes_on: date | None = None
    level: str = ""

    @property
    def way(self) -> Way:
        """How its rows are read."""
        m = self.measure
        return Way(
            dataset=m.dataset,
            time=m.time,
            unit=m.unit,
            latest_by=m.latest_by,
            period_type=self.period_type,
            part=self.part,
            by_value=m.aggregation is Aggregation.LAST,
            homes_on=self.homes_on,
            level=self.level,
        )


def scan(
    snapshot: Snapshot, territory: Territory, asked: Mapping[Ask, Iterable[Period]]
) -> dict[Ask, Tallies]:
    """The tallies of each ask, of at least its periods. Raises `Misused` when a measure does not fit its dataset."""
    groups: defaultdict[Way, list[Ask]] = defaultdict(list)
    for ask in asked:
        groups[ask.way].append(ask)
    found: dict[Ask, Tallies] = {}
    for way, asks in groups.items():
        periods = {period for ask in asks for period in asked[ask]}
        found |= _run(snapshot, territory, way, asks, periods)
    return found


def _run(
    snapshot: Snapshot, territory: Territory, way: Way, asks: list[Ask], periods: set[Period]
) -> dict[Ask, Tallies]:
    view = snapshot.view(way.dataset)
    origins = [] if view is None else _origins(way, view, periods)
    if view is None or not periods or not any(way.time or origin[3] for origin in origins):
        return {ask: {} for ask in asks}
    measures = [ask.measure for ask in asks]
    tree = query(way, measures, view.schema, periods, origins, _homes(territory, way))
    table = snapshot.table(tree)
    return {ask: _tallies(table, number, way.part) for number, ask in enumerate(asks)}


def _origins(way: Way, view: View, periods: set[Period]) -> list[Origin]:
    """The deliveries, each with the first day of its period where that is one of those asked for."""
    starts = {period.start_on for period in periods}
    found = []
    for entry in view.entries:
        period = period_of(entry, way.period_type) if way.time is None else None
        start_on = period.start_on if period and period.start_on in starts else None
        found.append((*entry.key, entry.seq, start_on))
    return found


def _homes(territory: Territory, way: Way) -> Homes | None:
    if way.homes_on is None:
        return None
    pairs = territory.homes(way.homes_on, Level(way.level))
    own = territory.own(way.homes_on, Level.PROVINCE)
    is_all = way.level == Level.PROVINCE and len(own) == 1
    return Homes(pairs, default=own[0] if is_all else None)


def _tallies(table: pyarrow.Table, number: int, part: str) -> Tallies:
    names = (PERIOD, PART, UNIT, f"v{number}", f"n{number}", f"x{number}")
    columns = (table.column(name).to_pylist() for name in names)
    found: Tallies = {}
    for start_on, text, unit_id, value, n_rows, n_excluded in zip(*columns, strict=True):
        if n_rows or n_excluded:
            key = f"{part}={text}" if part else ""
            found.setdefault(start_on, {}).setdefault(key, {})[unit_id] = Tally(value, n_rows, n_excluded)
    return found
