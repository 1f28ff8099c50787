"""Rejected rows in the sender's own layout: which they are, and why, in every language."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb

from vamco.intake.checking import sql
from vamco.intake.checking.check import Checked
from vamco.intake.checking.numbers import Convention, unambiguous
from vamco.intake.checking.raw_rows import is_stored
from vamco.intake.checking.returned import OPEN
from vamco.intake.checking.tables import (
    ACCEPTED,
    DROPPED,
    DUPLICATES,
    FINDINGS,
    ORIGINAL,
    REJECTED,
    ROWS,
    TEXTS,
    count_rows,
)
from vamco.intake.reading.text_table import AS_NUMBER, TextTable
from vamco.vocabulary.messages import LANGUAGES

REJECTS_FILE: Final = "rejects.parquet"
REJECTS: Final = "rejects"
"""The table of rows that are still refused: `row_no`, `cells` as sent, `reasons` by language."""

_CELL, _MORE = "\x02", "\x03"
_SAID: Final = "_said"


def places_of(headers: Sequence[str], columns: Sequence[str]) -> list[int]:
    """Where the first file's columns stand in corrections, -1 where they are gone; of equal headers the first is first."""
    found = {each: place for place, each in enumerate(_counted(columns))}
    return [found.get(each, -1) for each in _counted(headers)]


def _counted(headers: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each header with how often it stood before."""
    seen: Counter[str] = Counter()
    for header in headers:
        yield header, seen[header]
        seen[header] += 1


def note_rejects(
    connection: duckdb.DuckDBPyConnection,
    table: TextTable,
    checked: Checked,
    places: Sequence[int],
    *,
    is_returned: bool,
) -> int:
    """Make the table of rejects; how many there are. `places` are where the first file's columns stand now.

    Where a delivery is refused as a whole these are only the rows with a fault of their own.
    """
    commas = _with_commas(checked)
    cells = ", ".join(_as_text(table, place, commas) for place in places)
    refused = f"{TEXTS} AS t JOIN ({_reasons(connection, checked)}) AS e USING (row_no) JOIN {REJECTED} USING (row_no)"
    refused += f" JOIN {ROWS} AS r USING (row_no)" if is_returned else ""
    columns = [f"r.{ORIGINAL} AS row_no" if is_returned else "row_no", f"[{cells}] AS cells", "e.reasons"]
    query = sql.select(columns, refused)
    connection.execute(sql.create_table(REJECTS, _with_open(query) if is_returned else query))
    return count_rows(connection, REJECTS)


def _with_commas(checked: Checked) -> frozenset[int | None]:
    """Where numbers are written with commas for decimals, as far as the file proves it."""
    proven = checked.numbers
    return frozenset(p.place for p in checked.layout.places if proven.get(p.column.name) is Convention.COMMA)


def _as_text(table: TextTable, place: int, commas: Container[int | None]) -> str:
    """A kept cell as text. What the file held as a number is text in the rejects, and may not become ambiguous.

    It is written as its column proves to be, lest our own writing speak against the sender's.
    """
    cell = f"t.cells[{place + 1}]"
    if place < 0 or not table.stored or AS_NUMBER not in table.stored[place]:
        return cell
    number = unambiguous(cell)
    number = f"replace({number}, '.', ',')" if place in commas else number
    return sql.cases((is_stored(place, letters="t.cells[-1]"), number), otherwise=cell)


def _reasons(connection: duckdb.DuckDBPyConnection, checked: Checked) -> str:
    """SELECT of each refused row's reasons in words. The words are filled in by the engine, not row by row."""
    templates = ", ".join(f"{language} VARCHAR" for language in LANGUAGES)
    connection.execute(sql.create_empty(_SAID, f"fault INTEGER, reason VARCHAR, {templates}"))
    kinds = connection.execute(sql.select(["DISTINCT fault", "reason"], FINDINGS)).fetchall()
    said = [
        (number, reason, *(checked.faults[number].say(each, reason, _CELL, _MORE) for each in LANGUAGES))
        for number, reason in kinds
        if checked.faults[number].rejects
    ]
    sql.insert_rows(connection, _SAID, said)
    reasons = ", ".join(f"{sql.literal(language)}: {_joined(f's.{language}')}" for language in LANGUAGES)
    joined = f"{FINDINGS} AS f JOIN {_SAID} AS s USING (fault, reason)"
    return sql.select(["f.row_no", f"{{{reasons}}} AS reasons"], joined, group_by="f.row_no")


def _joined(words: str) -> str:
    """All reasons of a row, filled in."""
    for mark, value in ((_CELL, "f.cell"), (_MORE, "f.more")):
        words = f"replace({words}, {sql.literal(mark)}, COALESCE({value}, ''))"
    return f"string_agg({words}, ' | ' ORDER BY fault)"


def _with_open(returned: str) -> str:
    """What comes back wrong again in place of what was open; what is accepted now, or twice, or dropped, is closed."""
    twice = sql.select([ORIGINAL], f"{ROWS} JOIN {DUPLICATES} USING (row_no)")
    wrong = sql.select(["*"], sql.within(returned, "returned"), f"row_no IN (FROM {OPEN} SELECT row_no)")
    once = f"{wrong} QUALIFY row_number() OVER (PARTITION BY row_no) = 1"
    dropped = sql.select(["original"], DROPPED)
    closed = f"row_no NOT IN (FROM {ACCEPTED} SELECT row_no) AND row_no NOT IN ({twice} UNION ALL {dropped})"
    still = sql.select(
        ["row_no", "cells", "reasons"],
        OPEN,
        f"{closed} AND row_no NOT IN ({sql.select(['row_no'], sql.within(wrong, 'wrong'))})",
    )
    return f"({once}) UNION ALL ({still})"


def keep_rejects(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Keep the table of rejects in the folder, from which the sender's file is written in any language."""
    target = sql.literal(str(folder / REJECTS_FILE))
    connection.execute(f"COPY (FROM {REJECTS} ORDER BY row_no) TO {target} (FORMAT parquet)")
