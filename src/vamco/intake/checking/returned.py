"""Corrected rows that come back: each must name a row that is still refused, once."""

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from vamco.intake.checking import sql
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.numbers import Convention
from vamco.intake.checking.reading_rows import Reading
from vamco.intake.checking.tables import DROPPED, FINDINGS, IS_DROPPED, ORIGINAL, ROWS, TEXTS, fill
from vamco.intake.checking.terms import Terms
from vamco.packs.contract import Dimension, Strictness

_WRITTEN: Final = {Convention.POINT: "1,234.5", Convention.COMMA: "1.234,5"}
_SENT_BACK: Final = "sent_back"
_N_SHOWN: Final = 20
OPEN: Final = "still_open"
"""The table of rows that are still refused (`row_no`, `cells`); the caller makes it before the check."""


def find_strangers(connection: duckdb.DuckDBPyConnection, first: int) -> list[Fault]:
    """Note rows that name no refused row, or one that another row names too."""
    shown = f"CAST({ORIGINAL} AS VARCHAR)"
    closed = f"{ORIGINAL} IS NULL OR {ORIGINAL} NOT IN (FROM {OPEN} SELECT row_no)"
    found = ["row_no", str(first), "'not_a_rejected_row'", shown, "NULL"]
    fill(connection, FINDINGS, sql.select(found, ROWS, closed))
    counted = sql.select(["row_no", ORIGINAL, f"count(*) OVER (PARTITION BY {ORIGINAL}) AS n"], ROWS)
    repeated = ["row_no", str(first + 1), "'row_no_repeated'", shown, "NULL"]
    is_repeated = f"n > 1 AND {ORIGINAL} IS NOT NULL"
    fill(connection, FINDINGS, sql.select(repeated, sql.within(counted, "counted"), is_repeated))
    return [
        Fault("not_a_rejected_row", "row-error", dimension=Dimension.CLEAN),
        Fault("row_no_repeated", "row-error", dimension=Dimension.CLEAN),
    ]


def drop_rows(connection: duckdb.DuckDBPyConnection) -> int:
    """Set aside the rows that the sender drops, where each names one refused row; how many."""
    counted = sql.select(
        ["row_no", ORIGINAL, IS_DROPPED, f"count(*) OVER (PARTITION BY {ORIGINAL}) AS n"], ROWS
    )
    is_one = f"{IS_DROPPED} AND n = 1 AND {ORIGINAL} IN (FROM {OPEN} SELECT row_no)"
    n_dropped = fill(
        connection, DROPPED, sql.select(["row_no", ORIGINAL], sql.within(counted, "counted"), is_one)
    )
    if n_dropped:
        is_kept = f"row_no NOT IN (FROM {DROPPED} SELECT row_no)"
        connection.execute(f"ALTER VIEW {ROWS} RENAME TO {_SENT_BACK}")
        connection.execute(sql.create_view(ROWS, sql.select(["*"], _SENT_BACK, is_kept)))
        connection.execute(sql.create_table(TEXTS, sql.select(["*"], TEXTS, is_kept)))
    return n_dropped


def dropped_rows(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """The rows of the first file that were dropped, in order."""
    found = connection.execute(f"{sql.select(['original'], DROPPED)} ORDER BY ALL").fetchall()
    return tuple(number for (number,) in found)


def dropped(rows: Sequence[int]) -> Iterator[Fault]:
    """What to say of rows that were dropped: they stay counted as rejected."""
    if rows:
        yield Fault(
            "rows_dropped",
            "row-error",
            strictness=Strictness.WARNING,
            dimension=None,
            details={
                "n_rows": len(rows),
                "rows": [*rows[:_N_SHOWN], *(["…"] if len(rows) > _N_SHOWN else [])],
            },
        )


def written_otherwise(reading: Reading, terms: Terms) -> Iterator[Fault]:
    """Columns whose numbers prove to be written otherwise than the first file proved: said, and never guessed at."""
    for cell in reading.cells:
        before = terms.numbers.get(cell.column.name, Convention.NONE)
        new = reading.numbers.get(cell.column.name, before) & ~before
        if before and new:
            yield Fault(
                "numbers_written_otherwise",
                "constraint-error",
                column=cell.column.name,
                header=cell.place.header,
                place=cell.place.place,
                strictness=Strictness.WARNING,
                dimension=None,
                details={"before": _WRITTEN[before], "now": _WRITTEN[new]},
            )
