"""Reviewed SQL files, for what measures cannot say: they give numerators and denominators by unit and period."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vamco.indicators.periods import merged
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.tally import Tallies, Tally
from vamco.indicators.territory import Territory
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.warehouse.compiling import datasets_of

OUTPUTS: Final = ("unit", "map_on", "period_start_on", "numerator", "denominator", "n_rows")


@cache
def query_of(path: Path) -> exp.Query:
    """The query of the file; never change it, it is kept. Raises `Misused` when it is none."""
    try:
        tree = sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb")
    except SqlglotError as error:
        raise Misused("indicators.bad_query", file=path.name, reason=str(error).partition("\n")[0]) from None
    if not isinstance(tree, exp.Query) or set(tree.named_selects) != set(OUTPUTS):
        raise Misused("indicators.bad_query", file=path.name, reason=", ".join(OUTPUTS))
    return tree


@cache
def datasets(path: Path) -> tuple[str, ...]:
    """The datasets that the query reads."""
    return datasets_of(query_of(path))


def tallies(
    snapshot: Snapshot, territory: Territory, path: Path, periods: Iterable[Period]
) -> tuple[Tallies, Tallies]:
    """The query's numerators and denominators in those periods; a rate has a denominator in every row."""
    start = exp.column("period_start_on")
    spans = merged((period.start_on, period.end_on) for period in periods)
    within = exp.or_(*(start.between(exp.convert(first), exp.convert(last)) for first, last in spans))
    above: Tallies = {}
    below: Tallies = {}
    for unit, map_on, start_on, numerator, denominator, n_rows in snapshot.rows(
        exp.select(*OUTPUTS).from_(query_of(path).subquery("figures")).where(within)
    ):
        key = _unit_id(territory, unit, map_on)
        _add(above, start_on, key, numerator, n_rows)
        if denominator is not None:
            _add(below, start_on, key, denominator, n_rows)
    return above, below


def _add(tallies: Tallies, start_on: date, unit_id: str | None, value: Any, n_rows: int) -> None:
    """Rows of one unit may come apart by the day of their map."""
    of = tallies.setdefault(start_on, {}).setdefault("", {})
    before = of.get(unit_id, Tally(None, 0, 0))
    total = before.value if value is None else (before.value or 0.0) + float(value)
    of[unit_id] = Tally(total, before.n_rows + n_rows, 0)


def _unit_id(territory: Territory, unit: str | None, map_on: date | None) -> str | None:
    """The key of a unit given by key, or by its code on a day's map; None when there is no such one."""
    if unit is None or "@" in unit or map_on is None:
        return unit
    found = territory.register.find(unit, map_on)
    return found.unit_id if found else None
