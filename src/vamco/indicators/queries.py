"""Reviewed SQL files, for what measures cannot say: they give numerators and denominators by unit and period."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vamco.indicators.periods import merged
from vamco.indicators.scanning import Tallies, Tally
from vamco.indicators.snapshot import Snapshot
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
        above.setdefault(start_on, {}).setdefault("", {})[key] = Tally(_float(numerator), n_rows, 0)
        if denominator is not None:
            below.setdefault(start_on, {}).setdefault("", {})[key] = Tally(_float(denominator), n_rows, 0)
    return above, below


def _unit_id(territory: Territory, unit: str | None, map_on: date | None) -> str | None:
    """The key of a unit given by key, or by its code on a day's map."""
    if unit is None or "@" in unit or map_on is None:
        return unit
    return territory.register.unit(unit, map_on).unit_id


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)
