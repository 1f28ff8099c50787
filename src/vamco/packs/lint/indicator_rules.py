"""Rules on indicators: that what they read is there, and that they add up as they say."""

from collections.abc import Iterator
from typing import Final

from vamco.packs.contract import Contract
from vamco.packs.document import Way
from vamco.packs.indicator import QUERY_KEYS, Additivity, Aggregation, Definition, Indicator, Measure
from vamco.packs.lint.expression import formula_objections, measure_objections, outputs
from vamco.packs.lint.rulebook import Breach, PackInFiles, indicator_rule

_FITTING: Final = {
    Aggregation.COUNT: {Additivity.ADDITIVE},
    Aggregation.SUM: {Additivity.ADDITIVE, Additivity.LAST},
    Aggregation.LAST: {Additivity.ADDITIVE, Additivity.LAST},
    Aggregation.MAXIMUM: {Additivity.MAXIMUM},
    Aggregation.MINIMUM: {Additivity.MINIMUM},
    Aggregation.DISTINCT: {Additivity.NONE},
    Aggregation.PERCENTILE: {Additivity.NONE},
    Aggregation.AVERAGE: {Additivity.RATIO},
}


@indicator_rule
def datasets_are_known(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:
    """An indicator reads datasets for which there is a contract."""
    known = {contract.id for contract in pack.beside.contracts}
    for way, measure in _measures(indicator):
        if measure.dataset not in known:
            yield (*way, "dataset"), {"name": measure.dataset}


@indicator_rule
def columns_are_in_the_contract(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:
    """A measure names only columns of its dataset, in expressions of one row."""
    for way, measure, contract in _placed(indicator, pack):
        columns = [column.name for column in contract.columns]
        for part, expression in (("column", measure.column), ("where", measure.where)):
            for objection in measure_objections(expression, columns):
                yield (*way, part), {"name": objection, "dataset": contract.id}
        for part, names in (
            ("time", [measure.time]),
            ("unit", [measure.unit]),
            ("latest_by", measure.latest_by),
        ):
            for name in names:
                if name is not None and name not in columns:
                    yield (*way, part), {"name": name, "dataset": contract.id}


@indicator_rule
def breakdowns_are_columns(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:
    """A breakdown is a column of the numerator's dataset."""
    for way, _, contract in _placed(indicator, pack):
        for place, breakdown in enumerate(indicator.breakdowns):
            if way[-1] == "numerator" and not contract.has(breakdown.column):
                yield ("breakdowns", place, "column"), {"name": breakdown.column, "dataset": contract.id}


@indicator_rule
def units_are_of_the_level(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:
    """The unit column of a measure refers to units of the indicator's level; only a province may have none."""
    for way, measure, contract in _placed(indicator, pack):
        if measure.unit is None:
            if indicator.level != "province":
                yield way, {"name": measure.dataset, "level": indicator.level}
        elif contract.has(measure.unit):
            reference = contract.column(measure.unit).unit
            if reference is None or reference.level not in {indicator.level, "commune"}:
                yield (*way, "unit"), {"name": measure.unit, "level": indicator.level}


@indicator_rule
def additivity_fits(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:  # noqa: ARG001  a rule's shape
    """How an indicator says that it adds up is how its measures do."""
    for definition in indicator.definitions:
        for name, stated in (("over_units", indicator.over_units), ("over_time", indicator.over_time)):
            if stated not in _wanted(definition):
                yield (name,), {"name": stated.value, "names": sorted(_wanted(definition))}


@indicator_rule
def formula_can_be_read(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:
    """A formula uses known functions over its declared inputs, which are indicators of the same level."""
    known = {other.id: other for other in pack.beside.indicators}
    for way, formula in ((w, d.formula) for w, d in _definitions(indicator) if d.formula):
        for objection in formula_objections(formula):
            yield (*way, "formula", "expression"), {"name": objection}
        for letter, name in formula.inputs.items():
            if name not in known or known[name].level != indicator.level:
                yield (*way, "formula", "inputs", letter), {"name": name}


@indicator_rule
def versions_do_not_overlap(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:  # noqa: ARG001
    """Definitions are numbered upwards, and one ends before the next begins."""
    pairs = zip(indicator.definitions, indicator.definitions[1:], strict=False)
    for place, (one, other) in enumerate(pairs, start=1):
        if other.version <= one.version or not one.valid_to_on or one.valid_to_on >= other.valid_from_on:
            yield ("definitions", place), {"name": str(other.version)}


@indicator_rule
def bounds_are_indicators(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:
    """A band that is bounded by an indicator names one that there is."""
    known = {other.id for other in pack.beside.indicators}
    for place, band in enumerate(indicator.bands):
        if isinstance(band.bound, str) and band.bound not in known:
            yield ("bands", place, "when"), {"name": band.bound}


@indicator_rule
def queries_are_there(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:  # noqa: ARG001
    """A definition by query names an SQL file beside it."""
    for way, definition in _definitions(indicator):
        if definition.query and not definition.query.file.is_file():
            yield (*way, "query", "file"), {"name": definition.query.file.name}


@indicator_rule
def queries_give_what_is_named(indicator: Indicator, pack: PackInFiles) -> Iterator[Breach]:  # noqa: ARG001
    """A query file gives the columns that the definition names, and those that place its rows."""
    for way, query in ((way, definition.query) for way, definition in _definitions(indicator)):
        if query and query.file.is_file():
            given = outputs(query.text)
            if lacking := [name for name in (*QUERY_KEYS, *query.columns) if name not in given]:
                yield (*way, "query"), {"name": query.file.name, "columns": lacking}


def _wanted(definition: Definition) -> set[Additivity]:
    if definition.query:
        return set(Additivity)
    if definition.numerator is None or definition.denominator is not None:
        return {Additivity.RATIO, Additivity.NONE}
    return _FITTING[definition.numerator.aggregation]


def _definitions(indicator: Indicator) -> Iterator[tuple[Way, Definition]]:
    for place, definition in enumerate(indicator.definitions):
        yield ("definitions", place), definition


def _measures(indicator: Indicator) -> Iterator[tuple[Way, Measure]]:
    for way, definition in _definitions(indicator):
        for name, measure in (("numerator", definition.numerator), ("denominator", definition.denominator)):
            if measure is not None:
                yield (*way, name), measure


def _placed(indicator: Indicator, pack: PackInFiles) -> Iterator[tuple[Way, Measure, Contract]]:
    contracts = {contract.id: contract for contract in pack.beside.contracts}
    for way, measure in _measures(indicator):
        if measure.dataset in contracts:
            yield way, measure, contracts[measure.dataset]
