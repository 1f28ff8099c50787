"""Every row typed in one pass; another only when a later cell contradicts how the numbers were read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from vamco.intake.checking import keys, numbers, references, sql
from vamco.intake.checking.cells import Cell, cell_of
from vamco.intake.checking.fault import Fault
from vamco.intake.checking.keys import Identity
from vamco.intake.checking.layout import Layout, lay_out
from vamco.intake.checking.numbers import Convention
from vamco.intake.checking.raw_rows import Source, raw_columns, raw_name, source_of
from vamco.intake.checking.references import Reference
from vamco.intake.checking.rules import row_rule_faults
from vamco.intake.checking.tables import IS_DROPPED, ORIGINAL, ROWS, TEXTS, fill
from vamco.intake.checking.terms import Terms
from vamco.intake.reading.text_table import ROW_NO, SURPLUS, TextTable
from vamco.packs.contract import Contract, Dimension, Drift

_SAMPLE: Final = 20_000
_TYPED: Final = "typed"
_DROP: Final = ("bỏ", "bo", "drop")  # as the page of the rejects and the how-to say
_KEPT: Final = "_texts"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows were read: their source, the SQL of each column, and all faults looked for in a row.

    `numbers` is what was proven of how each column of numbers is written.
    """

    layout: Layout
    source: Source
    cells: tuple[Cell, ...]
    row_faults: tuple[Fault, ...]
    identities: tuple[Identity, ...]
    references: tuple[Reference, ...]
    is_returned: bool
    numbers: Mapping[str, Convention]

    @property
    def faults(self) -> list[Fault]:
        """Faults of cells, then of rows."""
        return [*(fault for cell in self.cells for fault in cell.faults), *self.row_faults]

    @property
    def columns_read(self) -> list[str]:
        """The columns that say what a row is: values, kinds of nothing, and added columns."""
        nothings = [nothing_name(cell) for cell in self.cells if cell.nothing]
        return [*(cell.column.name for cell in self.cells), *nothings, *self.layout.added.values()]


def nothing_name(cell: Cell) -> str:
    """The column that says which kind of nothing an empty value is."""
    return f"{cell.column.name}__nothing"


def read_rows(
    connection: duckdb.DuckDBPyConnection, table: TextTable, terms: Terms, *, in_parallel: bool = True
) -> Reading:
    """Make the typed rows and the texts of the doubtful ones.

    How numbers are written is learnt from the first rows. A later cell that proves another way is
    never read by the usual form, so its text is kept; then the rows are read again with both proofs.
    """
    layout = lay_out(terms.contract, table, terms.ignored_places)
    source = source_of(table, is_returned=terms.own is not None, in_parallel=in_parallel)
    learnt = _learn(connection, f"{source.query} LIMIT {_SAMPLE}", _reading(table, terms, layout, source, {}))
    proven = {column: proof | terms.numbers.get(column, Convention.NONE) for column, proof in learnt.items()}
    while True:
        reading = _reading(table, terms, layout, source, proven)
        _type_rows(connection, table, reading, terms)
        seen = _learn(connection, texts_as_rows(table), reading)
        both = {column: proof | proven[column] for column, proof in seen.items()}
        if both == proven:
            return reading
        proven = both


def texts_as_rows(table: TextTable) -> str:
    """The kept texts as raw rows again."""
    cells = [sql.named(f"cells[{n}]", column) for n, column in enumerate(raw_columns(table), 1)]
    return sql.select(["row_no", *cells], TEXTS)


def typed(raw: str, cells: tuple[Cell, ...], passed: list[str]) -> str:
    """SELECT that reads the cells of raw rows, level by level; the columns `passed` go along."""
    plain = (f"{cell.plain} AS {cell.plain_name}" for cell in cells)
    first = sql.select([*map(sql.name, passed), *plain], sql.within(raw, "raw"))
    texts = (f"{cell.text} AS {cell.text_name}" for cell in cells)
    second = sql.select(["*", *texts], sql.within(first, "plain_rows"))
    values = [f"{cell.value} AS {cell.name}" for cell in cells]
    nothings = [
        f"{_kind_of_nothing(cell)} AS {sql.name(nothing_name(cell))}" for cell in cells if cell.nothing
    ]
    return sql.select(["*", *values, *nothings], sql.within(second, "text_rows"))


def _kind_of_nothing(cell: Cell) -> str:
    """A blank that nobody declared is missing."""
    return f"COALESCE({cell.nothing}, CASE WHEN {cell.text_name} IS NULL THEN 'missing' END)"


def _reading(
    table: TextTable, terms: Terms, layout: Layout, source: Source, proven: Mapping[str, Convention]
) -> Reading:
    cells = tuple(
        cell_of(terms.contract, terms.period, place, index, proven.get(place.column.name, Convention.NONE))
        for index, place in enumerate(layout.places)
    )
    return Reading(
        layout=layout,
        source=source,
        cells=cells,
        row_faults=(*_shape_faults(table, terms.contract, layout), *row_rule_faults(terms.contract)),
        identities=tuple(keys.identities(terms.contract, layout, is_returned=terms.own is not None)),
        references=tuple(references.references(layout, terms.period, terms.map_on)),
        is_returned=terms.own is not None,
        numbers=proven,
    )


