"""Parquet as a table of text that loses nothing: all digits, no zeros dropped, moments in ISO form."""

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vamco.intake.reading.grid import Row, StoredDay, StoredNumber
from vamco.intake.reading.staging import StagedRows, staged_path
from vamco.intake.reading.text_table import Limits, TextTable
from vamco.intake.reading.workbooks.number_format import plain_number
from vamco.vocabulary.errors import Unreadable
from vamco.vocabulary.text import nfc

_BATCH_ROWS: Final = 8_192
_BATCH_BYTES: Final = 16 << 20
_VALUE_BYTES: Final = 16  # what a value weighs at least once it is an object
_SMALL_BYTES: Final = 256 << 20  # what any file may unfold to
_SMALL_CELLS: Final = 4_000_000
_CELLS_PER_BYTE: Final = 100
_TEXTS: Final = {"STRING", "JSON", "ENUM", "NONE"}
_BROKEN: Final = (duckdb.Error, pa.ArrowException, OSError, ValueError, OverflowError, UnicodeDecodeError)


def read_parquet(path: Path, *, staging: Path, limits: Limits, **facts: Any) -> TextTable:
    """The rows of a Parquet file as a text table. Raises `Unreadable`."""
    try:
        n_values = _n_values(path)
        with pq.ParquetFile(path) as source:
            metadata, names = source.metadata, source.schema_arrow.names
        budget = _Budget(path.stat().st_size, limits)
        _check_size(metadata, len(names), limits)
        budget.check(metadata, n_values)
        target = staged_path(staging, ".parquet")
        staged = StagedRows(len(names), limits)
        with pq.ParquetFile(path, read_dictionary=_text_paths(metadata)) as source:
            staged.write(_rows(source, budget, limits), target)
    except MemoryError as error:
        raise Unreadable("intake.read_too_much_text", limit=limits.unpacked_bytes) from error
    except _BROKEN as error:
        raise Unreadable("intake.read_broken", source_format="Parquet", reason=str(error)[:200]) from error
    return TextTable(
        path=target,
        form="parquet",
        columns=tuple(map(nfc, names)),
        stored=tuple(map(frozenset, staged.stored)),
        n_rows=staged.n_rows,
        first_row_no=1,
        source_format="parquet",
        **facts,
    )


def _n_values(path: Path) -> int:
    """The values a file says it holds, nested ones too.

    DuckDB counts them, because PyArrow ends the whole process where it meets a damaged column chunk.
    """
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute("SELECT sum(num_values) FROM parquet_metadata(?)", [str(path)]).fetchone()
    return int(found[0] or 0) if found else 0


def _check_size(metadata: pq.FileMetaData, n_columns: int, limits: Limits) -> None:
    if n_columns > limits.columns:
        raise Unreadable("intake.read_too_many_columns", n_columns=n_columns, limit=limits.columns)
    if metadata.num_rows > limits.rows:
        raise Unreadable("intake.read_too_many_rows", n_rows=metadata.num_rows, limit=limits.rows)


class _Budget:
    """What a file may unfold to by its own size; a few kilobytes can stand for gigabytes of the same text."""

    def __init__(self, n_file_bytes: int, limits: Limits) -> None:
        self._n_cells = max(_SMALL_CELLS, n_file_bytes * _CELLS_PER_BYTE)
        self._n_bytes = min(max(_SMALL_BYTES, n_file_bytes * limits.unpacked_ratio), limits.unpacked_bytes)
        self._n_taken = 0

    def check(self, metadata: pq.FileMetaData, n_values: int) -> None:
        """Raises `Unreadable` when the file says itself that it holds too much."""
        if max(n_values, metadata.num_rows) > self._n_cells:
            raise Unreadable("intake.read_parquet_swollen", limit=self._n_cells)
        if sum(group.total_byte_size for group in _groups(metadata)) > self._n_bytes:
            raise Unreadable("intake.read_too_much_text", limit=self._n_bytes)

    def take(self, n_bytes: int) -> None:
        """Count bytes that are about to be unfolded. Raises `Unreadable` when they are too many."""
        self._n_taken += n_bytes
        if self._n_taken > self._n_bytes:
            raise Unreadable("intake.read_too_much_text", limit=self._n_bytes)


