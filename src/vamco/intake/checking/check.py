"""The contract check: type every row, look for what joins find, explain, decide row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from vamco.intake.checking import keys, references, sql
from vamco.intake.checking.accepted import make_accepted, stored_columns
from vamco.intake.checking.explaining import explain_rows
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.layout import Layout
from vamco.intake.checking.numbers import Convention
from vamco.intake.checking.reading_rows import Reading, read_rows
from vamco.intake.checking.returned import drop_rows, dropped, dropped_rows, find_strangers, written_otherwise
from vamco.intake.checking.rules import delivery_rules
from vamco.intake.checking.tables import (
    ACCEPTED,
    DROPPED,
    DUPLICATES,
    FINDINGS,
    REJECTED,
    ROWS,
    count_rows,
    fill,
    make_tables,
)
from vamco.intake.checking.terms import Terms
from vamco.intake.reading.text_table import TextTable
from vamco.vocabulary.errors import Unreadable

_NOT_IN_PARALLEL: Final = "parallel=false"  # in DuckDB's own advice


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. The tables of `checking.tables` hold the rows; counts obey conservation.

    Of the rejected rows `n_dropped` came back to be dropped.
    `faults` are numbered as in the table of findings. Of the rules about a delivery as a whole some are
    broken, the others held.
    `evaluated` and `repaired` count cells by column; `columns` are the dataset's columns and types.
    Of rows that only a join refused, `fetching.fetch_texts` brings the texts when the rejects are written.
    """

    reading: Reading
    faults: tuple[Fault, ...]
    n_received: int
    n_rejected: int
    n_duplicates: int
    evaluated: Mapping[str, int]
    repaired: Mapping[str, int]
    columns: tuple[tuple[str, str], ...]
    rules_broken: tuple[Fault, ...]
    rules_held: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    n_dropped: int

    @property
    def layout(self) -> Layout:
        """Where the contract's columns stand in the table."""
        return self.reading.layout

    @property
    def numbers(self) -> Mapping[str, Convention]:
        """How the columns of numbers proved to be written."""
        return self.reading.numbers

    @property
    def whole(self) -> tuple[Fault, ...]:
        """The faults of the delivery as a whole: in its header, against what came before, and against its rules."""
        return (*self.layout.faults, *self.remarks, *self.rules_broken)

    @property
    def n_accepted(self) -> int:
        """Rows that the dataset will hold."""
        return self.n_received - self.n_rejected - self.n_duplicates

    @property
    def is_refused_whole(self) -> bool:
        """Whether a fault of the delivery as a whole refuses all of it."""
        return any(fault.rejects for fault in self.whole)


def check(connection: duckdb.DuckDBPyConnection, table: TextTable, terms: Terms) -> Checked:
    """Check a text table. Raises `duckdb.Error` or `Unreadable` where its rows cannot all be scanned."""
    make_tables(connection)
    reading = _read(connection, table, terms)
    n_dropped = drop_rows(connection) if terms.own is not None else 0
    faults = [*reading.faults]
    explain_rows(connection, table, reading)
    faults += _find_units(connection, reading, terms, len(faults))
    faults += find_strangers(connection, len(faults)) if terms.own is not None else []
    _reject(connection, faults)
    keys.keep_repeated(connection, reading.identities)
    keys.find_duplicates(connection, reading.identities, reading.columns_read)
    faults += _find_repeated(connection, reading, terms, len(faults))
    _reject(connection, faults)
    make_accepted(connection, reading, is_returned=terms.own is not None)
    broken, held = _delivery_rules(connection, terms)
    if any(fault.rejects for fault in (*reading.layout.faults, *broken)):
        _reject_all(connection)
    return _checked(connection, reading, terms, faults, broken, held, n_dropped)


def _read(connection: duckdb.DuckDBPyConnection, table: TextTable, terms: Terms) -> Reading:
    """In parallel, unless line breaks inside quotes forbid it, which shows only while reading.

    Raises `Unreadable` where rows of the table are lost either way.
    """
    for in_parallel in (True, False):
        try:
            reading = read_rows(connection, table, terms, in_parallel=in_parallel)
        except duckdb.Error as error:
            if not in_parallel or _NOT_IN_PARALLEL not in str(error):
                raise
            continue
        n_rows = count_rows(connection, ROWS)
        if n_rows == table.n_rows:
            return reading
    raise Unreadable("intake.rows_lost", expected=table.n_rows, n_rows=n_rows)


