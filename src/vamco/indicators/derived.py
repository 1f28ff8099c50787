"""Indicators worked out from other indicators: which of their periods a change touches, and their rows.

Each is evaluated on the map of its own period; inputs of earlier years are carried to that map, so
that a unit has a past even where it did not exist then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from vamco.geography.unit import Level
from vamco.indicators.cell import Cell
from vamco.indicators.declared import packs
from vamco.indicators.formula import Evaluable, evaluable
from vamco.indicators.formula_cells import formula_cells
from vamco.indicators.ledger import record
from vamco.indicators.models import Run, Why
from vamco.indicators.question import Question
from vamco.indicators.reading import inputs
from vamco.indicators.row import Row
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Definition, Formula, Indicator
from vamco.vocabulary.period import Period

_SLACK: Final = timedelta(days=366)  # windows that grow through the year reach back no further

_NOT_OF_DATA: Final = {Why.NEW_DEFINITION, Why.NEW_MAP}
Changed = Mapping[str, set[Period]]
"""Indicator → periods whose figures changed."""


def recompute(run: Run, changed: Changed) -> Changed:
    """Record anew every derived figure that the changes touch; what changed thereby.

    Indicators that are derived from derived ones come after them.
    """
    known: defaultdict[str, set[Period]] = defaultdict(set, {name: set(p) for name, p in changed.items()})
    made: dict[str, set[Period]] = {}
    for indicator in in_order(derived_indicators()):
        periods = touched(indicator, known)
        if not periods:
            continue
        found = Found.of(indicator, periods)
        is_of_data = not _NOT_OF_DATA & set(found.reasons.values())
        recorded = record(
            run,
            found.rows,
            scope={indicator.id: periods},
            reasons=found.reasons,
            at=run.data_at if is_of_data else None,
        )
        made |= {name: set(p) for name, p in recorded.changed.items()}
        known[indicator.id] |= recorded.changed.get(indicator.id, set())
    return made


def derived_indicators() -> list[Indicator]:
    """The indicators of the installation that have a formula in any version."""
    return [one for one in packs().indicators if any(d.formula for d in one.definitions)]


def in_order(indicators: Iterable[Indicator]) -> Iterator[Indicator]:
    """Each after all those that it is worked out from. Those that go round in a circle come last."""
    waiting = {indicator.id: indicator for indicator in indicators}
    while waiting:
        ready = [one for one in waiting.values() if not (_input_ids(one) & waiting.keys() - {one.id})]
        for one in ready or list(waiting.values()):
            yield waiting.pop(one.id)


def touched(indicator: Indicator, changed: Changed, today: date | None = None) -> set[Period]:
    """The periods of the indicator, begun by today, that rest on a period that changed."""
    last = today or timezone.localdate()
    return {
        period
        for definition, formula in _formulas(indicator)
        for period in _resting_on(indicator, evaluable(formula), changed, last)
        if indicator.definition(period.start_on) is definition
    }


def rows_of(indicator: Indicator, periods: Iterable[Period]) -> list[Row]:
    """The derived figures of these periods as they go into the ledger, on the map of each period."""
    return Found.of(indicator, periods).rows


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the periods in which some unit has a value, and why figures of a period change."""

    rows: list[Row]
    reasons: dict[tuple[str, str], Why]

    @classmethod
    def of(cls, indicator: Indicator, periods: Iterable[Period]) -> "Found":
        """What the formula makes of its inputs now."""
        made, map_of = cls([], {}), territory_now().map_of
        alike: defaultdict[tuple[int, date], list[Period]] = defaultdict(list)
        for period in sorted(periods):
            definition = indicator.definition(period.start_on)
            if definition is not None and definition.formula:
                alike[indicator.definitions.index(definition), map_of(period.end_on)].append(period)
        for (place, on), group in alike.items():
            for level in _levels(indicator):
                question = Question(indicator, tuple(group), level, map_on=on)
                made._add(question, indicator.definitions[place])
        return made

    def _add(self, question: Question, definition: Definition) -> None:
        for period, cells in formula_cells(question, definition, inputs).items():
            if any(cell.has_value for cell in cells.values()):
                self.rows.extend(_row(question, definition, unit, period, c) for unit, c in cells.items())
            whys = [cell.why for cell in cells.values() if cell.why and cell.why is not Why.FIRST]
            if whys:
                self.reasons[question.indicator.id, str(period)] = whys[-1]


def _levels(indicator: Indicator) -> tuple[Level, ...]:
    return (Level.COMMUNE, Level.PROVINCE) if indicator.level == Level.COMMUNE else (Level.PROVINCE,)


def _row(question: Question, definition: Definition, unit_id: str, period: Period, cell: Cell) -> Row:
    value = cell.numerator.value
    return Row(
        indicator=question.indicator.id,
        definition_version=definition.version,
        unit_id=unit_id,
        level=question.level.value,
        period=str(period),
        start_on=period.start_on,
        end_on=period.end_on,
        breakdown="",
        numerator=None,
        denominator=None,
        value=None if value is None else float(value),
        status=cell.status.value,
        n_rows=cell.n_rows,
        n_excluded=cell.n_excluded,
        coverage=cell.coverage,
        estimated_share=cell.estimated_share,
        map_on=period.end_on,
    )


def _formulas(indicator: Indicator) -> Iterator[tuple[Definition, Formula]]:
    return ((d, d.formula) for d in indicator.definitions if d.formula)


def _input_ids(indicator: Indicator) -> set[str]:
    return {name for _, formula in _formulas(indicator) for name in formula.inputs.values()}


def _resting_on(indicator: Indicator, formula: Evaluable, changed: Changed, last: date) -> Iterator[Period]:
    by_letter = {letter: changed.get(name, set()) for letter, name in formula.inputs.items()}
    for candidate in _candidates(indicator, formula, set().union(*by_letter.values()), last):
        reached = formula.reach(candidate)
        if any(needed.contains(part) for letter, needed in reached for part in by_letter[letter]):
            yield candidate


def _candidates(
    indicator: Indicator, formula: Evaluable, changed: set[Period], last: date
) -> Iterator[Period]:
    """Periods from the first change on, as far as the formula looks back from them, and begun by `last`."""
    if not changed:
        return
    period = Period.covering(indicator.period_type, min(part.start_on for part in changed))
    until = max(part.end_on for part in changed) + _looks_back(formula, period)
    while period.start_on <= min(last, until):
        yield period
        period = period.next()


def _looks_back(formula: Evaluable, period: Period) -> timedelta:
    first = min((needed.start_on for _, needed in formula.reach(period)), default=period.start_on)
    return period.start_on - first + _SLACK
