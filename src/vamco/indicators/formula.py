"""Formulas over other indicators: parsed once, then evaluated for a unit from its inputs' series.

Null stays null through every operation but `COALESCE` and the conditions of `CASE`: what is not
known is not zero. `LEAST` and `GREATEST` of an unknown are unknown too.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import fmean, stdev
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vamco.packs.indicator import Formula
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

Number = float | None
Lookup = Callable[[str, Period], Number]
"""The value of a letter's indicator in a period."""

_BINARY: Final[Mapping[type[exp.Expr], Callable[[float, float], float]]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: operator.truediv,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
}
_PICKED: Final[Mapping[type[exp.Expr], Callable[[Sequence[float]], float]]] = {
    exp.Least: min,
    exp.Greatest: max,
}
_PLAIN: Final = (exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or, exp.Is, exp.Case, exp.If, exp.Coalesce)
_LEAVES: Final = (exp.Identifier, exp.Null)


@dataclass(frozen=True, slots=True)
class Window:
    """Which periods of a letter's series a function takes, and what it makes of them."""

    periods: Callable[[Period, int], Sequence[Period | None]]
    made: Callable[[Sequence[float]], float]
    least: int = 1  # as few periods as it makes sense for


@lru_cache(maxsize=4096)
def _same_months(period: Period, n_years: int) -> Sequence[Period | None]:
    """The same period of each of the years before; None where a year has none."""
    found: list[Period | None] = []
    earlier: Period | None = period
    for _ in range(n_years):
        earlier = earlier.same_period_last_year() if earlier else None
        found.append(earlier)
    return found


@lru_cache(maxsize=4096)
def _back(period: Period, n_periods: int) -> Sequence[Period | None]:
    for _ in range(n_periods):
        period = period.previous()
    return [period]


@lru_cache(maxsize=4096)
def _last(period: Period, n_periods: int) -> Sequence[Period | None]:
    found: list[Period | None] = [period]
    while len(found) < n_periods:
        period = period.previous()
        found.append(period)
    return found


def since_new_year(period: Period) -> Period:
    """The days from the year's first to the period's last (lũy kế); of weeks, the ISO year's."""
    if period.type is PeriodType.WEEK:
        return Period.between(date.fromisocalendar(period.start_on.isocalendar().year, 1, 1), period.end_on)
    return Period.between(date(period.start_on.year, 1, 1), period.end_on)


_WINDOWS: Final[Mapping[str, Window]] = {
    "SAME_MONTH_MEAN": Window(_same_months, fmean),
    "SAME_MONTH_SD": Window(_same_months, stdev, least=2),
    "PREVIOUS": Window(_back, lambda numbers: numbers[0]),
    "MOVING_SUM": Window(_last, sum),
    "MOVING_MEAN": Window(_last, fmean),
    "CUMULATIVE": Window(lambda period, _: [since_new_year(period)], lambda numbers: numbers[0]),
}
_WITHOUT_NUMBER: Final = "CUMULATIVE"


@dataclass(frozen=True)
class Evaluable:
    """A formula ready to be evaluated."""

    tree: exp.Expr
    inputs: Mapping[str, str]

    def reach(self, period: Period) -> set[tuple[str, Period]]:
        """Every letter and period that the value of this period may need."""
        return {(letter, needed) for letter, needed in self._needed(period) if needed is not None}

    def value(self, period: Period, lookup: Lookup) -> Number:
        """The value, null where what it needs is null. Raises `ZeroDivisionError`."""
        return _Evaluation(period, lookup).number(self.tree)

    def _needed(self, period: Period) -> Iterator[tuple[str, Period | None]]:
        for part in self.tree.walk(prune=lambda node: isinstance(node, exp.Anonymous)):
            if isinstance(part, exp.Anonymous):
                letter, window, n = _call(part)
                yield from ((letter, needed) for needed in window.periods(period, n))
            elif isinstance(part, exp.Column):
                yield part.name, period


@lru_cache(maxsize=1024)
def _parsed(expression: str, letters: frozenset[str]) -> exp.Expr:
    try:
        select = sqlglot.parse_one(f"SELECT {expression}", dialect="duckdb")
    except SqlglotError:
        raise _bad(expression, expression) from None
    if [name for name, value in select.args.items() if value] != ["expressions"]:
        raise _bad(expression, expression)
    tree: exp.Expr
    tree, *more = select.expressions
    if more:
        raise _bad(expression, more[0].sql())
    for part in tree.walk():
        if not _is_allowed(part, letters):
            raise _bad(expression, part.sql())
    return tree


