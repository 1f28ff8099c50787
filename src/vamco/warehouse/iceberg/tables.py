"""A dataset as an Iceberg table: metadata that lists the version asked for and those before it."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
from pyiceberg.table.metadata import TableMetadataV2
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.table.sorting import UNSORTED_SORT_ORDER

from vamco.vocabulary.errors import NotFound, Refused
from vamco.warehouse import ledger
from vamco.warehouse.iceberg.columns import iceberg_schema
from vamco.warehouse.iceberg.naming import Asked
from vamco.warehouse.iceberg.shelf import METADATA, Shelf, name_of, shelf
from vamco.warehouse.iceberg.snapshots import MOVES_ROWS, Edition, copied_bytes, snapshot
from vamco.warehouse.models import Ledger, Version
from vamco.warehouse.schema import schema_of
from vamco.warehouse.view import changed_seq

LISTED_VERSIONS: Final = 10
LISTED_COPIES: Final = 32_000_000
"""Bytes that may be copied so that past versions can be listed; older ones are asked for by name."""

_FORMAT: Final = 1  # to be raised when the same version shall be generated differently


@dataclass(frozen=True, slots=True)
class Table:
    """Iceberg metadata (JSON) of a dataset at version `seq` of the ledger, and where it lies."""

    dataset: str
    seq: int
    location: str
    metadata: bytes


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to generate: the last version to show, how many before it, and the files' version."""

    dataset: str
    versions: tuple[Version, ...]  # newest first; the last is only a parent
    n_listed: int
    present: int
    moved_seq: int
    without: frozenset[str]

    @property
    def seq(self) -> int:
        return self.versions[0].seq


def load(wanted: Asked, without: frozenset[str] = frozenset()) -> Table:
    """The table, without those columns; generated unless it was before.

    Raises `NotFound` when nothing was known then, `Refused` when retention has erased its rows,
    `Misused` when the moment asked for lies in the future.
    """
    asked, kept = _resolve(wanted, without), shelf()
    generation = [_FORMAT, str(kept.root), settings.WAREHOUSE_URL]
    made_from = [generation, asked.dataset, asked.seq, asked.n_listed, asked.moved_seq, sorted(without)]
    name = name_of(made_from, METADATA)
    with kept.generating():
        if kept.size(name) is None:
            kept.put_bytes(name, _metadata(kept, asked, generation))
        os.utime(kept.path(name))
        return Table(asked.dataset, asked.seq, kept.uri(name), kept.path(name).read_bytes())


def _resolve(wanted: Asked, without: frozenset[str]) -> _Asked:
    until, present = _until(wanted), changed_seq(wanted.dataset)
    n_listed = LISTED_VERSIONS if until is None else 1
    changes = Version.objects.filter(dataset=wanted.dataset).order_by("-seq")
    versions = tuple(changes.filter(seq__lte=present if until is None else until)[: n_listed + 1])
    if not versions:
        raise NotFound("warehouse.not_known_yet", dataset=wanted.dataset)
    moved = changes.filter(seq__lte=present, change__in=MOVES_ROWS).values_list("seq", flat=True).first()
    return _Asked(wanted.dataset, versions, n_listed, present, moved or 0, without)


def _until(wanted: Asked) -> int | None:
    """The version of the ledger that was asked for; None is the present, whose past is closed first.

    Otherwise a delivery on its way could still commit before a moment that an engine has read.
    """
    if wanted.as_known_at is not None:
        return ledger.seq_at(wanted.as_known_at)
    if wanted.seq is not None and not Ledger.objects.filter(seq__gte=wanted.seq).exists():
        raise NotFound("warehouse.no_version", seq=wanted.seq)
    if wanted.seq is None:
        ledger.seq_at(timezone.now())
    return wanted.seq


def _metadata(kept: Shelf, asked: _Asked, generation: Any) -> bytes:
    snapshots = list(_listed(kept, asked, generation))[::-1]
    current = snapshots[-1]
    known = {made.schema_id: made.snapshot_id for made in snapshots}
    schemas = {
        key: iceberg_schema(schema_of(asked.dataset, seq), asked.without) for key, seq in known.items()
    }
    uuid = uuid5(NAMESPACE_URL, f"vamco:{asked.dataset}:{asked.seq if asked.n_listed == 1 else ''}")
    metadata = TableMetadataV2.model_validate(
        {
            "format-version": 2,
            "table-uuid": uuid,
            "location": kept.uri(str(uuid)),
            "last-sequence-number": current.sequence_number,
            "last-updated-ms": current.timestamp_ms,
            "last-column-id": schemas[current.schema_id].highest_field_id,
            "schemas": list(schemas.values()),
            "current-schema-id": current.schema_id,
            "partition-specs": [UNPARTITIONED_PARTITION_SPEC],
            "default-spec-id": UNPARTITIONED_PARTITION_SPEC.spec_id,
            "last-partition-id": 999,
            "sort-orders": [UNSORTED_SORT_ORDER],
            "default-sort-order-id": UNSORTED_SORT_ORDER.order_id,
            "properties": {"gc.enabled": "false", "vamco.dataset": asked.dataset},
            "snapshots": snapshots,
            "current-snapshot-id": current.snapshot_id,
            "snapshot-log": [_logged(made) for made in snapshots],
        }
    )
    return metadata.model_dump_json(by_alias=True, exclude_none=True).encode()


def _listed(kept: Shelf, asked: _Asked, generation: Any) -> Iterator[Snapshot]:
    """Snapshots, newest first, for as long as the past is not erased and asks for few copies."""
    parents = (*(version.seq for version in asked.versions[1:]), None)
    copies_left: float = math.inf
    for version, parent in list(zip(asked.versions, parents, strict=True))[: asked.n_listed]:
        edition = Edition(version, parent, asked.present, asked.moved_seq, asked.without)
        try:
            made = snapshot(kept, edition, generation, copies_left)
        except Refused as error:
            if version.seq == asked.seq or error.key != "warehouse.history_erased":
                raise
            return
        if made is None:
            return
        yield made
        copies_left = LISTED_COPIES if version.seq == asked.seq else copies_left - copied_bytes(made)


def _logged(made: Snapshot) -> dict[str, int]:
    return {"snapshot-id": made.snapshot_id, "timestamp-ms": made.timestamp_ms}
