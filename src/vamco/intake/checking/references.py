"""Administrative units that cells name, found on the map of the declared day: never a code without a date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from vamco.geography.register import Register
from vamco.geography.resolver import Answer, Resolver
from vamco.geography.unit import AdministrativeUnit, Level
from vamco.intake.checking import sql
from vamco.intake.checking.cells import meant_by_blank
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.layout import Layout, Place
from vamco.intake.checking.tables import FINDINGS, ROWS, fill
from vamco.packs.contract import Dimension, UnitReference
from vamco.vocabulary.period import Period

_N_SHOWN: Final = 3
_N_LOOKED_UP: Final = 1_000  # who writes more names than that has seen the pattern
_NAMED_REASON: Final = "CASE WHEN n.codes IS NOT NULL THEN 'unit_named' ELSE t.reason END"
_FOR_EVER: Final = date(9999, 12, 31)
_LIFE: Final = "code VARCHAR, valid_from DATE, valid_to DATE, unit_id VARCHAR, life VARCHAR"
_MEANING: Final = "value VARCHAR, parent VARCHAR, day DATE, unit_id VARCHAR, reason VARCHAR, more VARCHAR"


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names units; `on` is SQL for the day whose map is meant, `parent` for the unit above."""

    place: Place
    unit: UnitReference
    on: str
    parent: str
    fault: Fault

    @property
    def name(self) -> str:
        """The column, as SQL names it."""
        return sql.name(self.place.column.name)

    @property
    def table(self) -> str:
        """The table of what the column's values mean: value, parent, day → unit_id or a reason."""
        return sql.name(f"_unit_of_{self.place.column.name}")

    @property
    def unit_column(self) -> str:
        """The column of the dataset that holds the unit's key, `code@valid_from`."""
        return f"{self.place.column.name}__unit"


def references(layout: Layout, period: Period, map_on: date | None) -> list[Reference]:
    """Every column that names units; the sender's declared map counts where the contract fixes none."""
    found = []
    for place in layout.places:
        unit = place.column.unit
        if unit is None:
            continue
        fixed = unit.map_on or map_on
        on = _day(fixed or period.start_on)
        if fixed is None and unit.map_column is not None:
            on = f"COALESCE(CAST({sql.name(unit.map_column)} AS DATE), {on})"
        parent = sql.name(unit.parent_column) if unit.parent_column else "CAST(NULL AS VARCHAR)"
        found.append(Reference(place, unit, on, parent, _fault(place, unit)))
    return found


def _fault(place: Place, unit: UnitReference) -> Fault:
    return Fault(
        "unit_unknown", "foreign-key", place.column.name, place.header, place.place,
        strictness=unit.on_unknown, dimension=Dimension.CORRECT,
    )  # fmt: skip


def _day(day: date) -> str:
    return f"DATE {sql.literal(day.isoformat())}"


def find_units(
    connection: duckdb.DuckDBPyConnection, number: int, reference: Reference, resolver: Resolver
) -> None:
    """Make the reference's table from its distinct values, and note the rows whose value means no unit."""
    asked = sql.select(
        [f"{reference.name} AS value", f"{reference.parent} AS parent", f"{reference.on} AS day"],
        ROWS,
        f"{reference.name} IS NOT NULL",
    )
    connection.execute(sql.create_table("_asked", sql.select(["DISTINCT *"], sql.within(asked, "named"))))
    if reference.unit.named_by == "code":
        _look_up_codes(connection, reference, resolver.register)
        _look_up_named(connection, reference, resolver)
    else:
        _resolve_names(connection, reference, resolver)
    joined = f"{ROWS} AS r JOIN {reference.table} AS u ON {join(reference)}"
    columns = ["r.row_no", str(number), "u.reason", f"r.{reference.name}", "u.more"]
    fill(connection, FINDINGS, sql.select(columns, joined, "u.unit_id IS NULL"))


def join(reference: Reference) -> str:
    """How a row (`r`) finds its unit (`u`)."""
    return (
        f"u.value = r.{reference.name} AND u.day = {reference.on} "
        f"AND u.parent IS NOT DISTINCT FROM {reference.parent}"
    )