def _find_units(
    connection: duckdb.DuckDBPyConnection, reading: Reading, terms: Terms, first: int
) -> list[Fault]:
    for number, reference in enumerate(reading.references, first):
        references.find_units(connection, number, reference, terms.resolver)
    return [reference.fault for reference in reading.references]


def _find_repeated(
    connection: duckdb.DuckDBPyConnection, reading: Reading, terms: Terms, first: int
) -> list[Fault]:
    for number, identity in enumerate(reading.identities):
        place = first + 2 * number
        keys.find_conflicts(connection, place, identity, reading.columns_read)
        keys.find_known(connection, place + 1, identity, terms.contract, terms.supersedes, terms.own)
    return list(keys.all_faults(reading.identities))


def _reject(connection: duckdb.DuckDBPyConnection, faults: Sequence[Fault]) -> None:
    """Refuse every row that has a finding which is not just a warning."""
    rejecting = [number for number, fault in enumerate(faults) if fault.rejects]
    connection.execute(sql.empty(REJECTED))
    if rejecting:
        fill(
            connection,
            REJECTED,
            sql.select(["DISTINCT row_no"], FINDINGS, f"fault IN {sql.literals(rejecting)}"),
        )


def _reject_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse the delivery as a whole, with whatever its sender wanted to drop."""
    connection.execute(sql.empty(REJECTED))
    connection.execute(sql.empty(DROPPED))
    connection.execute(sql.empty(DUPLICATES))
    fill(connection, REJECTED, sql.select(["row_no"], ROWS))


def _delivery_rules(connection: duckdb.DuckDBPyConnection, terms: Terms) -> tuple[list[Fault], list[Fault]]:
    """Rules about the whole delivery that the rows to be accepted break, and those that they keep.

    Corrected rows are only a part of a delivery: they are asked together with what of it was accepted before.
    Nothing is asked where every row is refused: what refuses them is the clearer reason.
    """
    broken: list[Fault] = []
    held: list[Fault] = []
    rows, values = ACCEPTED, {}
    if terms.own is not None and (earlier := keys.accepted_before(terms.contract, terms.own)) is not None:
        rows = sql.within(f"FROM {ACCEPTED} UNION ALL BY NAME {earlier[0]}", "all_parts")
        values = earlier[1]
    if _is_all_refused(connection) and not _has_rows(connection, rows, values):
        return [], []
    for fault, holds in delivery_rules(terms.contract):
        is_held = connection.execute(sql.select([holds], rows), values).fetchall()[0][0]
        (held if is_held else broken).append(fault)
    return broken, held


def _is_all_refused(connection: duckdb.DuckDBPyConnection) -> bool:
    n_refused = count_rows(connection, REJECTED)
    return 0 < n_refused == count_rows(connection, ROWS) - count_rows(connection, DUPLICATES)


def _has_rows(connection: duckdb.DuckDBPyConnection, rows: str, values: dict[str, Any]) -> bool:
    return bool(connection.execute(f"{sql.select(['1'], rows)} LIMIT 1", values).fetchall())


def _checked(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    terms: Terms,
    faults: Sequence[Fault],
    broken: Sequence[Fault],
    held: Sequence[Fault],
    n_dropped: int,
) -> Checked:
    gone = dropped_rows(connection)
    return Checked(
        reading=reading,
        faults=tuple(faults),
        n_received=count_rows(connection, ROWS) + n_dropped,
        n_rejected=count_rows(connection, REJECTED) + n_dropped,
        n_duplicates=count_rows(connection, DUPLICATES),
        evaluated=_counted(connection, {c.column.name: f"count({c.name})" for c in reading.cells}),
        repaired=_counted(
            connection,
            {
                c.column.name: f"count(*) FILTER ({c.repaired_name})"
                for c in reading.cells
                if c.can_be_repaired
            },
        ),
        columns=stored_columns(reading),
        rules_broken=tuple(broken),
        rules_held=tuple(held),
        remarks=(*written_otherwise(reading, terms), *dropped(gone)),
        n_dropped=len(gone),
    )


def _counted(connection: duckdb.DuckDBPyConnection, counts: Mapping[str, str]) -> dict[str, int]:
    """Several counts over all rows in one pass."""
    if not counts:
        return {}
    found = connection.execute(sql.select(list(counts.values()), ROWS)).fetchall()[0]
    return dict(zip(counts, map(int, found), strict=True))
