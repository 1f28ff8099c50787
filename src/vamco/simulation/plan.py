"""Who sends what and when: on time as a rule, sometimes late, dirty or once more, and one that falls silent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from vamco.packs.contract import Contract
from vamco.simulation.feed import Feed, Row, as_csv
from vamco.simulation.world import World
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.worktime.calendar import WorkCalendar

_HERE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_LATE_ROWS: Final = 0.06  # of a period that is sent once more
_SPOILED: Final = 0.03  # of the rows of a dirty file, at least one
_EARLY: Final = timedelta(days=30)
_LONG: Final = {PeriodType.YEAR, PeriodType.SCHOOL_YEAR}


@dataclass(frozen=True, slots=True)
class Shipment:
    """One file on its way."""

    feed: Feed
    contract: Contract
    period: Period
    arrives_at: datetime
    edition: int = 0  # 1 when it takes the place of an earlier, thinner one
    is_thin: bool = False
    is_dirty: bool = False

    def content(self, world: World) -> bytes:
        """The file's bytes: the same for the same world, whenever they are asked for."""
        rows = self._rows(world)
        chance = world.rng("faults", self.contract.id, self.period, self.edition)
        if self.is_thin:
            rows = rows[: max(1, round(len(rows) * (1 - _LATE_ROWS)))]
        if not self.is_dirty or not rows:
            return as_csv(self.contract, rows)
        columns = [name for name in rows[0] if self.contract.column(name).required]
        n = max(1, round(len(rows) * _SPOILED))
        spoiled = zip(chance.integers(len(rows), size=n), chance.choice(columns, size=n), strict=True)
        return as_csv(self.contract, rows, [(int(row), str(name)) for row, name in spoiled])

    @property
    def filename(self) -> str:
        """What the agency calls the file."""
        again = "_bo-sung" if self.edition else ""
        return f"mo-phong_{self.contract.id}_{self.period}{again}.csv"

    def _rows(self, world: World) -> list[Row]:
        if self.feed.only or self.feed.tells_whole:
            return list(self.feed.make(world, self.period))
        parts = _owed(self.contract, self.period.start_on, self.period.end_on)
        return [row for part in parts for row in self.feed.make(world, part)]


def plan(
    world: World, feeds: Sequence[tuple[Feed, Contract]], days: WorkCalendar, until: datetime
) -> list[Shipment]:
    """Every shipment that has arrived by then, in order of arrival."""
    found = [s for feed, contract in feeds for s in _of(world, feed, contract, days, until)]
    return sorted(found, key=lambda s: (s.arrives_at, s.contract.id, s.period))


def _of(
    world: World, feed: Feed, contract: Contract, days: WorkCalendar, until: datetime
) -> Iterator[Shipment]:
    for period in _periods(feed, contract, until.date()):
        for shipment in _of_period(world, feed, contract, period, days):
            if shipment.arrives_at <= until:
                yield shipment


def _of_period(
    world: World, feed: Feed, contract: Contract, period: Period, days: WorkCalendar
) -> Iterator[Shipment]:
    habits, chance = feed.habits, world.rng("habits", contract.id, period)
    if habits.silent_from_on and period.end_on >= habits.silent_from_on:
        return
    allowed = contract.schedule.due_working_days if contract.schedule else 1
    used = int(chance.integers(max(1, (allowed + 1) // 2), allowed + 1)) if allowed else 0
    if chance.random() < habits.late:
        used = allowed + int(chance.integers(1, 9))
    ready_on = period.start_on + _EARLY if feed.is_early else period.end_on
    at = _moment(days.add_working_days(ready_on, used), chance.uniform(7.5, 17))
    is_thin = chance.random() < habits.restated
    yield Shipment(feed, contract, period, at, is_thin=is_thin, is_dirty=chance.random() < habits.dirty)
    if is_thin:
        later = days.add_working_days(at.date(), int(chance.integers(3, 12)))
        yield Shipment(feed, contract, period, _moment(later, chance.uniform(7.5, 17)), edition=1)


def _periods(feed: Feed, contract: Contract, until: date) -> Iterator[Period]:
    """The periods named, or the years of the history before the source joined, then each owed one that has ended."""
    if feed.only:
        yield from map(Period.parse, feed.only)
        return
    last_before = feed.joins_on - timedelta(days=1)
    history = _owed(contract, feed.starts_on, min(last_before, until))
    if history and history[0].type in _LONG:
        yield from history
    else:
        yield from _by_year(history)
    last_on = until + timedelta(days=366) if feed.is_early else until
    yield from _owed(contract, feed.joins_on, last_on)


def _by_year(periods: Sequence[Period]) -> Iterator[Period]:
    """Runs of periods that begin in one year, each as one longer period."""
    for _, run in groupby(periods, key=lambda period: period.start_on.year):
        of_year = list(run)
        yield of_year[0] if len(of_year) == 1 else Period.between(of_year[0].start_on, of_year[-1].end_on)


def _owed(contract: Contract, start_on: date, end_on: date) -> list[Period]:
    """The contract's own periods that lie within those days, whole."""
    wanted = PeriodType(contract.schedule.period_type) if contract.schedule else PeriodType.MONTH
    period, found = Period.covering(wanted, start_on), []
    while period.end_on <= end_on:
        if period.start_on >= start_on:
            found.append(period)
        period = period.next()
    return found


def _moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), _HERE) + timedelta(hours=hour)
