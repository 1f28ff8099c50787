"""Running measures: one query for all that read the same rows in the same way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow

from vamco.geography.unit import Level
from vamco.indicators.compiling import SPLIT_BY, query
from vamco.indicators.periods import period_of
from vamco.indicators.selecting import PART, PERIOD, UNIT, Homes, Origin, Selection, Way
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.tally import Tallies, Tally
from vamco.indicators.territory import Territory
from vamco.packs.indicator import Aggregation, Measure
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.warehouse.view import Entry, View

FROM_ROWS = (Aggregation.DISTINCT, Aggregation.PERCENTILE)
"""What cannot be made from the figures of parts."""


Group = tuple[date, str, list[int], list[str | None]]
"""First day of the period, part of the breakdown, numbers of the rows, and their units."""


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
    parts = tuple(sorted({ask.part for ask in asks if ask.part}))
    measures = list(dict.fromkeys(ask.measure for ask in asks))
    selection = Selection(way, view.schema, sorted(periods), origins, _homes(territory, way), parts)
    table = snapshot.table(query(selection, measures))
    groups = _groups(table, parts)
    return {ask: _tallies(table, groups[ask.part], measures.index(ask.measure)) for ask in asks}


def _groups(table: pyarrow.Table, parts: tuple[str, ...]) -> dict[str, list[Group]]:
    """The rows of the table that are of the whole (empty), and those of each breakdown, by period and part."""
    found: dict[str, dict[tuple[date, str], Group]] = {"": {}, **{part: {} for part in parts}}
    starts, units, split_by = (table.column(name).to_pylist() for name in (PERIOD, UNIT, SPLIT_BY))
    texts = [table.column(f"{PART}{number}").to_pylist() for number in range(len(parts))]
    for row, number in enumerate(split_by):
        column, text = ("", "") if number < 0 else (parts[number], f"{parts[number]}={texts[number][row]}")
        start_on = starts[row]
        if (start_on, text) not in found[column]:
            found[column][start_on, text] = (start_on, text, [], [])
        _, _, rows, of = found[column][start_on, text]
        rows.append(row)
        of.append(units[row])
    return {column: list(groups.values()) for column, groups in found.items()}


def _tallies(table: pyarrow.Table, groups: list[Group], number: int) -> Tallies:
    values = table.column(f"v{number}").to_pylist()
    of_rows = f"n{number}" not in table.column_names  # a count of rows is its own number of rows
    counted = values if of_rows else table.column(f"n{number}").to_pylist()
    excluded = [0] * len(values) if of_rows else table.column(f"x{number}").to_pylist()
    found: Tallies = {}
    for start_on, part, rows, units in groups:
        found.setdefault(start_on, {})[part] = {
            unit_id: Tally(values[row], counted[row], excluded[row])
            for row, unit_id in zip(rows, units, strict=True)
            if counted[row] or excluded[row]
        }
    return found


def _origins(way: Way, view: View, periods: set[Period]) -> list[Origin]:
    """The deliveries, each with the first day of its period where that is one of those asked for."""
    starts = {period.start_on for period in periods}
    return [(*entry.key, entry.seq, _start_of(way, entry, starts)) for entry in view.entries]


def _start_of(way: Way, entry: Entry, starts: set[date]) -> date | None:
    """The first day of the period that the delivery is for; a stock may be for any."""
    if way.time is not None:
        return None
    if way.by_value:
        return entry.start_on
    period = period_of(entry, way.period_type)
    return period.start_on if period and period.start_on in starts else None


def _homes(territory: Territory, way: Way) -> Homes | None:
    if way.homes_on is None:
        return None
    pairs = tuple(territory.homes(way.homes_on, Level(way.level)).items())
    own = territory.own(way.homes_on, Level.PROVINCE)
    is_all = way.level == Level.PROVINCE and len(own) == 1
    return Homes(pairs, default=own[0] if is_all else None)