def _groups(metadata: pq.FileMetaData) -> Iterator[pq.RowGroupMetaData]:
    return (metadata.row_group(at) for at in range(metadata.num_row_groups))


def _text_paths(metadata: pq.FileMetaData) -> list[str]:
    """The columns that may repeat a text; they are read so that each text is in memory once."""
    columns = [metadata.schema.column(at) for at in range(metadata.num_columns)]
    return [c.path for c in columns if c.physical_type == "BYTE_ARRAY" and c.logical_type.type in _TEXTS]


def _rows(source: pq.ParquetFile, budget: _Budget, limits: Limits) -> Iterator[Row]:
    row_no = 0
    heaviest = max((g.total_byte_size // max(g.num_rows, 1) for g in _groups(source.metadata)), default=0)
    n_rows = max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(heaviest, 1)))
    for batch in source.iter_batches(batch_size=n_rows):
        for piece in _pieces(batch, budget):
            columns = [_texts(column) for column in piece.columns]
            for cells in zip(*columns, strict=True):
                row_no += 1
                _check_cells(row_no, cells, limits)
                yield Row(row_no, list(cells))


def _pieces(batch: pa.RecordBatch, budget: _Budget) -> Iterator[pa.RecordBatch]:
    """The rows of a batch in pieces that are small when unfolded."""
    weight = sum(map(_weight, batch.columns))
    if weight <= _BATCH_BYTES or batch.num_rows <= 1:
        budget.take(weight)
        yield batch
        return
    half = batch.num_rows // 2
    yield from _pieces(batch.slice(0, half), budget)
    yield from _pieces(batch.slice(half), budget)


def _weight(column: pa.Array) -> int:
    """The bytes that a column takes once nothing in it is shared."""
    least = len(column) * _VALUE_BYTES
    kind = column.type
    if pa.types.is_dictionary(kind) and _is_text(kind.value_type):
        lengths = pc.binary_length(column.dictionary).take(column.indices)
        return least + int(pc.sum(lengths).as_py() or 0)
    if pa.types.is_map(kind):
        first, end = column.offsets[0].as_py(), column.offsets[-1].as_py()
        return least + sum(_weight(side.slice(first, end - first)) for side in (column.keys, column.items))
    if pa.types.is_struct(kind):
        return least + sum(map(_weight, column.flatten()))
    if pa.types.is_nested(kind):
        return least + _weight(column.flatten())
    return max(least, int(column.nbytes))


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_large_binary(kind)
    )


def _check_cells(row_no: int, cells: Sequence[str], limits: Limits) -> None:
    if max(map(len, cells), default=0) > limits.cell_characters:
        raise Unreadable("intake.read_cell_too_long", row=row_no, limit=limits.cell_characters)


def _texts(column: pa.Array) -> list[str]:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    write = _writer(column.type)
    return ["" if value is None else write(value) for value in _values(column)]


def _values(column: pa.Array) -> list[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp(kind.unit, "UTC"))
    if pa.types.is_temporal(kind) and not pa.types.is_duration(kind):
        column = column.cast(pa.string())
    return list(column.to_pylist())


def _writer(kind: pa.DataType) -> Callable[[Any], str]:
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _number
    if pa.types.is_boolean(kind):
        return lambda value: "true" if value else "false"
    if pa.types.is_temporal(kind) and not pa.types.is_duration(kind):
        return _moment
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _bytes
    if pa.types.is_nested(kind):
        return lambda value: json.dumps(value, ensure_ascii=False, default=str)
    return lambda value: nfc(str(value))


def _number(value: float | Decimal) -> StoredNumber:
    if isinstance(value, Decimal):
        return StoredNumber(format(value, "f"))
    try:
        return StoredNumber(plain_number(value) if isinstance(value, float) else value)
    except ValueError:
        return StoredNumber(value)  # no number, or beyond all of them


def _moment(text: str) -> StoredDay:
    """The moment without the zeros that end a fraction of a second."""
    moment, zone = (text[:-1], "Z") if text.endswith("Z") else (text, "")
    return StoredDay((moment.rstrip("0").rstrip(".") if "." in moment else moment) + zone)


def _bytes(value: bytes) -> str:
    try:
        return nfc(value.decode("utf-8"))
    except UnicodeDecodeError:
        return value.hex()
