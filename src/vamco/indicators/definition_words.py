"""How an indicator is made, in words: no name of a column and nothing of the query language."""

from collections.abc import Sequence
from functools import reduce
from typing import Final

import sqlglot
from sqlglot import exp

from vamco.indicators.declared import packs
from vamco.indicators.expression_words import Words, condition_counted
from vamco.indicators.wording import number
from vamco.packs.contract import Column
from vamco.packs.indicator import Aggregation, Definition, Formula, Measure
from vamco.vocabulary.errors import NotFound
from vamco.vocabulary.messages import Language, say

_COUNTED: Final = {Aggregation.SUM: Aggregation.COUNT.value, Aggregation.LAST: "count_last"}
"""What the sum of ones and noughts is called."""
_HALF: Final = 50  # per cent


def formula_in_words(definition: Definition, language: Language) -> str:
    """How the value is made: measures, or other indicators by their names."""
    if definition.formula:
        return _with_names(definition.formula, language)
    if definition.query or definition.numerator is None:
        return say("indicators.words_query", language)
    above = measure_in_words(definition.numerator, language)
    if definition.denominator is None:
        return above
    below = measure_in_words(definition.denominator, language)
    if definition.per == 1:
        return say("indicators.words_ratio", language, above=above, below=below)
    per = number(definition.per, 0, language)
    return say("indicators.words_rate", language, above=above, below=below, per=per)


def measure_in_words(measure: Measure, language: Language) -> str:
    """What is counted, of which dataset, and under which condition."""
    words = Words(_columns(measure.dataset), language)
    column = _parsed(measure.column) if measure.column else None
    counted = condition_counted(column) if column and measure.aggregation in _COUNTED else None
    said = say(
        f"indicators.words_{_aggregation(measure, is_count=counted is not None)}",
        language,
        dataset=_title(measure.dataset, language),
        column=words.value(_whole(column)) if column else "",
        percentile=measure.percentile or "",
    )
    where = _parsed(measure.where) if measure.where else None
    conditions = [words.condition(each) for each in (where, counted) if each]
    if not conditions:
        return said
    return say("indicators.words_where", language, said=said, where=_all(conditions, language))


def _aggregation(measure: Measure, *, is_count: bool) -> str:
    if is_count:
        return _COUNTED[measure.aggregation]
    return "median" if measure.percentile == _HALF else measure.aggregation


def _whole(column: exp.Expr) -> exp.Expr:
    """In brackets where more than one thing is taken together."""
    return exp.paren(column) if isinstance(column, exp.Add | exp.Sub | exp.Mul | exp.Div) else column


def _all(conditions: Sequence[str], language: Language) -> str:
    return reduce(
        lambda left, right: say("indicators.expression_and", language, left=left, right=right), conditions
    )


def _parsed(text: str) -> exp.Expr:
    tree: exp.Expr = sqlglot.parse_one(text, dialect="duckdb")
    return tree


def _columns(dataset: str) -> dict[str, Column]:
    try:
        return {column.name: column for column in packs().contract(dataset).columns}
    except NotFound:
        return {}


def _title(dataset: str, language: Language) -> str:
    try:
        return packs().contract(dataset).title.in_(language)
    except NotFound:
        return dataset


def _with_names(formula: Formula, language: Language) -> str:
    names = {i.id: i.title.in_(language) for i in packs().indicators}
    listed = [f"{letter} = {names.get(name, name)}" for letter, name in sorted(formula.inputs.items())]
    expression = Words({}, language).value(_parsed(formula.expression))
    return say("indicators.words_formula", language, expression=expression, inputs=listed)
