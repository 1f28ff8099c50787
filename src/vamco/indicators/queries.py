"""Reviewed SQL files, for what measures cannot say: they give numbers by unit and period."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vamco.indicators.periods import merged
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.tally import Tallies, Tally
from vamco.indicators.territory import Territory
from vamco.packs.indicator import QUERY_KEYS, Query
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period
from vamco.warehouse.compiling import datasets_of

Output = tuple[Path, str]
"""A query file, and one of its columns of numbers."""


@cache
def query_of(path: Path) -> exp.Query:
    """The query of the file; never change it, it is kept. Raises `Misused` when it is none."""
    try:
        tree = sqlglot.parse_one(path.read_text("utf-8"), dialect="duckdb")
    except SqlglotError as error:
        raise Misused("indicators.bad_query", file=path.name, reason=str(error).partition("\n")[0]) from None
    if not isinstance(tree, exp.Query):
        raise Misused("indicators.bad_query", file=path.name, reason=tree.key)
    return tree


@cache
def datasets(path: Path) -> tuple[str, ...]:
    """The datasets that the query reads."""
    return datasets_of(query_of(path))


def tallies(
    snapshot: Snapshot, territory: Territory, asked: Mapping[Query, Iterable[Period]]
) -> dict[Output, Tallies]:
    """The tallies of each column that is asked for, of at least its periods; each file is run once.

    Raises `Misused` when a file does not give a column.
    """
    columns: defaultdict[Path, set[str]] = defaultdict(set)
    periods: defaultdict[Path, set[Period]] = defaultdict(set)
    for query, of in asked.items():
        columns[query.file].update(query.columns)
        periods[query.file].update(of)
    found: dict[Output, Tallies] = {}
    for path in columns:
        found |= _run(snapshot, territory, path, sorted(columns[path]), periods[path])
    return found


def _run(
    snapshot: Snapshot, territory: Territory, path: Path, columns: Collection[str], periods: Iterable[Period]
) -> dict[Output, Tallies]:
    found: dict[Output, Tallies] = {(path, column): {} for column in columns}
    for unit, map_on, start_on, n_rows, *numbers in snapshot.rows(_figures(path, columns, periods)):
        unit_id = _unit_id(territory, unit, map_on)
        for of, number in zip(found.values(), numbers, strict=True):
            _add(of, start_on, unit_id, number, n_rows)
    return found


def _figures(path: Path, columns: Collection[str], periods: Iterable[Period]) -> exp.Select:
    query = query_of(path)
    names = (*QUERY_KEYS, *columns)
    if lacking := [name for name in names if name not in query.named_selects]:
        raise Misused("indicators.bad_query", file=path.name, reason=", ".join(lacking))
    start = exp.column("period_start_on")
    spans = merged((period.start_on, period.end_on) for period in periods)
    within = exp.or_(*(start.between(exp.convert(first), exp.convert(last)) for first, last in spans))
    selected = (exp.column(name, quoted=True) for name in names)
    return exp.select(*selected).from_(query.subquery("figures")).where(within)


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