def _shape_faults(table: TextTable, contract: Contract, layout: Layout) -> list[Fault]:
    """Rows that are longer or shorter than the header; rows with values that nobody asked for."""
    surplus = sql.name(SURPLUS)
    faults = [
        Fault(
            "extra_cell", "extra-cell", when=f"{surplus} IS NOT NULL", more=surplus, dimension=Dimension.CLEAN
        )
    ]
    if table.form == "csv":
        last = sql.name(raw_name(len(table.columns) - 1))
        faults.append(
            Fault("missing_cell", "missing-cell", when=f"{last} IS NULL", dimension=Dimension.CLEAN)
        )
    if contract.drift is Drift.DISCARD_ROW:
        faults += [_unasked(layout, place) for place in layout.unknown]
    return faults


def _unasked(layout: Layout, place: int) -> Fault:
    cell = sql.name(raw_name(place))
    return Fault(
        "value_unasked", "extra-cell", header=layout.headers[place], place=place, when=f"trim({cell}) <> ''", more=cell,
        dimension=Dimension.CONSISTENT,
    )  # fmt: skip


def _learn(connection: duckdb.DuckDBPyConnection, raw: str, reading: Reading) -> dict[str, Convention]:
    """What raw rows prove of how each column of numbers is written, by column."""
    written = [cell for cell in reading.cells if cell.is_number and cell.place.place is not None]
    proofs = [
        f"COALESCE(bool_or({proof(f'trim({cell.written})')}), FALSE)"
        for cell in written
        for proof in (numbers.proves_point, numbers.proves_comma)
    ]
    if not proofs:
        return {}
    found = connection.execute(sql.select(proofs, sql.within(raw, "raw"))).fetchall()[0]
    marks = [
        (Convention.POINT if point else Convention.NONE) | (Convention.COMMA if comma else Convention.NONE)
        for point, comma in zip(found[::2], found[1::2], strict=True)
    ]
    return {cell.column.name: proof for cell, proof in zip(written, marks, strict=True)}


def _type_rows(
    connection: duckdb.DuckDBPyConnection, table: TextTable, reading: Reading, terms: Terms
) -> None:
    """One pass over the source. No join may take part: rows without a number are numbered by their place."""
    raw = list(raw_columns(table))
    passed = [*raw, ROW_NO] if table.form == "parquet" else raw
    query = typed(reading.source.query, reading.cells, passed)
    texts = f"[{', '.join(map(sql.name, raw))}]"
    repaired = (
        f"CASE WHEN {c.plain_name} IS NULL THEN {c.name} IS NOT NULL AND trim({c.raw}) <> '' END AS {c.repaired_name}"
        for c in reading.cells
        if c.can_be_repaired
    )
    columns = [
        *map(sql.name, reading.columns_read[: len(reading.columns_read) - len(reading.layout.added)]),
        *(
            f"nullif(trim({sql.name(raw_name(place))}), '') AS {sql.name(name)}"
            for place, name in reading.layout.added.items()
        ),
        *repaired,
        f"CASE WHEN {_doubts(reading)} THEN {texts} END AS {_KEPT}",
        *([sql.name(ROW_NO)] if table.form == "parquet" else []),
    ]
    if terms.row_no_place is not None:
        columns.append(f"TRY_CAST({sql.name(raw_name(terms.row_no_place))} AS BIGINT) AS {ORIGINAL}")
        columns.append(f"{_says_drop(terms)} AS {IS_DROPPED}")
    connection.execute(sql.create_table(_TYPED, sql.select(columns, sql.within(query, "typed_rows"))))
    row_no = reading.source.row_no
    connection.execute(
        sql.create_view(ROWS, sql.select([f"* EXCLUDE ({_KEPT})", f"{row_no} AS row_no"], _TYPED))
    )
    connection.execute(sql.empty(TEXTS))
    fill(connection, TEXTS, sql.select([row_no, _KEPT], _TYPED, f"{_KEPT} IS NOT NULL"))


def _says_drop(terms: Terms) -> str:
    """Whether the sender wrote into a column of reasons that the row shall be dropped."""
    reasons = (sql.name(raw_name(place)) for place in terms.ignored_places if place != terms.row_no_place)
    said = [f"lower(trim(nfc_normalize({reason}))) IN {sql.literals(_DROP)}" for reason in reasons]
    return f"COALESCE({sql.any_of(said)}, FALSE)" if said else "FALSE"


def _doubts(reading: Reading) -> str:
    """Whether a row's text is needed again: it has a fault, or speaks against how its column was read."""
    conditions = [fault.when for fault in reading.faults] + [_contradicts(cell) for cell in reading.cells]
    return sql.any_of(filter(None, conditions))


def _contradicts(cell: Cell) -> str:
    """Whether a cell proves a way of writing that its column was not read with; empty when none can."""
    if not cell.is_number or cell.place.place is None:
        return ""
    unproven = {Convention.POINT: numbers.proves_point, Convention.COMMA: numbers.proves_comma}
    trimmed = f"trim({cell.written})"
    tests = [proves(trimmed) for mark, proves in unproven.items() if mark not in cell.convention]
    return f"CASE WHEN {cell.plain_name} IS NULL THEN {sql.any_of(tests)} END" if tests else ""