def _look_up_codes(connection: duckdb.DuckDBPyConnection, reference: Reference, register: Register) -> None:
    level, blank = Level(reference.unit.level), meant_by_blank(reference.place.column)
    connection.execute(sql.create_empty("_lives", _LIFE))
    lives = [
        (unit.code, unit.valid_from_on, unit.valid_to_on or _FOR_EVER, unit.unit_id, _life(unit))
        for unit in register.units
        if unit.level is level or unit.code == blank
    ]
    sql.insert_rows(connection, "_lives", lives)
    others = sql.select(
        ["code", "string_agg(life, '; ' ORDER BY valid_from) AS lives"], "_lives", group_by="code"
    )
    then = "l.code = a.value AND a.day >= l.valid_from AND a.day < l.valid_to"
    reason = sql.cases(
        ("l.unit_id IS NOT NULL", "NULL"), ("o.lives IS NULL", "'unit_unknown'"), otherwise="'unit_not_then'"
    )
    found = sql.select(
        ["a.value", "a.parent", "a.day", "l.unit_id", f"{reason} AS reason", "o.lives AS more"],
        f"_asked AS a LEFT JOIN _lives AS l ON {then} LEFT JOIN ({others}) AS o ON o.code = a.value",
    )
    connection.execute(sql.create_table(reference.table, found))


def _look_up_named(connection: duckdb.DuckDBPyConnection, reference: Reference, resolver: Resolver) -> None:
    """Where a name stands in the place of a code, say which code it is."""
    is_name = f"reason = 'unit_unknown' AND regexp_matches(value, '[^0-9]') LIMIT {_N_LOOKED_UP}"
    asked = connection.execute(sql.select(["value", "parent", "day"], reference.table, is_name)).fetchall()
    connection.execute(sql.create_empty("_named", "value VARCHAR, day DATE, codes VARCHAR"))
    sql.insert_rows(connection, "_named", list(_codes(asked, resolver, Level(reference.unit.level))))
    columns = ["t.* REPLACE (COALESCE(n.codes, t.more) AS more", f"{_NAMED_REASON} AS reason)"]
    joined = f"{reference.table} AS t LEFT JOIN _named AS n USING (value, day)"
    connection.execute(sql.create_table(reference.table, sql.select(columns, joined)))


def _codes(
    asked: Iterable[tuple[Any, ...]], resolver: Resolver, level: Level
) -> Iterator[tuple[str, date, str]]:
    for value, day in {(value, day) for value, _, day in asked}:
        answer = resolver.answer(value, day, level, None)
        units = (answer.unit,) if answer.unit else answer.candidates[:_N_SHOWN]
        if units:
            yield value, day, "; ".join(f"{unit.name} = {unit.code}" for unit in units)


def _life(unit: AdministrativeUnit) -> str:
    until = unit.valid_to_on.isoformat() if unit.valid_to_on else "…"
    return f"{unit.name} [{unit.valid_from_on.isoformat()} – {until})"


def _resolve_names(connection: duckdb.DuckDBPyConnection, reference: Reference, resolver: Resolver) -> None:
    connection.execute(sql.create_empty(reference.table, _MEANING))
    sql.insert_rows(connection, reference.table, list(_answers(connection, reference, resolver)))


def _answers(
    connection: duckdb.DuckDBPyConnection, reference: Reference, resolver: Resolver
) -> Iterator[tuple[Any, ...]]:
    level, blank = Level(reference.unit.level), meant_by_blank(reference.place.column)
    for value, parent, day in connection.execute("SELECT value, parent, day FROM _asked").fetchall():
        answer = resolver.answer(value, day, None if value == blank else level, parent)
        if answer.unit is not None:
            yield value, parent, day, answer.unit.unit_id, None, None
        else:
            yield value, parent, day, None, *_why(answer, resolver, value, day, level)


def _why(answer: Answer, resolver: Resolver, value: str, day: date, level: Level) -> tuple[str, str]:
    if answer.candidates:
        return "unit_ambiguous", "; ".join(f"{unit.name} ({unit.code})" for unit in answer.candidates)
    alike = resolver.suggest(value, day, level)[:_N_SHOWN]
    return "unit_alike" if alike else "unit_unknown", "; ".join(
        f"{unit.name} ({unit.code})" for unit in alike
    )
