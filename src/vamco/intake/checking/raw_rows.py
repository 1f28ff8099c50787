"""A text table as raw rows: the cells as sent, and what lies beyond the last one."""

from dataclasses import dataclass
from typing import Final

from vamco.intake.checking import sql
from vamco.intake.reading.text_table import AS_NUMBER, ROW_NO, STORED, SURPLUS, Dialect, TextTable

_N_SURPLUS: Final = 3
UNSAFE: Final = r"^'*[=+@\t\r-]"
"""What an office program would run as a formula, and what already stands behind apostrophes of the sender's own."""
GUARDED: Final = r"^'+[=+@\t\r-]"
_HARMLESS: Final = r"[+-]?[\d.,\s]*%?"
_NO_NULLS: Final = "\x01"  # no cell says this, so that an empty cell stays ''


@dataclass(frozen=True, slots=True)
class Source:
    """SELECT of the raw rows, and the row number as SQL over a typed row (numbered by its place in a CSV file)."""

    query: str
    row_no: str


def raw_columns(table: TextTable) -> tuple[str, ...]:
    """The columns of a raw row that hold what the sender wrote, and how the file holds it where the file says so."""
    texts = (*map(raw_name, range(len(table.columns))), SURPLUS)
    return (*texts, STORED) if table.form == "parquet" else texts


def raw_name(place: int) -> str:
    """The name of a raw column: one that no contract can give to a column of its own."""
    return f"raw:{place}"


def is_stored(place: int, letter: str = AS_NUMBER, letters: str = STORED) -> str:
    """Whether the file itself holds a row's cell in that way (letters of `text_table`); never null."""
    return f"COALESCE(substr({letters}, {place + 1}, 1) = {sql.literal(letter)}, FALSE)"


def source_of(table: TextTable, *, is_returned: bool = False, in_parallel: bool = True) -> Source:
    """The rows of a text table; in returned rejects the apostrophes that we had put before formulas fall away."""
    row_no = f"rowid + {table.first_row_no}" if table.form == "csv" else ROW_NO
    columns = [
        f"{_unguarded(column) if is_returned else column} AS {sql.name(raw_name(place))}"
        for place, column in enumerate(map(sql.name, table.scan_columns))
    ]
    if table.form == "csv":
        beyond = ", ".join(f"nullif(trim(s{n}), '')" for n in range(_N_SURPLUS))
        surplus = f"CASE WHEN s0 IS NOT NULL THEN nullif(concat_ws(chr(9), {beyond}), '') END AS {SURPLUS}"
        return Source(sql.select([*columns, surplus], _csv(table, in_parallel=in_parallel)), row_no)
    parquet = f"read_parquet({sql.literal(str(table.path))})"
    return Source(sql.select([*columns, SURPLUS, STORED, ROW_NO], parquet), row_no)


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what an office program would run as a formula; numbers stay."""
    is_formula = f"regexp_matches({cell}, {sql.literal(UNSAFE)}) AND NOT {sql.fits(cell, _HARMLESS)}"
    return f"CASE WHEN {is_formula} THEN concat(chr(39), {cell}) ELSE {cell} END"


def escaped(cell: str) -> str:
    """The cell where none runs, with an apostrophe before what would lose one of its own on the way back."""
    is_guarded = f"regexp_matches({cell}, {sql.literal(GUARDED)})"
    return f"CASE WHEN {is_guarded} THEN concat(chr(39), {cell}) ELSE {cell} END"


def _unguarded(column: str) -> str:
    is_guarded = f"regexp_matches({column}, {sql.literal(GUARDED)})"
    return f"CASE WHEN {is_guarded} THEN substr({column}, 2) ELSE {column} END"


def _csv(table: TextTable, *, in_parallel: bool) -> str:
    dialect = table.dialect or Dialect(",", '"', '"', 1)
    surplus = [f"s{n}" for n in range(_N_SURPLUS)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in (*table.scan_columns, *surplus))
    options = {
        "columns": f"{{{columns}}}",
        "auto_detect": "false",
        "header": "false",
        "skip": str(dialect.header_lines),
        "delim": sql.literal(dialect.delimiter),
        "quote": sql.literal(dialect.quote),
        "escape": sql.literal(dialect.escape or dialect.quote),
        "nullstr": sql.literal(_NO_NULLS),
        "null_padding": "true",
        "strict_mode": "false",
        "parallel": "true" if in_parallel else "false",
    }
    written = ", ".join(f"{option} = {value}" for option, value in options.items())
    return f"read_csv({sql.literal(str(table.path))}, {written})"
