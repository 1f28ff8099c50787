"""From the rows of a snapshot to figures as reported: on the map of each period's last day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final, NamedTuple

from vamco.geography.recoding import Additivity
from vamco.geography.unit import Level
from vamco.indicators import queries
from vamco.indicators.coverage import Coverage
from vamco.indicators.placing import additivity, at_level, whole_province
from vamco.indicators.quotient import Judge
from vamco.indicators.row import Row
from vamco.indicators.scanning import FROM_ROWS, Ask, scan
from vamco.indicators.selecting import is_year
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.stocks import Stocks
from vamco.indicators.tally import ZERO, Tallies, Tally
from vamco.indicators.territory import Territory
from vamco.indicators.uncollected import uncollected
from vamco.packs.indicator import Absence, Aggregation, Definition, Indicator, Measure, Query
from vamco.vocabulary.period import Period

_WHOLE: Final = ""
_COMMUNE_AND_PROVINCE: Final = (Level.COMMUNE, Level.PROVINCE)


@dataclass(frozen=True, slots=True)
class Job:
    """One version of an indicator over some periods."""

    indicator: Indicator
    definition: Definition
    periods: frozenset[Period]


def jobs(wanted: Iterable[tuple[Indicator, Iterable[Period]]]) -> list[Job]:
    """The periods parted by the version in force on their first day; those under no version are left out."""
    found: list[Job] = []
    for indicator, periods in wanted:
        of: defaultdict[int, set[Period]] = defaultdict(set)
        versions: dict[int, Definition] = {}
        for period in periods:
            definition = indicator.definition(period.start_on)
            if definition is not None and definition.formula is None:
                versions[definition.version] = definition
                of[definition.version].add(period)
        found += (Job(indicator, versions[v], frozenset(of[v])) for v in sorted(of))
    return found


@uncollected()
def compute(snapshot: Snapshot, territory: Territory, todo: Iterable[Job]) -> list[Row]:
    """The figures of the jobs; periods that no delivery covers have none.

    Raises `Misused` when a definition does not fit its datasets.
    """
    todo = list(todo)
    queried: defaultdict[Query, set[Period]] = defaultdict(set)
    asked: defaultdict[Ask, set[Period]] = defaultdict(set)
    for job in todo:
        for ask, periods in _asks(territory, job):
            asked[ask] |= periods
        if job.definition.query is not None:
            queried[job.definition.query] |= job.periods
    tallies = scan(snapshot, territory, asked)
    sources = _Sources(snapshot, territory, tallies, queries.tallies(snapshot, territory, queried))
    return list(chain.from_iterable(rows for job in todo for rows in _figures(sources, job)))


def levels(indicator: Indicator, column: str = "") -> tuple[Level, ...]:
    """The levels on which the indicator has figures, whole or split by that column."""
    is_by_unit = indicator.level == Level.COMMUNE and indicator.splits_units(column)
    return _COMMUNE_AND_PROVINCE if is_by_unit else (Level.PROVINCE,)


def parts(indicator: Indicator) -> tuple[str, ...]:
    """The columns by which figures are split, and the whole."""
    return (_WHOLE, *(breakdown.column for breakdown in indicator.breakdowns))


class _Side(NamedTuple):
    """Numerator or denominator of one period and part, by unit; None: it has no figure at all."""

    placed: Mapping[str, Tally]
    coverage: float


class _Sources:
    """The tallies of a computation, and what is worked out of them more than once."""

    def __init__(
        self,
        snapshot: Snapshot,
        territory: Territory,
        tallies: Mapping[Ask, Tallies],
        queried: Mapping[queries.Output, Tallies],
    ) -> None:
        self.snapshot = snapshot
        self.territory = territory
        self.tallies = tallies
        self.queried = queried
        self._coverages: dict[tuple[str, bool], Coverage] = {}
        self._stocks: dict[tuple[Ask, str], Stocks] = {}
        self.sides: dict[tuple[Ask, str, Period, Level, bool], _Side] = {}

    def coverage(self, measure: Measure, period: Period) -> float:
        """The share (0–1) of the period's days that deliveries of the measure's dataset cover."""
        view = self.snapshot.view(measure.dataset)
        of_events = view is not None and measure.time is not None and not is_year(view.schema, measure.time)
        return self.coverage_of(measure.dataset, period, of_events=of_events)

    def coverage_of(self, dataset: str, period: Period, *, of_events: bool = False) -> float:
        """The same of a dataset."""
        if (dataset, of_events) not in self._coverages:
            view = self.snapshot.view(dataset)
            entries = view.entries if view else ()
            self._coverages[dataset, of_events] = Coverage(entries, of_events=of_events)
        return self._coverages[dataset, of_events].share(period)

    def stocks(self, ask: Ask, part: str) -> Stocks:
        """The stocks of a measure of the aggregation LAST."""
        if (ask, part) not in self._stocks:
            by_time = {time: by_part[part] for time, by_part in self.tallies[ask].items() if part in by_part}
            self._stocks[ask, part] = Stocks(self.territory, by_time, ask.measure.at_most_years_old)
        return self._stocks[ask, part]


def _asks(territory: Territory, job: Job) -> Iterator[tuple[Ask, set[Period]]]:
    for column in parts(job.indicator):
        for measure in job.definition.measures:
            of = column if _is_split(job.definition, measure) else _WHOLE
            if measure.aggregation is Aggregation.LAST:
                yield _ask(territory, job, measure, of), {_reach_back(measure, job.periods)}
                continue
            for period in job.periods:
                for level in (
                    levels(job.indicator, column) if measure.aggregation in FROM_ROWS else (Level.PROVINCE,)
                ):
                    yield _ask(territory, job, measure, of, period, level), {period}


def _is_split(definition: Definition, measure: Measure) -> bool:
    """Whether a breakdown applies to the measure: a denominator from elsewhere is the same for all parts."""
    return definition.numerator is not None and measure.dataset == definition.numerator.dataset


def _ask(
    territory: Territory,
    job: Job,
    measure: Measure,
    column: str,
    period: Period | None = None,
    level: Level = Level.PROVINCE,
) -> Ask:
    if period is None or measure.aggregation not in FROM_ROWS or measure.unit is None:
        return Ask(measure, job.indicator.period_type, column)
    return Ask(measure, job.indicator.period_type, column, territory.map_of(period.end_on), level.value)


def _reach_back(measure: Measure, periods: Iterable[Period]) -> Period:
    """All days of which a stock may serve one of the periods."""
    ends = [period.end_on for period in periods]
    return Period.between(date(min(ends).year - measure.at_most_years_old, 1, 1), max(ends))


def _figures(sources: _Sources, job: Job) -> Iterator[list[Row]]:
    if job.definition.query is not None:
        yield from _of_query(sources, job, job.definition.query)
        return
    for column in parts(job.indicator):
        for period in sorted(job.periods):
            for level in levels(job.indicator, column):
                yield from _of_column(sources, job, column, period, level)


def _of_query(sources: _Sources, job: Job, query: Query) -> Iterator[list[Row]]:
    given = [sources.queried[query.file, column] for column in query.columns]
    for period in sorted(job.periods) if any(given) else ():
        coverage = min(sources.coverage_of(dataset, period) for dataset in queries.datasets(query.file))
        for level in levels(job.indicator) if coverage else ():
            sides = [
                _Side(
                    at_level(sources.territory, of.get(period.start_on, {}).get(_WHOLE, {}), period, level),
                    coverage,
                )
                for of in given
            ]
            yield _rows(job, _WHOLE, period, level, sides[0], sides[1] if query.denominator else None)


def _of_column(sources: _Sources, job: Job, column: str, period: Period, level: Level) -> Iterator[list[Row]]:
    above = job.definition.numerator
    if above is None:
        return
    ask = _ask(sources.territory, job, above, column, period, level)
    for part in _parts_seen(sources.tallies[ask], period, column):
        numerator = _side(sources, job, above, column, part, period, level)
        if numerator.coverage:
            denominator = _denominator(sources, job, column, part, period, level)
            yield _rows(job, part, period, level, numerator, denominator)


def _parts_seen(tallies: Tallies, period: Period, column: str) -> list[str]:
    return sorted(tallies.get(period.start_on, {})) if column else [_WHOLE]


def _denominator(
    sources: _Sources, job: Job, column: str, part: str, period: Period, level: Level
) -> _Side | None:
    above, below = job.definition.numerator, job.definition.denominator
    if below is not None:
        of = part if _is_split(job.definition, below) else _WHOLE
        return _side(sources, job, below, column if of else _WHOLE, of, period, level)
    if above is not None and above.aggregation is Aggregation.AVERAGE:
        return _side(sources, job, above, column, part, period, level, counted=True)
    return None


def _side(
    sources: _Sources,
    job: Job,
    measure: Measure,
    column: str,
    part: str,
    period: Period,
    level: Level,
    *,
    counted: bool = False,
) -> _Side:
    """A measure's numbers on the period's map; with `counted`, how many rows they rest on."""
    ask = _ask(sources.territory, job, measure, column, period, level)
    key = (ask, part, period, level, counted)
    if key not in sources.sides:
        sources.sides[key] = _worked_out(sources, ask, part, period, level, counted=counted)
    return sources.sides[key]


def _worked_out(
    sources: _Sources, ask: Ask, part: str, period: Period, level: Level, *, counted: bool
) -> _Side:
    measure = ask.measure
    if measure.aggregation is Aggregation.LAST:
        placed = sources.stocks(ask, part).at(period, level)
        coverage = float(bool(placed)) if measure.at_most_years_old else sources.coverage(measure, period)
        return _Side(placed, coverage)
    coverage = sources.coverage(measure, period)
    given = sources.tallies[ask].get(period.start_on, {}).get(part, {})
    if counted:
        given = {
            unit: Tally(float(tally.n_rows), tally.n_rows, tally.n_excluded) for unit, tally in given.items()
        }
    how = additivity(measure.aggregation)
    zero = measure.absent is Absence.ZERO and measure.aggregation is not Aggregation.PERCENTILE
    if measure.unit is None:
        given = {None: ZERO, **given} if zero and how is Additivity.SUM else given
        return _Side(whole_province(sources.territory, given, period, level), coverage)
    return _Side(at_level(sources.territory, given, period, level, how, zero=zero), coverage)


def _rows(
    job: Job, part: str, period: Period, level: Level, numerator: _Side, denominator: _Side | None
) -> list[Row]:
    coverage = min(numerator.coverage, denominator.coverage or 1.0) if denominator else numerator.coverage
    judge = Judge(float(job.definition.per), coverage, is_rate=denominator is not None, is_same=_is_same(job))
    first = (job.indicator.id, job.definition.version)
    middle = (level.value, str(period), period.start_on, period.end_on, part)
    below = denominator.placed if denominator else {}
    above = numerator.placed if part == _WHOLE else _counted(numerator.placed, below)
    return [
        Row._make((*first, unit, *middle, *judge(tally, below.get(unit)), period.end_on))
        for unit, tally in above.items()
    ]


def _counted(above: Mapping[str, Tally], below: Mapping[str, Tally]) -> dict[str, Tally]:
    """The units of which a part has rows, in the numerator or, of nothing, in the denominator.

    Others are not kept: a reader knows that a part absent from a known whole is zero.
    """
    found = {unit: ZERO for unit, tally in below.items() if tally.n_rows} if above else {}
    return found | {unit: tally for unit, tally in above.items() if tally.n_rows or unit in found}


def _is_same(job: Job) -> bool:
    """Whether what the numerator lacks, the denominator lacks too: both come from the same rows."""
    above, below = job.definition.numerator, job.definition.denominator
    return below is None or (above is not None and above.dataset == below.dataset)
