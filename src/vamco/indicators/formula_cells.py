"""A formula evaluated for every unit of one map, from inputs that stand on that same map."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from vamco.indicators.cell import WITH_VALUE, Amount, Cell, worst
from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure, Reason
from vamco.indicators.formula import Evaluable, evaluable
from vamco.indicators.question import Question
from vamco.indicators.stored import Cells
from vamco.packs.indicator import Definition
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

Read = Callable[[Question], list[Figure]]
Inputs = Mapping[tuple[str, Period], Figure]  # of one unit, by letter and period


def formula_cells(question: Question, definition: Definition, read: Read) -> dict[Period, Cells]:
    """The formula's cell of every unit and period asked for, all on the question's one map."""
    if definition.formula is None:
        return {}
    formula = evaluable(definition.formula)
    by_unit = _inputs(question, formula, read)
    return {
        period: {unit_id: _cell(formula, definition, period, inputs) for unit_id, inputs in by_unit.items()}
        for period in question.periods
    }


def _inputs(question: Question, formula: Evaluable, read: Read) -> Mapping[str, Inputs]:
    """What the formula reaches, by unit: carried to the map of the question, whatever its own period's map."""
    found: defaultdict[str, dict[tuple[str, Period], Figure]] = defaultdict(dict)
    reached = {pair for period in question.periods for pair in formula.reach(period)}
    for letter in sorted({letter for letter, _ in reached}):
        periods = tuple(sorted(needed for name, needed in reached if name == letter))
        asked = replace(question.about(indicator_of(formula.inputs[letter])), periods=periods)
        for figure in read(asked):
            found[figure.unit_id][letter, figure.period] = figure
    return found


def _cell(formula: Evaluable, definition: Definition, period: Period, inputs: Inputs) -> Cell:
    used: list[Figure] = []

    def lookup(letter: str, needed: Period) -> float | None:
        figure = inputs[letter, needed]
        used.append(figure)
        return figure.value

    try:
        value = formula.value(period, lookup)
    except ZeroDivisionError:
        reason = Reason("indicators.reason_divides_by_nothing")
        return Cell(ObservationStatus.NOT_APPLICABLE, reason=reason, **_rests_on(definition, used))
    rests_on = _rests_on(definition, used)
    if value is None:
        return _without_value(used, rests_on)
    amount = Amount.exactly(float(value))
    return Cell(_status(used), amount, **rests_on)


def _status(used: Sequence[Figure]) -> ObservationStatus:
    return worst(figure.status for figure in used if figure.status in WITH_VALUE)


def _without_value(used: Sequence[Figure], rests_on: dict[str, Any]) -> Cell:
    """Missing where an input is; not applicable where all that lack are."""
    lacking = [figure for figure in used if figure.value is None]
    rests_on["coverage"] = max((figure.coverage for figure in used), default=0.0)
    if lacking and all(f.status is ObservationStatus.NOT_APPLICABLE for f in lacking):
        return Cell(ObservationStatus.NOT_APPLICABLE, reason=lacking[0].reason, **rests_on)
    named = dict.fromkeys((f.indicator, str(f.period)) for f in lacking)
    reason = Reason("indicators.reason_input_missing", {"inputs": [" ".join(pair) for pair in named]})
    return Cell(ObservationStatus.MISSING, reason=reason, **rests_on)


def _rests_on(definition: Definition, used: Sequence[Figure]) -> dict[str, Any]:
    known = [figure for figure in used if figure.value is not None]
    latest = max(
        (f for f in used if f.known_since_at), key=lambda f: f.known_since_at or f.period, default=None
    )
    return {
        "version": definition.version,
        "n_rows": sum(figure.n_rows for figure in used),
        "n_excluded": sum(figure.n_excluded for figure in used),
        "coverage": min((figure.coverage for figure in known), default=0.0),
        "estimated_share": _estimated_share(known),
        "bases": tuple(sorted({basis for figure in used for basis in figure.bases})),
        "known_since_at": latest.known_since_at if latest else None,
        "why": latest.why if latest else None,
        "vintages": tuple(sorted({key for figure in used for key in figure.vintages})),
        "missing_units": _distinct(unit for figure in used for unit in figure.missing_units),
        "missing_periods": tuple(
            sorted(
                {figure.period for figure in used if figure.value is None}
                | {part for figure in used for part in figure.missing_periods}
            )
        ),
    }


def _estimated_share(known: Iterable[Figure]) -> float:
    """The most that any input rests on weights; of one input's series, by the size of its figures."""
    shares: list[float] = [0.0]
    figures = list(known)
    for name in {figure.indicator for figure in figures}:
        own = [figure for figure in figures if figure.indicator == name]
        total = sum(abs(figure.value or 0) for figure in own)
        weighed = sum(abs(figure.value or 0) * figure.estimated_share for figure in own)
        shares.append(weighed / total if total else max(figure.estimated_share for figure in own))
    return max(shares)


def _distinct(units: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(units))
