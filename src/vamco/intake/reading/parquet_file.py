"""Parquet as a table of text that loses nothing: all digits, no zeros dropped, moments in ISO form."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from vamco.intake.reading.grid import Row, StoredDay, StoredNumber
from vamco.intake.reading.staging import StagedRows, staged_path
from vamco.intake.reading.text_table import Limits, TextTable
from vamco.intake.reading.workbooks.number_format import plain_number
from vamco.vocabulary.errors import Unreadable
from vamco.vocabulary.text import nfc

_BATCH_ROWS: Final = 8_192
_BROKEN: Final = (pa.ArrowException, OSError, ValueError, OverflowError, UnicodeDecodeError)


def read_parquet(path: Path, *, staging: Path, limits: Limits, **facts: Any) -> TextTable:
    """The rows of a Parquet file as a text table. Raises `Unreadable`."""
    try:
        with pq.ParquetFile(path) as source:
            target = staged_path(staging, ".parquet")
            names = source.schema_arrow.names
            _check_size(source.metadata, len(names), limits)
            staged = StagedRows(len(names), limits)
            staged.write(_rows(source), target)
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


def _check_size(metadata: pq.FileMetaData, n_columns: int, limits: Limits) -> None:
    if n_columns > limits.columns:
        raise Unreadable("intake.read_too_many_columns", n_columns=n_columns, limit=limits.columns)
    if metadata.num_rows > limits.rows:
        raise Unreadable("intake.read_too_many_rows", n_rows=metadata.num_rows, limit=limits.rows)


def _rows(source: pq.ParquetFile) -> Iterator[Row]:
    row_no = 0
    for batch in source.iter_batches(batch_size=_BATCH_ROWS):
        columns = [_texts(column) for column in batch.columns]
        for cells in zip(*columns, strict=True):
            row_no += 1
            yield Row(row_no, list(cells))


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
