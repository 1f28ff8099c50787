"""The columns of a dataset: they are only ever added, and each keeps its field id for good."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from vamco.vocabulary.errors import Misused, NotFound, Refused
from vamco.warehouse import ledger
from vamco.warehouse.models import Change, Dataset, DatasetColumn

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z0-9][a-z0-9_-]*")
_TYPE: Final = re.compile(r"VARCHAR|BIGINT|INTEGER|DOUBLE|BOOLEAN|DATE|TIMESTAMP|DECIMAL\(\d{1,2},\d{1,2}\)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a dataset: a DuckDB type, and the field id that names it in Parquet and Iceberg."""

    name: str
    type: str
    field_id: int


ORIGIN: Final = (
    Column("delivery_id", "BIGINT", 1),
    Column("delivery_part", "INTEGER", 2),
    Column("row_no", "BIGINT", 3),
)
"""The columns that every row carries: where it came from."""

_FIRST_FIELD_ID: Final = 100


@dataclass(frozen=True, slots=True)
class Schema:
    """A dataset's own columns in order, and the columns that its files are sorted by."""

    dataset: str
    columns: tuple[Column, ...]
    sort: tuple[str, ...]

    @property
    def stored(self) -> tuple[Column, ...]:
        """Every column of a stored row: its own, then its origin."""
        return (*self.columns, *ORIGIN)


def declare(
    dataset: str,
    columns: Sequence[tuple[str, str]],
    sort: Sequence[str] = (),
    *,
    at: datetime | None = None,
) -> Schema:
    """Make sure that the dataset has these (name, type) columns; new ones are added as nullable.

    Raises `Refused` when a known column would change its type, `Misused` for a name or type that
    the warehouse cannot hold.
    """
    _check(dataset, columns, sort)
    if (known := find(dataset)) and _covers(known, columns, sort):
        return known
    with transaction.atomic():
        version = ledger.advance(dataset, Change.DECLARED, at)
        Dataset.objects.filter(name=dataset).update(sort=list(sort))
        _add(dataset, columns, version.seq)
    return schema_of(dataset)


def find(dataset: str, seq: int | None = None) -> Schema | None:
    """The dataset's schema at that version of the ledger (now, when None), or None."""
    row = Dataset.objects.filter(name=dataset).first()
    if row is None:
        return None
    columns = row.columns.order_by("field_id")
    if seq is not None:
        columns = columns.filter(added_seq__lte=seq)
    found = tuple(Column(c.name, c.type, c.field_id) for c in columns)
    return Schema(dataset, found, tuple(row.sort))


def schema_of(dataset: str, seq: int | None = None) -> Schema:
    """The dataset's schema at that version of the ledger. Raises `NotFound`."""
    if (schema := find(dataset, seq)) is None:
        raise NotFound("warehouse.no_dataset", dataset=dataset)
    return schema


def _covers(known: Schema, columns: Sequence[tuple[str, str]], sort: Sequence[str]) -> bool:
    return known.sort == tuple(sort) and set(columns) <= {(c.name, c.type) for c in known.columns}


def _add(dataset: str, columns: Sequence[tuple[str, str]], seq: int) -> None:
    known = {c.name: c for c in DatasetColumn.objects.filter(dataset_id=dataset)}
    field_id = max((c.field_id for c in known.values()), default=_FIRST_FIELD_ID - 1)
    for name, type_ in columns:
        if name not in known:
            field_id += 1
            DatasetColumn.objects.create(
                dataset_id=dataset, name=name, type=type_, field_id=field_id, added_seq=seq
            )
        elif known[name].type != type_:
            raise Refused("warehouse.type_changed", column=name, was=known[name].type, wanted=type_)


def _check(dataset: str, columns: Sequence[tuple[str, str]], sort: Sequence[str]) -> None:
    if not _NAME.fullmatch(dataset):
        raise Misused("warehouse.bad_dataset_name", dataset=dataset)
    names = [name for name, _ in columns]
    folded = {name.casefold() for name in names}
    if not names or not all(names) or len(folded) < len(names) or folded & {c.name for c in ORIGIN}:
        raise Misused("warehouse.bad_column_names", names=names)
    if bad := [type_ for _, type_ in columns if not _TYPE.fullmatch(type_)]:
        raise Misused("warehouse.bad_column_type", types=bad)
    if unknown := [name for name in sort if name not in names]:
        raise Misused("warehouse.bad_column_names", names=unknown)
