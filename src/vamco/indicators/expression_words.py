"""Expressions of declarations in words: columns by their titles, operators and functions as people say them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlglot import exp

from vamco.indicators.wording import number
from vamco.packs.contract import Column, Kind
from vamco.vocabulary.messages import Language, say

_SIDES: Final[Mapping[type[exp.Expr], str]] = {
    exp.Add: "plus",
    exp.Sub: "minus",
    exp.Mul: "times",
    exp.Div: "over",
    exp.EQ: "equals",
    exp.NEQ: "differs",
    exp.GT: "more",
    exp.GTE: "at_least",
    exp.LT: "less",
    exp.LTE: "at_most",
}
_PICKED: Final[Mapping[type[exp.Expr], str]] = {exp.Least: "least", exp.Greatest: "greatest"}
_OF_MOMENTS: Final = {"more": "after", "at_least": "not_before", "less": "before", "at_most": "not_after"}
_MOMENTS: Final = frozenset({Kind.DATE, Kind.TIMESTAMP})


@dataclass(frozen=True, slots=True)
class Words:
    """Says the trees of expressions over these columns; a name that is no column, as a letter, stays."""

    columns: Mapping[str, Column]
    language: Language

    def condition(self, node: exp.Expr) -> str:
        """What must hold of a row."""
        if kind := _SIDES.get(type(node)):
            return self._compared(kind, node)
        said = _SAID_OF_CONDITIONS.get(type(node))
        return said(self, node) if said else self._say("yes", value=self.value(node))

    def value(self, node: exp.Expr) -> str:
        """What is taken of a row, or made of the inputs of a formula."""
        if kind := _SIDES.get(type(node)):
            return self._say(kind, left=self.value(node.this), right=self.value(node.expression))
        if kind := _PICKED.get(type(node)):
            return self._say(kind, values=self._listed((node.this, *node.expressions)))
        said = _SAID_OF_VALUES.get(type(node)) or _SAID_OF_CONDITIONS.get(type(node))
        return said(self, node) if said else node.sql(dialect="duckdb")

    def _say(self, key: str, **details: Any) -> str:
        return say(f"indicators.expression_{key}", self.language, **details)

    def _listed(self, nodes: Sequence[exp.Expr]) -> str:
        return "; ".join(map(self.value, nodes))

    def _joined(self, node: exp.Expr) -> str:
        key = "and" if isinstance(node, exp.And) else "or"
        return self._say(key, left=self.condition(node.this), right=self.condition(node.expression))

    def _paren(self, node: exp.Expr) -> str:
        return f"({self.condition(node.this)})"

    def _not(self, node: exp.Expr) -> str:
        of = node.this
        if isinstance(of, exp.Is):
            return self._say("known", value=self.value(of.this))
        if isinstance(of, exp.Column):
            return self._say("no", value=self.value(of))
        return self._say("not", condition=self.condition(of.unnest()))

    def _is_null(self, node: exp.Expr) -> str:
        return self._say("unknown", value=self.value(node.this))

    def _in(self, node: exp.Expr) -> str:
        said = self.value(node.expressions[0])
        for other in node.expressions[1:]:
            said = self._say("or", left=said, right=self.value(other))
        return self._say("is", left=self.value(node.this), right=said)

    def _between(self, node: exp.Expr) -> str:
        low, high = self.value(node.args["low"]), self.value(node.args["high"])
        return self._say("between", value=self.value(node.this), low=low, high=high)

    def _compared(self, kind: str, node: exp.Expr) -> str:
        left, right = node.this, node.expression
        if self._is_moment(left) or self._is_moment(right):
            kind = _OF_MOMENTS.get(kind, kind)
        elif kind == "equals" and right.is_string:
            kind = "is"
        return self._say(kind, left=self.value(left), right=self.value(right))

    def _is_moment(self, node: exp.Expr) -> bool:
        if isinstance(node, exp.DateDiff):
            return False
        found = [self.columns.get(column.name) for column in node.find_all(exp.Column)]
        return any(column is not None and column.kind in _MOMENTS for column in found)

    def _column(self, node: exp.Expr) -> str:
        column = self.columns.get(node.name)
        return f"“{column.title.in_(self.language)}”" if column else node.name

    def _literal(self, node: exp.Expr) -> str:
        if node.is_string:
            return f"“{node.this}”"
        value = Decimal(node.this).normalize()
        return number(value, max(0, -int(value.as_tuple().exponent)), self.language)

    def _grouped(self, node: exp.Expr) -> str:
        return f"({self.value(node.this)})"

    def _else(self, node: exp.Expr) -> str:
        return self._say("else", value=self.value(node.this), other=self._listed(node.expressions))

    def _day_of(self, node: exp.Expr) -> str:
        return self._say("day_of", value=self.value(node.this))

    def _span(self, node: exp.Expr) -> str:
        unit = self._say(f"unit_{node.args['unit'].name.lower()}")
        return self._say("span", unit=unit, start=self.value(node.expression), end=self.value(node.this))

    def _case(self, node: exp.Expr) -> str:
        cases = [self._when(node.this, one) for one in node.args["ifs"]]
        return self._say("case", cases="; ".join(cases), default=self.value(node.args["default"]))

    def _when(self, of: exp.Expr | None, one: exp.Expr) -> str:
        compared = self._say("is", left=self.value(of), right=self.value(one.this)) if of else ""
        condition = compared or self.condition(one.this)
        return self._say("when", value=self.value(one.args["true"]), condition=condition)

    def _call(self, node: exp.Expr) -> str:
        letter, *n = node.expressions
        return self._say(f"call_{node.name.lower()}", of=self.value(letter), n=self._listed(n))


Said = Callable[[Words, exp.Expr], str]
_SAID_OF_CONDITIONS: Final[Mapping[type[exp.Expr], Said]] = {
    exp.And: Words._joined,
    exp.Or: Words._joined,
    exp.Paren: Words._paren,
    exp.Not: Words._not,
    exp.Is: Words._is_null,
    exp.In: Words._in,
    exp.Between: Words._between,
}
_SAID_OF_VALUES: Final[Mapping[type[exp.Expr], Said]] = {
    exp.Column: Words._column,
    exp.Literal: Words._literal,
    exp.Paren: Words._grouped,
    exp.Coalesce: Words._else,
    exp.Cast: Words._day_of,
    exp.DateDiff: Words._span,
    exp.Case: Words._case,
    exp.Anonymous: Words._call,
}


def condition_counted(node: exp.Expr) -> exp.Expr | None:
    """The condition of `CASE WHEN … THEN 1 ELSE 0 END`, whose sum is a number of rows; else None."""
    if not isinstance(node, exp.Case) or node.this is not None or len(node.args["ifs"]) != 1:
        return None
    (only,) = node.args["ifs"]
    default = node.args.get("default")
    is_count = only.args["true"].sql() == "1" and default is not None and default.sql() == "0"
    condition: exp.Expr = only.this
    return condition if is_count else None
