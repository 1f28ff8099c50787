"""Figures read from the observation ledger: on any map, as known at any moment, by any definition."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Final

from vamco.geography.unit import Level
from vamco.indicators.carrying import Passage, carry
from vamco.indicators.cell import MISSING, Amount, Cell, not_applicable
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure, Reason
from vamco.indicators.formula_cells import formula_cells
from vamco.indicators.hidden_inputs import hidden_by_inputs
from vamco.indicators.judging import Bounds, Judge, bound_ids, bounds_from
from vamco.indicators.question import Question
from vamco.indicators.references import people_on
from vamco.indicators.rolling_up import makes_wholes, over_time, over_units
from vamco.indicators.stored import Cells, Place, coverages, coverages_of, is_ratio, stored
from vamco.indicators.territory import Territory, territory_now
from vamco.packs.indicator import Absence, Aggregation, Definition
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

_COUNTED: Final = frozenset({Aggregation.COUNT, Aggregation.SUM, Aggregation.DISTINCT})


def figures(question: Question, *, sees_cells: bool = False) -> list[Figure]:
    """One figure for each period and unit asked for, period by period; nothing is left out.

    Where nothing is known, the figure says so: `MISSING`, `LATE` once the promise has passed,
    `NOT_APPLICABLE`, or `SUPPRESSED` where the count is small and the caller may not see cells.
    Raises `NotFound` where a code is not on the map, `Misused` where the indicator's periods do
    not tile a period.
    """
    judge = Judge(question, sees_cells=sees_cells)
    found = _judged(question, judge)
    if not sees_cells:
        hidden = hidden_by_inputs(question, figures)
        found = [
            judge.hidden(f) if (f.unit_id, f.period) in hidden and f.value is not None else f for f in found
        ]
    return judge.banded(found, _bounds(question))


def _judged(question: Question, judge: Judge) -> list[Figure]:
    reading = Reading(question, territory_now())
    return [judge.figure(unit_id, period, cell) for unit_id, period, cell in reading.cells()]


def inputs(question: Question) -> list[Figure]:
    """Figures that others are worked out from: every count as it is, and no bands."""
    return _judged(question, Judge(question, sees_cells=True))


def _bounds(question: Question) -> Bounds:
    """The values of the indicators that this one's bands begin at."""
    asked = (question.about(indicator_of(name)) for name in bound_ids(question.indicator.bands))
    return bounds_from(figure for other in asked for figure in inputs(other))


