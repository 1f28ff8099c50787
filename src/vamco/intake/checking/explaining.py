"""Why rows are doubtful: each fault looked for in the kept texts, with the cell as the sender wrote it."""

from typing import Final

import duckdb

from vamco.intake.checking import sql
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.raw_rows import raw_columns, raw_name
from vamco.intake.checking.reading_rows import Reading, texts_as_rows, typed
from vamco.intake.checking.tables import FINDINGS, TEXTS, count_rows, fill
from vamco.intake.reading.text_table import TextTable

_LONGEST_CELL: Final = 500
_DOUBTFUL: Final = "doubtful"


def explain_rows(connection: duckdb.DuckDBPyConnection, table: TextTable, reading: Reading) -> None:
    """Note every fault of every doubtful row, not only the first."""
    if not count_rows(connection, TEXTS):
        return
    passed = ["row_no", *raw_columns(table)]
    query = typed(texts_as_rows(table), reading.cells, passed)
    connection.execute(sql.create_table(_DOUBTFUL, query))
    for number, fault in enumerate(reading.faults):
        fill(connection, FINDINGS, _found(number, fault))


def _found(number: int, fault: Fault) -> str:
    cell = f"left({sql.name(raw_name(fault.place))}, {_LONGEST_CELL})" if fault.place is not None else "NULL"
    reason = fault.why or sql.literal(fault.reason)
    return sql.select(["row_no", str(number), reason, cell, fault.more or "NULL"], _DOUBTFUL, fault.when)
