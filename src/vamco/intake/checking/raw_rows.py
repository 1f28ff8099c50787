"""A text table as raw rows: columns `c0`, `c1` … and what lies beyond the last one."""

from dataclasses import dataclass
from typing import Final

from vamco.intake.checking import sql
from vamco.intake.reading.text_table import ROW_NO, SURPLUS, Dialect, TextTable

_N_SURPLUS: Final = 3
_NO_NULLS: Final = "\x01"  # no cell says this, so that an empty cell stays ''


@dataclass(frozen=True, slots=True)
class Source:
    """SELECT of the raw rows, and the row number as SQL over a typed row (numbered by its place in a CSV file)."""

    query: str
    row_no: str


def raw_columns(table: TextTable) -> tuple[str, ...]:
    """The columns of a raw row that hold what the sender wrote."""
    return (*table.scan_columns, SURPLUS)


def source_of(table: TextTable, row_no_place: int | None = None) -> Source:
    """The rows of a text table; `row_no_place` is a column in which the sender names their numbers."""
    row_no = "_named_row_no" if row_no_place is not None else _row_no(table)
    columns = list(map(sql.name, table.scan_columns))
    if table.form == "csv":
        beyond = ", ".join(f"nullif(trim(s{n}), '')" for n in range(_N_SURPLUS))
        surplus = f"CASE WHEN s0 IS NOT NULL THEN nullif(concat_ws(chr(9), {beyond}), '') END AS {SURPLUS}"
        return Source(sql.select([*columns, surplus], _csv(table)), row_no)
    parquet = f"read_parquet({sql.literal(str(table.path))})"
    return Source(sql.select([*columns, SURPLUS, ROW_NO], parquet), row_no)


def _row_no(table: TextTable) -> str:
    return f"rowid + {table.first_row_no}" if table.form == "csv" else ROW_NO


def _csv(table: TextTable) -> str:
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
    }
    written = ", ".join(f"{option} = {value}" for option, value in options.items())
    return f"read_csv({sql.literal(str(table.path))}, {written})"
