"""Why rows are doubtful: each fault looked for in the kept texts, with the cell as the sender wrote it."""

from collections.abc import Sequence
from typing import Final

import duckdb

from vamco.intake.checking import sql
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.raw_rows import raw_columns, raw_name
from vamco.intake.checking.reading_rows import Reading, texts_as_rows, typed
from vamco.intake.checking.tables import FINDINGS, TEXTS, fill
from vamco.intake.reading.text_table import TextTable

_LONGEST_CELL: Final = 500
_DOUBTFUL: Final = "doubtful"


def explain_rows(connection: duckdb.DuckDBPyConnection, table: TextTable, reading: Reading) -> None:
    """Note every fault of every doubtful row, not only the first."""
    passed = ["row_no", *raw_columns(table)]
    query = typed(texts_as_rows(table), reading.cells, passed)
    connection.execute(sql.create_table(_DOUBTFUL, query))
    for number, fault in enumerate(reading.faults):
        fill(connection, FINDINGS, _found(number, fault))


def _found(number: int, fault: Fault) -> str:
    cell = f"left({sql.name(raw_name(fault.place))}, {_LONGEST_CELL})" if fault.place is not None else "NULL"
    reason = fault.why or sql.literal(fault.reason)
    return sql.select(["row_no", str(number), reason, cell, fault.more or "NULL"], _DOUBTFUL, fault.when)


def fetch_texts(
    connection: duckdb.DuckDBPyConnection, table: TextTable, reading: Reading, faults: Sequence[Fault]
) -> None:
    """Add the texts of refused rows that nobody doubted while typing: what joins found."""
    rejecting = [number for number, fault in enumerate(faults) if fault.rejects]
    if not rejecting:
        return
    doubted = f"{FINDINGS} ANTI JOIN {TEXTS} USING (row_no)"
    wanted = connection.execute(
        sql.select(["DISTINCT row_no"], doubted, f"fault IN {sql.literals(rejecting)}")
    ).fetchall()
    if not wanted:
        return
    numbers = ", ".join(str(row_no) for (row_no,) in wanted)
    texts = f"[{', '.join(map(sql.name, raw_columns(table)))}]"
    numbered = sql.select(
        [f"{_place(table, reading)} AS row_no", f"{texts} AS cells"], sql.within(reading.source.query, "raw")
    )
    fill(
        connection,
        TEXTS,
        sql.select(["row_no", "cells"], sql.within(numbered, "numbered"), f"row_no IN ({numbers})"),
    )


def _place(table: TextTable, reading: Reading) -> str:
    """The row number of a raw row, which has no place of its own yet."""
    if table.form == "csv":
        return reading.source.row_no.replace("rowid", "row_number() OVER () - 1")
    return reading.source.row_no
