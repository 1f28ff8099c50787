"""A version of the ledger as an Iceberg snapshot; its id is the version's number.

What a version shows never changes, but compaction moves its rows to other files. So a snapshot is kept
under its version and the last change that moved rows, and made once for both.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pyiceberg.table.snapshots import Operation, Snapshot

from vamco.warehouse.iceberg.columns import iceberg_schema, shown
from vamco.warehouse.iceberg.copies import readable
from vamco.warehouse.iceberg.manifests import manifest_list
from vamco.warehouse.iceberg.shelf import SNAPSHOT, Shelf, name_of
from vamco.warehouse.models import Change, Version
from vamco.warehouse.view import View, at_version

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MOVES_ROWS: Final = (Change.COMPACTED, Change.ERASED)
_COPIED_BYTES: Final = "vamco.copied-bytes"


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a dataset to show: where its rows lay at version `present`, without some columns."""

    version: Version
    parent_seq: int | None
    present: int
    moved_seq: int  # the last change up to `present` that moved rows to other files
    without: frozenset[str]


def snapshot(
    shelf: Shelf, edition: Edition, generation: object, most_copied: float = math.inf
) -> Snapshot | None:
    """The edition as a snapshot, with all the files that it names on the shelf or in the warehouse.

    None when more than `most_copied` bytes would have to be copied. `generation` says what else the
    files depend on. Raises `Refused` when its rows have been erased.
    """
    version = edition.version
    made_from = [generation, version.dataset_id, version.seq, edition.moved_seq, sorted(edition.without)]
    name = name_of(made_from, SNAPSHOT)
    if shelf.size(name) is None:
        view = at_version(version.dataset_id, version.seq, edition.present)
        if _mixed_bytes(view) > most_copied:
            return None
        shelf.put_bytes(
            name, _made(shelf, edition, view).model_dump_json(by_alias=True, exclude_none=True).encode()
        )
    made = Snapshot.model_validate_json(shelf.path(name).read_bytes())
    return made if copied_bytes(made) <= most_copied else None


def copied_bytes(made: Snapshot) -> int:
    """Bytes of the files that the snapshot needed copies of."""
    return int((made.summary and made.summary[_COPIED_BYTES]) or 0)


def milliseconds(moment: datetime) -> int:
    """The first whole millisecond at which the moment has come.

    So an engine's TIMESTAMP AS OF and our `as_known_at` agree at every whole millisecond.
    """
    return -((_EPOCH - moment) // timedelta(milliseconds=1))


def _made(shelf: Shelf, edition: Edition, view: View) -> Snapshot:
    version, schema = edition.version, iceberg_schema(view.schema, edition.without)
    columns = shown(view.schema, edition.without)
    files = [readable(shelf, view, file, columns) for file in view.files]
    return Snapshot.model_validate(
        {
            "snapshot-id": version.seq,
            "parent-snapshot-id": edition.parent_seq,
            "sequence-number": version.seq,
            "timestamp-ms": milliseconds(version.at),
            "manifest-list": manifest_list(shelf, files, schema, version.seq, edition.parent_seq),
            "summary": _summary(version, view),
            "schema-id": schema.schema_id,
        }
    )


def _summary(version: Version, view: View) -> dict[str, str]:
    """Never "append": our manifests do not say which files are new, and a stream would miss them."""
    is_replaced = version.change == Change.COMPACTED
    return {
        "operation": (Operation.REPLACE if is_replaced else Operation.OVERWRITE).value,
        "total-data-files": str(len(view.files)),
        "total-records": str(view.n_rows),
        "vamco.change": version.change,
        _COPIED_BYTES: str(_mixed_bytes(view)),
    }


def _mixed_bytes(view: View) -> int:
    return sum(file.n_bytes for file in view.files if file.is_mixed)
