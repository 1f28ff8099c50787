"""Stages text rows as a Parquet file of VARCHAR columns."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vamco.intake.reading.grid import Row, StoredDay, StoredNumber
from vamco.intake.reading.text_table import (
    AS_DAY,
    AS_NUMBER,
    AS_TEXT,
    ROW_NO,
    STORED,
    SURPLUS,
    Limits,
    TextTable,
)
from vamco.vocabulary.errors import Unreadable

_BATCH_ROWS: Final = 8_192
_BATCH_CHARACTERS: Final = 64 << 20
_ERROR_CELL: Final = r"^#(REF!|VALUE!|N/A|NAME\?|NULL!|NUM!|DIV/0!)$"
_LETTERS: Final = {str: AS_TEXT, StoredNumber: AS_NUMBER, StoredDay: AS_DAY}


def staged_path(staging: Path, suffix: str) -> Path:
    """A new path in the staging folder."""
    return staging / f"read-{uuid4().hex}{suffix}"


@contextmanager
def workplace(staging: Path) -> Iterator[Path]:
    """A new folder to stage files in; it is removed, with all that is in it, when the work fails."""
    staging.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="read-", dir=staging))
    try:
        yield folder
    except BaseException:
        rmtree(folder)
        raise


def keep_only(folder: Path, kept: Path) -> None:
    """Remove from a workplace all but one file, and the workplace itself when nothing is left."""
    for path in folder.iterdir():
        if path != kept:
            path.unlink()
    if kept.parent != folder:
        folder.rmdir()


class StagedRows:
    """Writes rows of one width to Parquet, and remembers how many, and what each column holds.

    `filled` are the columns that hold something, `stored` the letters of `_stored` in each column.
    """

    def __init__(self, width: int, limits: Limits) -> None:
        self.n_rows = 0
        self.first_row_no: int | None = None
        self.filled: set[int] = set()
        self.stored: list[set[str]] = [set() for _ in range(width)]
        self._width = width
        self._limits = limits
        self._n_characters = 0
        self._schema = _schema(width)

    def write(self, rows: Iterable[Row], path: Path) -> None:
        """Write all rows to the path. Raises `Unreadable` when they come to more than the limits allow."""
        with pq.ParquetWriter(path, self._schema, compression="zstd", compression_level=1) as writer:
            for batch in self._batches(rows):
                writer.write_batch(self._batch(batch))

    def _batches(self, rows: Iterable[Row]) -> Iterator[list[Row]]:
        batch: list[Row] = []
        room = _BATCH_CHARACTERS
        for row in rows:
            batch.append(row)
            room -= sum(map(len, row.cells))
            if room < 0 or len(batch) == _BATCH_ROWS:
                self._count(_BATCH_CHARACTERS - room)
                yield batch
                batch, room = [], _BATCH_CHARACTERS
        self._count(_BATCH_CHARACTERS - room)
        yield batch

    def _count(self, n_characters: int) -> None:
        self._n_characters += n_characters
        if self._n_characters > self._limits.unpacked_bytes:
            raise Unreadable("intake.read_too_much_text", limit=self._limits.unpacked_bytes)
        if self.n_rows > self._limits.rows:
            raise Unreadable("intake.read_too_many_rows", n_rows=self.n_rows, limit=self._limits.rows)

    def _batch(self, rows: Sequence[Row]) -> pa.RecordBatch:
        if rows and self.first_row_no is None:
            self.first_row_no = rows[0].no
        self.n_rows += len(rows)
        columns = [self._column(rows, place) for place in range(self._width)]
        numbers = pa.array([row.no for row in rows], pa.int64())
        surplus = pa.array([_surplus(row.cells, self._width) for row in rows], pa.string())
        return pa.record_batch([*columns, numbers, surplus, self._stored(rows)], schema=self._schema)

    def _stored(self, rows: Sequence[Row]) -> pa.Array:
        letters = [_letters(row.cells[: self._width]) for row in rows]
        for place, found in enumerate(zip(*filter(None, set(letters)), strict=False)):
            self.stored[place].update(found)
        return pa.array(letters, pa.string())

    def _column(self, rows: Sequence[Row], place: int) -> pa.Array:
        cells = [row.cells[place] if place < len(row.cells) else None for row in rows]
        if place not in self.filled and any(cells):
            self.filled.add(place)
        return pa.array(cells, pa.string())


def is_same_table(table: TextTable, other: TextTable) -> bool:
    """Whether two staged tables have the same columns and cells, wherever their rows stood.

    One spreadsheet error is as good as another: neither holds a value.
    """
    if (table.columns, table.n_rows) != (other.columns, other.n_rows):
        return False
    names = list(table.scan_columns)
    with pq.ParquetFile(table.path) as one, pq.ParquetFile(other.path) as two:
        batches = zip(one.iter_batches(columns=names), two.iter_batches(columns=names), strict=False)
        return all(_without_errors(a).equals(_without_errors(b)) for a, b in batches)


def _without_errors(batch: pa.RecordBatch) -> pa.Table:
    columns = [pc.replace_substring_regex(column, _ERROR_CELL, "#") for column in batch.columns]
    return pa.table(columns, names=batch.schema.names)


def keep_columns(path: Path, places: Sequence[int]) -> None:
    """Rewrite a staged file with only those columns, named by their new places."""
    thinner = path.with_suffix(".thin")
    kept = [f"c{place}" for place in places] + [ROW_NO, SURPLUS]
    schema = _schema(len(places))
    with pq.ParquetFile(path) as source, pq.ParquetWriter(thinner, schema, compression="zstd") as writer:
        for batch in source.iter_batches(columns=[*kept, STORED]):
            stored = _letters_at(batch.column(STORED), places)
            columns = [*(batch.column(name) for name in kept), stored]
            writer.write_batch(pa.record_batch(columns, schema=schema))
    thinner.replace(path)


def _schema(width: int) -> pa.Schema:
    texts = [pa.field(f"c{place}", pa.string()) for place in range(width)]
    numbers = pa.field(ROW_NO, pa.int64())
    return pa.schema([*texts, numbers, pa.field(SURPLUS, pa.string()), pa.field(STORED, pa.string())])


def _letters(cells: Sequence[str]) -> str | None:
    """How the file holds the cells of a row; None where all of them are text."""
    letters = "".join([_LETTERS.get(type(cell), AS_TEXT) for cell in cells])
    return letters if letters.strip(AS_TEXT) else None


def _letters_at(stored: pa.Array, places: Sequence[int]) -> pa.Array:
    """The letters of some columns only. Few rows differ in them, so each combination is cut once."""
    combinations = stored.dictionary_encode()
    cut = ["".join(letters[place] for place in places) for letters in combinations.dictionary.to_pylist()]
    return pa.array(cut, pa.string()).take(combinations.indices)


def _surplus(cells: Sequence[str], width: int) -> str | None:
    beyond = cells[width:]
    return "\t".join(beyond) if any(cell.strip() for cell in beyond) else None