def evaluable(formula: Formula) -> Evaluable:
    """The formula, parsed once. Raises `Misused` naming the part that is not understood."""
    return Evaluable(_parsed(formula.expression, frozenset(formula.inputs)), formula.inputs)


def _is_allowed(part: exp.Expr, letters: frozenset[str]) -> bool:
    if isinstance(part, exp.Anonymous):
        return _is_call(part, letters)
    if isinstance(part, exp.Column):
        return part.name in letters and not part.table
    if isinstance(part, exp.Literal):
        return not part.is_string
    return isinstance(part, (*_BINARY, *_PICKED, *_PLAIN, *_LEAVES))


def _is_call(part: exp.Anonymous, letters: frozenset[str]) -> bool:
    name, arguments = part.name.upper(), part.expressions
    if name not in _WINDOWS or not arguments or arguments[0].name not in letters:
        return False
    if name == _WITHOUT_NUMBER:
        return len(arguments) == 1
    return len(arguments) == 2 and arguments[1].is_int and int(arguments[1].name) >= _WINDOWS[name].least


def _call(part: exp.Anonymous) -> tuple[str, Window, int]:
    letter, *number = part.expressions
    return letter.name, _WINDOWS[part.name.upper()], int(number[0].name) if number else 0


def _bad(expression: str, part: str) -> Misused:
    return Misused("indicators.bad_formula", expression=expression, part=part)


class _Evaluation:
    """One walk down the tree for one period."""

    def __init__(self, period: Period, lookup: Lookup) -> None:
        self.period, self.lookup = period, lookup

    def number(self, node: exp.Expr) -> Number:
        if isinstance(node, exp.Anonymous):
            return self._windowed(node)
        if isinstance(node, exp.Column):
            return self.lookup(node.name, self.period)
        if isinstance(node, exp.Literal):
            return float(node.name)
        if isinstance(node, exp.Paren):
            return self.number(node.this)
        if isinstance(node, exp.Neg):
            return self._all([node.this], lambda numbers: -numbers[0])
        return self._compound(node)

    def _compound(self, node: exp.Expr) -> Number:
        if type(node) in _BINARY:
            made = _BINARY[type(node)]
            return self._all([node.this, node.expression], lambda numbers: made(*numbers))
        if type(node) in _PICKED:
            return self._all([node.this, *node.expressions], _PICKED[type(node)])
        if isinstance(node, exp.Coalesce):
            known = (self.number(each) for each in (node.this, *node.expressions))
            return next((number for number in known if number is not None), None)
        if isinstance(node, exp.Case | exp.If):
            return self._chosen(node)
        return self._logical(node)

    def _all(self, nodes: Sequence[exp.Expr], made: Callable[[Sequence[float]], float]) -> Number:
        numbers = [self.number(node) for node in nodes]
        known = [number for number in numbers if number is not None]
        return made(known) if len(known) == len(numbers) else None

    def _windowed(self, node: exp.Anonymous) -> Number:
        letter, window, n = _call(node)
        periods = window.periods(self.period, n)
        numbers = [self.lookup(letter, period) if period else None for period in periods]
        known = [number for number in numbers if number is not None]
        return window.made(known) if len(known) == len(numbers) else None

    def _chosen(self, node: exp.Case | exp.If) -> Number:
        branches = node.args["ifs"] if isinstance(node, exp.Case) else [node]
        for branch in branches:
            if self.number(branch.this):
                return self.number(branch.args["true"])
        otherwise = node.args.get("default") or node.args.get("false")
        return self.number(otherwise) if otherwise else None

    def _logical(self, node: exp.Expr) -> Number:
        """After SQL: an unknown decides nothing that the other side does not."""
        if isinstance(node, exp.Is):
            return float(self.number(node.this) is None)
        if isinstance(node, exp.Not):
            return self._all([node.this], lambda numbers: float(not numbers[0]))
        if isinstance(node, exp.Null):
            return None
        sides = [self.number(node.this), self.number(node.expression)]
        decisive = isinstance(node, exp.Or)
        if any(side is not None and bool(side) is decisive for side in sides):
            return float(decisive)
        return None if None in sides else float(not decisive)
