"""The delivered rows behind a figure: how many came with which delivery, the query, and the rows themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlglot import exp

from vamco.geography.register import Register
from vamco.geography.unit import Level
from vamco.indicators.compiling import query
from vamco.indicators.expressions import expression
from vamco.indicators.figure import Figure
from vamco.indicators.periods import period_of
from vamco.indicators.scanning import Ask
from vamco.indicators.selecting import PERIOD, UNIT, Origin, Selection, column
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import Territory, territory_now
from vamco.packs.indicator import Aggregation, Definition, Indicator, Measure
from vamco.vocabulary.period import Period
from vamco.warehouse.schema import ORIGIN
from vamco.warehouse.view import View

_OUR_OWN = (PERIOD, UNIT, "entry_start_on")


@dataclass(frozen=True)
class Evidence:
    """The rows of one dataset that a figure rests on, as known at the snapshot.

    Of a stock they are the rows of all the years that may serve.
    """

    measure: Measure
    snapshot: Snapshot
    selection: Selection
    unit_ids: tuple[str, ...] | None  # None: every row speaks of the whole province
    breakdown: str

    @property
    def sql(self) -> str:
        """The aggregation as one reads it: in the language of DuckDB, over datasets by name."""
        return query(self._bare(), [self.measure]).sql(dialect="duckdb", pretty=True)

    def deliveries(self) -> list[tuple[int, int]]:
        """(delivery_id, rows that count), in order of arrival."""
        counted = exp.select(column("delivery_id"), exp.alias_(exp.Count(this=exp.Star()), "n_rows"))
        found = self._counting(counted).group_by(column("delivery_id")).order_by(column("delivery_id"))
        return [(key, n_rows) for key, n_rows in self.snapshot.rows(found)]

    def rows(self, limit: int, offset: int = 0) -> list[dict[str, Any]]:
        """The rows as delivered, each with `delivery_id` and `row_no`; the caller decides who may see them."""
        order = [column(name) for name in ("delivery_id", "delivery_part", "row_no")]
        page = self._counting(exp.select("*")).order_by(*order).limit(limit).offset(offset)
        return [_without_ours(row) for row in self.snapshot.table(page).to_pylist()]

    def _counting(self, select: exp.Select) -> exp.Select:
        """The rows that the measure counts in those units, that period and that part."""
        found = select.from_(self.selection.rows().subquery("rows"))
        for condition in self._conditions():
            found = found.where(condition)
        return found

    def _conditions(self) -> Iterator[exp.Expr]:
        if self.unit_ids is not None:
            yield exp.column(UNIT).isin(*map(exp.convert, self.unit_ids))
        if self.measure.where:
            yield self._parsed(self.measure.where)
        if self.measure.column:
            yield self._parsed(self.measure.column).is_(exp.null()).not_()
        if self.breakdown:
            name, _, value = self.breakdown.partition("=")
            text = exp.func("COALESCE", exp.cast(column(name), "VARCHAR"), exp.convert(""))
            yield text.eq(exp.convert(value))

    def _parsed(self, text: str) -> exp.Expr:
        return expression(text, self.measure.dataset, self.selection.names).copy()

    def _bare(self) -> Selection:
        """The selection as it was computed: without the columns that say where a row came from."""
        own = tuple(c for c in self.selection.schema.columns if c not in ORIGIN)
        return replace(self.selection, schema=replace(self.selection.schema, columns=own))


def evidence(
    indicator: Indicator, definition: Definition, figure: Figure, snapshot: Snapshot
) -> list[Evidence]:
    """What numerator and denominator rest on, in that order; none of a formula, a query or an unknown dataset."""
    found = (
        _of(indicator, measure, figure, snapshot, place) for place, measure in enumerate(definition.measures)
    )
    return [one for one in found if one is not None]


def _of(
    indicator: Indicator, measure: Measure, figure: Figure, snapshot: Snapshot, place: int
) -> Evidence | None:
    view = snapshot.view(measure.dataset)
    if view is None:
        return None
    periods = _periods(indicator, measure, figure.period)
    way = Ask(measure, indicator.period_type).way
    schema = replace(view.schema, columns=view.schema.stored)
    selection = Selection(way, schema, periods, _origins(view, indicator, periods))
    is_split = place == 0 or measure.dataset == indicator.definitions[0].measures[0].dataset
    units = None if measure.unit is None else kindred(territory_now(), figure.unit_id, figure.map_on)
    return Evidence(measure, snapshot, selection, units, figure.breakdown if is_split else "")


def _periods(indicator: Indicator, measure: Measure, period: Period) -> Sequence[Period]:
    if measure.aggregation is Aggregation.LAST:
        first = date(period.end_on.year - measure.at_most_years_old, 1, 1)
        return [Period.between(first, period.end_on)]
    return [period] if period.type is indicator.period_type else period.split(indicator.period_type)


def _origins(view: View, indicator: Indicator, periods: Sequence[Period]) -> list[Origin]:
    starts = {period.start_on for period in periods}
    found: list[Origin] = []
    for entry in view.entries:
        period = period_of(entry, indicator.period_type)
        start_on = period.start_on if period and period.start_on in starts else None
        found.append((*entry.key, entry.seq, start_on))
    return found


def kindred(territory: Territory, unit_id: str, on: date) -> tuple[str, ...]:
    """Every unit of any time whose rows may count in the unit: itself, those it came from and what it became.

    Of a province, also all that ever lay in it.
    """
    register = territory.register
    if register.get(unit_id).level is not Level.PROVINCE:
        return tuple(sorted(_line(register, unit_id)))
    return tuple(unit.unit_id for unit in register.units if territory.home(unit.unit_id, on) == unit_id)


def _line(register: Register, unit_id: str) -> set[str]:
    found = {unit_id}
    waiting = [unit_id]
    while waiting:
        earlier = {edge.old_unit_id for edge in register.predecessors(waiting.pop())} - found
        found |= earlier
        waiting += earlier
    return found | {edge.new_unit_id for edge in register.successors(unit_id)}


def _without_ours(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OUR_OWN}