class Reading:
    """The cells of one question, as worked out from the ledger."""

    def __init__(self, question: Question, territory: Territory) -> None:
        self.question, self.territory = question, territory
        self.indicator, self.register = question.indicator, territory.register
        self._carried: dict[tuple[Period, date], Cells] = {}
        self._own: dict[tuple[Period, date], Cells] = {}
        self._formulas: dict[tuple[int, date], Mapping[Period, Cells]] = {}

    def cells(self) -> Iterator[tuple[str, Period, Cell]]:
        """Unit, period and cell of everything asked for, in order."""
        for period in self.question.periods:
            cells = self._cells_of(period)
            for unit_id in self._asked(self.question.map_of(period)):
                yield unit_id, period, self._cell(unit_id, period, cells)

    def _cell(self, unit_id: str, period: Period, cells: Cells) -> Cell:
        if not self.territory.is_on(unit_id, self.question.map_of(period)):
            return not_applicable(
                "indicators.reason_not_on_map",
                unit=self.register.get(unit_id).name,
                period=period.title.as_dict(),
            )
        return cells.get(unit_id, MISSING)

    def _asked(self, on: date) -> list[str]:
        """The units that are answered with; a map has other provinces too."""
        codes = self.question.units
        if codes is None:
            return list(self.territory.own(on, self.question.level))
        return [self._unit_id(code, on) for code in codes]

    def _unit_id(self, code: str, on: date) -> str:
        """As reported, a code that is not on a period's map stands for its life nearest to it."""
        if self.question.map_on or not self.register.lives_of(code):
            return self.register.unit(code, on).unit_id
        found = self.register.find(code, on)
        return found.unit_id if found else self._nearest_life(code, on)

    def _nearest_life(self, code: str, on: date) -> str:
        lives = self.register.lives_of(code)
        earlier = [life for life in lives if life.valid_from_on <= on]
        return (earlier[-1] if earlier else lives[0]).unit_id

    def _cells_of(self, period: Period) -> Cells:
        definition = self.question.definition(period)
        on = self.question.map_of(period)
        if definition is None:
            return self._everywhere(on, not_applicable("indicators.reason_no_definition"))
        if self.question.level is Level.COMMUNE and self.indicator.level != Level.COMMUNE:
            return self._everywhere(on, not_applicable("indicators.reason_not_of_this_level"))
        if not self._is_split():
            return self._everywhere(on, not_applicable("indicators.reason_split_in_the_province_only"))
        if definition.formula:
            return self._formula(period, definition, on)
        parts = [(part, self._carried_to(part, on)) for part in self._parts(period)]
        return {
            unit: over_time(
                self.indicator, definition, [(part, cells.get(unit, MISSING)) for part, cells in parts]
            )
            for unit in {unit for _, cells in parts for unit in cells}
        }

    def _is_split(self) -> bool:
        column = self.question.breakdown.partition("=")[0]
        return self.question.level is not Level.COMMUNE or self.indicator.splits_units(column)

    def _everywhere(self, on: date, cell: Cell) -> Cells:
        return {unit.unit_id: cell for unit in self.register.units_on(on, self.question.level)}

    def _parts(self, period: Period) -> tuple[Period, ...]:
        own = self.indicator.period_type
        return (period,) if period.type is own else period.split(own)

    def _formula(self, period: Period, definition: Definition, on: date) -> Cells:
        """As stored where that is the map asked for, else evaluated from inputs on that map."""
        is_own_map = self._passage(period, on, self.question.level).is_unchanged
        kept = self._rows.get(period, {}) if is_own_map else {}
        if kept:
            return {unit: _with_reason(cell) for unit, cell in kept.items()}
        return self._evaluated(definition, self.territory.map_of(on))[period]

    def _evaluated(self, definition: Definition, on: date) -> Mapping[Period, Cells]:
        """All periods of the question that share the definition and the map, worked out together."""
        key = (definition.version, on)
        if key not in self._formulas:
            alike = [p for p in self.question.periods if self._is_alike(p, definition, on)]
            asked = replace(self.question, periods=tuple(alike), map_on=on, units=self._codes_on(on))
            self._formulas[key] = formula_cells(asked, definition, inputs)
        return self._formulas[key]

    def _is_alike(self, period: Period, definition: Definition, on: date) -> bool:
        is_same_map = self.territory.map_of(self.question.map_of(period)) == on
        return is_same_map and self.question.definition(period) is definition

    def _codes_on(self, on: date) -> tuple[str, ...] | None:
        """The codes asked for that the map has."""
        if self.question.units is None:
            return None
        return tuple(code for code in self.question.units if self.register.find(code, on))

    def _passage(self, part: Period, on: date, level: Level) -> Passage:
        """From the part's own map; days of one map are told apart no further, so that work is done once."""
        from_on, to_on = (self.territory.map_of(day) for day in (part.end_on, on))
        is_back = level is Level.COMMUNE and to_on < from_on
        reference = people_on(self.territory, to_on) if is_back else None
        return Passage(self.register, level, from_on, to_on, reference)

    def _carried_to(self, part: Period, on: date) -> Cells:
        if (part, on) not in self._carried:
            self._carried[part, on] = self._carry(part, on)
        return self._carried[part, on]

    def _carry(self, part: Period, on: date) -> Cells:
        definition = self.question.definition(part)
        if definition is None:
            return self._everywhere(on, not_applicable("indicators.reason_no_definition"))
        cells = self._from_own_level(part, definition, on)
        if self._is_whole(cells, on):
            return cells
        return self._from_communes(part, definition, on, cells)

    def _from_own_level(self, part: Period, definition: Definition, on: date) -> Cells:
        if (part, on) not in self._own:
            passage = self._passage(part, on, self.question.level)
            ratio, over = is_ratio(self.indicator, definition), self.indicator.over_units
            rows = self._rows.get(part, {})
            self._own[part, on] = carry(passage, rows, over, is_ratio=ratio, only=self._asked(on))
        return self._own[part, on]

    def _is_whole(self, cells: Cells, on: date) -> bool:
        """Whether communes have nothing to add."""
        is_of_rows = self.question.level is Level.COMMUNE or self.indicator.level != Level.COMMUNE
        return is_of_rows or all(cells[unit].has_value for unit in self._asked(on))

    def _from_communes(self, part: Period, definition: Definition, on: date, cells: Cells) -> Cells:
        """The cells of a higher level, those without a value made from the communes' where that says more."""
        communes = self._communes.get(part)
        if not communes:
            return cells
        made = over_units(
            self.register, self.indicator, definition, communes, part.end_on, on, self.question.level
        )
        return {unit: made.get(unit, cell) if not cell.has_value else cell for unit, cell in cells.items()}

    @cached_property
    def _rows(self) -> Mapping[Period, Cells]:
        parts = {part for period in self.question.periods for part in self._parts(period)}
        return self._told(self.question.level, parts, self._sources)

    @cached_property
    def _sources(self) -> Collection[str] | None:
        """The communes that those asked for are made of on the maps of all parts; None is all of them."""
        if self.question.units is None or self.question.level is not Level.COMMUNE:
            return None
        found: set[str] = set()
        for period in self.question.periods:
            on = self.question.map_of(period)
            for part in self._parts(period):
                found |= self._passage(part, on, Level.COMMUNE).sources(self._asked(on))
        return found

    @cached_property
    def _communes(self) -> Mapping[Period, Cells]:
        """The communes' cells of all parts that lack a figure of their own, read at once.

        Where only rows can make a whole, nothing of a commune is read but that there are any.
        """
        lacking: set[Period] = set()
        for period in self.question.periods:
            on = self.question.map_of(period)
            for part in self._parts(period):
                definition = self.question.definition(part)
                if definition and not self._is_whole(self._from_own_level(part, definition, on), on):
                    lacking.add(part)
        return self._told(Level.COMMUNE, lacking, None if makes_wholes(self.indicator) else ())

    def _told(
        self, level: Level, parts: Collection[Period], units: Collection[str] | None
    ) -> Mapping[Period, Cells]:
        """As stored; a unit without a row in a period that was delivered is missing from it, not late."""
        wanted = {part: d.version for part in parts if (d := self.question.definition(part))}
        whole = Place(self.indicator, wanted, level, "", self.question.as_known_at)
        found = stored(whole, units)
        covered = coverages(whole) if units is not None else coverages_of(found)
        if self.question.breakdown:
            told = stored(replace(whole, breakdown=self.question.breakdown), units)
            found = {
                part: self._nothing_of(part, cells) | told.get(part, {}) for part, cells in found.items()
            }
        return {
            part: self._with_the_absent(part, level, found.get(part, {}), coverage)
            for part, coverage in covered.items()
        }

    def _nothing_of(self, part: Period, wholes: Cells) -> Cells:
        """Of a whole that was counted, a part without rows is zero: only parts that are there are kept."""
        definition = self.question.definition(part)
        measure = definition.numerator if definition else None
        if measure is None or measure.aggregation not in _COUNTED or measure.absent is not Absence.ZERO:
            return {}
        none = Amount.exactly(0.0)
        return {
            unit: replace(
                cell,
                numerator=none,
                denominator=none if cell.denominator.is_known else cell.denominator,
                n_rows=0,
                n_excluded=0,
            )
            for unit, cell in wholes.items()
            if cell.has_value
        }

    def _with_the_absent(self, part: Period, level: Level, cells: Cells, coverage: float) -> Cells:
        absent = replace(MISSING, coverage=coverage)
        own = self.territory.own(part.end_on, level)
        return dict.fromkeys((unit for unit in own if unit not in cells), absent) | cells


def _with_reason(cell: Cell) -> Cell:
    """Of a derived figure the ledger keeps that it is missing; its passport shows which input is."""
    if cell.status is not ObservationStatus.MISSING or not cell.coverage:
        return cell
    return replace(cell, reason=Reason("indicators.reason_inputs_missing"))
