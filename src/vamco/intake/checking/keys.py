"""Rows that come twice: the same row again is a declared duplicate, another row of the same key a conflict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
from sqlglot import exp

from vamco.intake.checking import sql
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.layout import Layout
from vamco.intake.checking.tables import DUPLICATES, FINDINGS, ORIGINAL, REJECTED, ROWS, TEXTS, fill
from vamco.packs.contract import Contract, Dimension
from vamco.vocabulary.errors import NotFound
from vamco.warehouse.compiling import for_duckdb
from vamco.warehouse.engine import sources

_N_SHOWN: Final = 3
_ORIGINALLY: Final = {"vi": " (số dòng gốc)", "en": " (original row)"}
_CONTENT: Final = '"row:content"'  # no column of a contract has a colon


@dataclass(frozen=True, slots=True)
class Identity:
    """Columns that no two rows may share, the fault when they do, and the column that numbers the rows named in it."""

    columns: tuple[str, ...]
    fault: Fault
    number: str
    is_key: bool


def identities(contract: Contract, layout: Layout, *, is_returned: bool = False) -> list[Identity]:
    """The key and every unique column, as far as the delivery holds them.

    Rows are named by their number in the file, those that come back by the number that they correct.
    """
    details = {"numbered": _ORIGINALLY if is_returned else ""}
    number = ORIGINAL if is_returned else "row_no"
    held = {place.column.name: place for place in layout.places if place.place is not None}
    found = []
    if contract.key and all(name in held for name in contract.key):
        headers = ", ".join(held[name].header for name in contract.key)
        fault = Fault(
            "key_repeated",
            "primary-key",
            header=headers,
            dimension=Dimension.CLEAN,
            column=contract.key[0],
            details=details,
        )
        found.append(Identity(contract.key, fault, number, is_key=True))
    for name, place in held.items():
        if place.column.unique and contract.key != (name,):
            fault = Fault(
                "value_repeated",
                "unique-error",
                name,
                place.header,
                place.place,
                dimension=Dimension.CLEAN,
                details=details,
            )
            found.append(Identity((name,), fault, number, is_key=False))
    return found


def keep_repeated(connection: duckdb.DuckDBPyConnection, found: Sequence[Identity]) -> None:
    """Keep the rows whose fingerprint comes twice, in a table of each identity: all that share one, and next to no other."""
    for identity in found:
        fingerprint = f"hash({', '.join(map(sql.name, identity.columns))})"
        twice = sql.select([fingerprint], ROWS, group_by="ALL", having="count(*) > 1")
        rows = sql.select(["*"], ROWS, f"{fingerprint} IN ({twice})")
        connection.execute(sql.create_table(_perhaps_twice(identity), rows))


def _perhaps_twice(identity: Identity) -> str:
    return sql.name(f"_twice_{'_'.join(identity.columns)}")


def find_duplicates(
    connection: duckdb.DuckDBPyConnection, found: Sequence[Identity], values: Sequence[str]
) -> None:
    """Note every later row that repeats a whole row; rows that are refused anyway are not looked at.

    `values` are the columns of a typed row.
    """
    content = ", ".join(map(sql.name, values))
    key = next((identity for identity in found if identity.is_key), None)
    source = _perhaps_twice(key) if key else ROWS
    first = f"min(row_no) OVER (PARTITION BY hash({content}), hash({content}, 1))"
    good = sql.select(["row_no", f"{first} AS same_as"], source, f"row_no NOT IN (FROM {REJECTED})")
    fill(
        connection,
        DUPLICATES,
        sql.select(["row_no", "same_as"], sql.within(good, "good"), "row_no <> same_as"),
    )


def find_conflicts(
    connection: duckdb.DuckDBPyConnection, number: int, identity: Identity, values: Sequence[str]
) -> None:
    """Note all rows of one delivery that share an identity with another row, if their content differs.

    `values` are the columns of a typed row.
    """
    names, no = list(map(sql.name, identity.columns)), identity.number
    once = _with_content(identity, values)
    alike = sql.select(
        [*names, _CONTENT, f"list({no} ORDER BY {no})[:{_N_SHOWN}] AS numbers"],
        sql.within(once, "once"),
        group_by=", ".join([*names, _CONTENT]),
    )
    content = f"{{'content': {_CONTENT}, 'numbers': numbers}}"
    grouped = sql.select(
        [*names, f"list({content} ORDER BY numbers)[:{_N_SHOWN + 1}] AS contents"],
        sql.within(alike, "alike"),
        group_by=", ".join(names),
        having="count(*) > 1",
    )
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM g.{name}" for name in names)
    others = f"list_filter(g.contents, lambda c: c.content <> r.{_CONTENT})"
    numbers = f"list_sort(flatten(list_transform({others}, lambda c: c.numbers)))"
    shown = f"array_to_string({numbers}[:{_N_SHOWN}], ', ')"
    cell = f"concat_ws(' | ', {', '.join(f'r.{name}' for name in names)})"
    joined = f"({once}) AS r JOIN ({grouped}) AS g ON {same}"
    fill(
        connection,
        FINDINGS,
        sql.select(["r.row_no", str(number), sql.literal(identity.fault.reason), cell, shown], joined),
    )


def _with_content(identity: Identity, values: Sequence[str]) -> str:
    """SELECT of the rows that may share an identity; where a cell could not be read, its text tells rows apart."""
    content = ", ".join(f"c.{sql.name(value)}" for value in values)
    return sql.select(
        ["c.*", f"hash({content}, t.cells) AS {_CONTENT}"],
        f"{_perhaps_twice(identity)} AS c LEFT JOIN {TEXTS} AS t USING (row_no)",
        f"row_no NOT IN (FROM {DUPLICATES} SELECT row_no) AND {_is_given(identity, 'c.')}",
    )


def _is_given(identity: Identity, prefix: str = "") -> str:
    return f"({sql.any_of(f'{prefix}{sql.name(name)} IS NOT NULL' for name in identity.columns)})"


def find_known(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    identity: Identity,
    contract: Contract,
    besides: Sequence[int],
    only: int | None,
) -> None:
    """Note rows whose identity is in the dataset already.

    `besides` are deliveries that this one will supersede. A key without a period column names rows of
    one period only, so there just the delivery `only` (itself, when corrected rows come back) is asked.
    Of a row outside the period that is said already: its own period will have it, of course.
    """
    if (live := _live(contract, identity, besides, only)) is None:
        return
    query, values = live
    names = list(map(sql.name, identity.columns))
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM l.{name}" for name in names)
    columns = [
        "r.row_no",
        str(number),
        "'key_known'",
        f"concat_ws(' | ', {', '.join(f'r.{n}' for n in names)})",
    ]
    elsewhere = sql.select(["row_no"], FINDINGS, "reason = 'outside_period'")
    found = sql.select(
        [*columns, "CAST(min(l.delivery_id) AS VARCHAR)"],
        f"{ROWS} AS r JOIN ({query}) AS l ON {same}",
        f"{_is_given(identity, 'r.')} AND r.row_no NOT IN ({elsewhere})",
        group_by="ALL",
    )
    connection.execute(f"INSERT INTO {FINDINGS} {found}", values)


def _live(
    contract: Contract, identity: Identity, besides: Sequence[int], only: int | None
) -> tuple[str, dict[str, Any]] | None:
    is_for_good = contract.period_column is not None or not identity.is_key
    if not is_for_good and only is None:
        return None
    query = exp.select(*(exp.column(name, quoted=True) for name in (*identity.columns, "delivery_id")))
    query = query.from_(_dataset(contract))
    if besides:
        query = query.where(exp.column("delivery_id").isin(*besides).not_())
    if not is_for_good:
        query = query.where(exp.column("delivery_id").eq(only))
    return _compiled(contract, query)


def accepted_before(contract: Contract, delivery: int) -> tuple[str, dict[str, Any]] | None:
    """SQL, and its values, of the rows that the dataset holds of a delivery; None where it never held any row."""
    query = exp.select("*").from_(_dataset(contract)).where(exp.column("delivery_id").eq(delivery))
    return _compiled(contract, query)


def _compiled(contract: Contract, query: exp.Select) -> tuple[str, dict[str, Any]] | None:
    try:
        compiled = for_duckdb(query, sources([contract.id]))
    except NotFound:
        return None
    return compiled.sql, dict(compiled.parameters)


def _dataset(contract: Contract) -> exp.Table:
    pack, _, dataset = contract.id.partition(".")
    return exp.table_(dataset, pack)


def known_fault(identity: Identity) -> Fault:
    """The fault of an identity that an accepted row has already."""
    fault = identity.fault
    return Fault(
        "key_known", fault.error_type, fault.column, fault.header, fault.place, dimension=Dimension.CLEAN
    )


def all_faults(found: Sequence[Identity]) -> Iterator[Fault]:
    """Two faults for each identity: repeated within the delivery, known in the dataset."""
    for identity in found:
        yield identity.fault
        yield known_fault(identity)
