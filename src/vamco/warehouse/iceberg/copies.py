"""Copies of the files that an engine may not read whole: some rows are superseded, or some columns personal."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import pyarrow
import pyarrow.parquet
from django.conf import settings
from sqlglot import exp

from vamco.vocabulary.errors import Refused
from vamco.warehouse import duck
from vamco.warehouse.compiling import Source, for_duckdb
from vamco.warehouse.iceberg.manifests import Listed
from vamco.warehouse.iceberg.shelf import Shelf, location, name_of
from vamco.warehouse.models import Placement
from vamco.warehouse.schema import Column
from vamco.warehouse.storage import store
from vamco.warehouse.view import File, View
from vamco.warehouse.writing import ROWS_PER_GROUP

_FIELD_ID: Final = b"PARQUET:field_id"


def readable(shelf: Shelf, view: View, file: File, columns: Collection[Column]) -> Listed:
    """The file itself when an engine may read all of it, else a copy of what it may read."""
    original = _original(file)
    if not file.is_mixed and set(columns) == set(view.schema.stored):
        return Listed(location(original), original, file.n_bytes, file.n_rows)
    hidden = _hidden_in(view, file)
    name = name_of([file.sha256, hidden, [(c.field_id, c.name, c.type) for c in columns]], ".parquet")
    n_bytes = shelf.put(name, lambda path: _write(path, original, view, file, columns))
    return Listed(shelf.uri(name), shelf.path(name), n_bytes, file.n_visible)


def _original(file: File) -> Path:
    path = store().local(file.path, file.sha256)
    if not path.exists():
        raise Refused("warehouse.unreadable_file", reason=file.path)
    return path


def _hidden_in(view: View, file: File) -> list[tuple[int, int]]:
    """The entries (delivery, part) in the file that the view does not show."""
    if not file.is_mixed:
        return []
    placed = Placement.objects.filter(file__dataset=view.dataset, file__sha256=file.sha256)
    keys = placed.values_list("entry__delivery_id", "entry__part")
    return sorted(view.hidden.intersection(keys))


def _write(target: Path, original: Path, view: View, file: File, columns: Collection[Column]) -> None:
    paths = (str(original),)
    source = Source(view, whole=() if file.is_mixed else paths, mixed=paths if file.is_mixed else ())
    pack, _, name = view.dataset.partition(".")
    wanted = [exp.column(c.name, quoted=True) for c in columns]
    compiled = for_duckdb(
        exp.select(*wanted).from_(exp.table_(name, pack, quoted=True)), {view.dataset: source}
    )
    with duck.cursor() as cursor, duck.limited(cursor, settings.ENGINE_SECONDS):
        rows = cursor.sql(compiled.sql, params=compiled.parameters).to_arrow_reader(ROWS_PER_GROUP)
        _write_rows(target, rows, columns)


def _write_rows(target: Path, rows: pyarrow.RecordBatchReader, columns: Collection[Column]) -> None:
    ids = {c.name: str(c.field_id).encode() for c in columns}
    schema = pyarrow.schema([field.with_metadata({_FIELD_ID: ids[field.name]}) for field in rows.schema])
    with pyarrow.parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch.cast(schema))
