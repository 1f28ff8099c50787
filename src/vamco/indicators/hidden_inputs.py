"""Formulas that would tell a hidden figure that they are worked out from."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from vamco.indicators.declared import indicator_of
from vamco.indicators.figure import Figure
from vamco.indicators.formula import evaluable
from vamco.indicators.hidden import hidden_vintages, memory
from vamco.indicators.question import Question
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Definition, Indicator
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

Read = Callable[[Question], list[Figure]]


def hidden_by_inputs(question: Question, read: Read) -> set[tuple[str, Period]]:
    """Unit and period of each figure of the question that has an input which `read` gives hidden."""
    wanted: defaultdict[tuple[str, date], defaultdict[Period, set[Period]]]
    wanted = defaultdict(lambda: defaultdict(set))
    for period, name, needed in _reached(question):
        on = question.map_on or territory_now().map_of(question.map_of(period))
        wanted[name, on][needed].add(period)
    return {
        (unit_id, period)
        for (name, on), needs in wanted.items()
        for unit_id, needed in _hidden(_about(question, indicator_of(name), on, tuple(sorted(needs))), read)
        for period in needs[needed]
    }


def _hidden(question: Question, read: Read) -> frozenset[tuple[str, Period]]:
    one, known = question.indicator, memory(question)
    asked = (question.level, question.units, question.map_on, question.periods)
    key = ("inputs", one.id, one.minimum_count, *asked)
    if key not in known:
        known[key] = frozenset(hidden_by_inputs(question, read) | _hidden_of_rows(question, read))
    return known[key]


def _hidden_of_rows(question: Question, read: Read) -> set[tuple[str, Period]]:
    """Nothing is read where nothing is hidden, as in most provinces."""
    if not hidden_vintages(question):
        return set()
    told = (figure for figure in read(question) if figure.status is ObservationStatus.SUPPRESSED)
    return {(figure.unit_id, figure.period) for figure in told}


def _reached(question: Question) -> Iterator[tuple[Period, str, Period]]:
    """Period, and each discreet indicator with its period that the formula reaches from there."""
    names = {d.version: _discreet_inputs(d) for d in question.indicator.definitions if d.formula}
    if not any(names.values()):
        return
    for period in question.periods:
        definition = question.definition(period)
        if definition is None or definition.formula is None or not names[definition.version]:
            continue
        for letter, needed in evaluable(definition.formula).reach(period):
            if letter in names[definition.version]:
                yield period, names[definition.version][letter], needed


def _discreet_inputs(definition: Definition) -> dict[str, str]:
    inputs = definition.formula.inputs if definition.formula else {}
    return {letter: name for letter, name in inputs.items() if _is_discreet(indicator_of(name))}


def _is_discreet(indicator: Indicator) -> bool:
    """Whether it, or what it is worked out from, hides small counts."""
    if indicator.minimum_count:
        return True
    inputs = {name for d in indicator.definitions if d.formula for name in d.formula.inputs.values()}
    return any(_is_discreet(indicator_of(name)) for name in inputs)


def _about(question: Question, indicator: Indicator, on: date, periods: tuple[Period, ...]) -> Question:
    asked = replace(question.about(indicator), periods=periods, map_on=on)
    if question.map_on or question.units is None:
        return asked
    register = territory_now().register
    return replace(asked, units=tuple(code for code in question.units if register.find(code, on)))
