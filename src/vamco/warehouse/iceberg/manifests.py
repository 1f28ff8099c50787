"""Manifests and manifest lists: which Parquet files a snapshot consists of, with the statistics of each.

Files are grouped by their own names: a group ends after a file whose hash ends in zeros. So adding,
superseding or replacing one file changes one group, and all other manifests are used again.
"""

import hashlib
import io
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet
from pyiceberg.io import InputFile, OutputFile, OutputStream
from pyiceberg.io.pyarrow import (
    compute_statistics_plan,
    data_file_statistics_from_parquet_metadata,
    parquet_path_to_id_mapping,
    pyarrow_to_schema,
)
from pyiceberg.manifest import (
    DataFile,
    DataFileContent,
    FileFormat,
    ManifestContent,
    ManifestEntry,
    ManifestEntryStatus,
    ManifestFile,
    write_manifest,
    write_manifest_list,
)
from pyiceberg.partitioning import UNPARTITIONED_PARTITION_SPEC
from pyiceberg.schema import Schema
from pyiceberg.typedef import Record

from vamco.warehouse.iceberg.shelf import Shelf, name_of

FILES_PER_MANIFEST: Final = 32  # on average
_BEFORE_ALL: Final = 0  # snapshot and sequence number of files that no listed snapshot added
_CODEC: Final = "deflate"


@dataclass(frozen=True, slots=True)
class Listed:
    """A Parquet file all of whose rows an engine may read."""

    uri: str
    path: Path
    n_bytes: int
    n_rows: int


def manifest_list(
    shelf: Shelf, files: Sequence[Listed], schema: Schema, snapshot_id: int, parent_id: int | None
) -> str:
    """Location of a list of manifests that name exactly these files."""
    manifests = [_manifest(shelf, group, schema) for group in groups(files)]
    name = name_of([snapshot_id, parent_id, [m.manifest_path for m in manifests]], ".list.avro")
    output = _Buffer(shelf.uri(name))
    with write_manifest_list(2, output, snapshot_id, parent_id, snapshot_id, _CODEC) as writer:
        if manifests:
            writer.add_manifests(manifests)
    shelf.put_bytes(name, output.content)
    return output.location


def groups(files: Sequence[Listed]) -> Iterator[tuple[Listed, ...]]:
    """The files in order, cut where a file's name says so."""
    start = 0
    for end, file in enumerate(files, start=1):
        if end == len(files) or _ends_group(file):
            yield tuple(files[start:end])
            start = end


def _ends_group(file: Listed) -> bool:
    return int.from_bytes(hashlib.sha256(file.uri.encode()).digest()[-4:]) % FILES_PER_MANIFEST == 0


def _manifest(shelf: Shelf, files: Sequence[Listed], schema: Schema) -> ManifestFile:
    name = name_of([schema.model_dump_json(), [(f.uri, f.n_bytes, f.n_rows) for f in files]], ".avro")
    n_bytes = shelf.size(name)
    if n_bytes is None:
        n_bytes = shelf.put_bytes(name, _written(shelf.uri(name), files, schema))
    return ManifestFile.from_args(
        manifest_path=shelf.uri(name),
        manifest_length=n_bytes,
        partition_spec_id=UNPARTITIONED_PARTITION_SPEC.spec_id,
        content=ManifestContent.DATA,
        sequence_number=_BEFORE_ALL,
        min_sequence_number=_BEFORE_ALL,
        added_snapshot_id=_BEFORE_ALL,
        added_files_count=0,
        existing_files_count=len(files),
        deleted_files_count=0,
        added_rows_count=0,
        existing_rows_count=sum(file.n_rows for file in files),
        deleted_rows_count=0,
        partitions=[],
        key_metadata=None,
    )


def _written(uri: str, files: Sequence[Listed], schema: Schema) -> bytes:
    output = _Buffer(uri)
    shown = schema.field_ids
    with write_manifest(2, UNPARTITIONED_PARTITION_SPEC, schema, output, _BEFORE_ALL, _CODEC) as writer:
        for file in files:
            writer.add_entry(
                ManifestEntry.from_args(
                    status=ManifestEntryStatus.EXISTING,
                    snapshot_id=_BEFORE_ALL,
                    sequence_number=_BEFORE_ALL,
                    file_sequence_number=_BEFORE_ALL,
                    data_file=_data_file(file, shown),
                )
            )
    return output.content


def _data_file(file: Listed, shown: Set[int]) -> DataFile:
    footer = pyarrow.parquet.read_metadata(file.path)
    own = pyarrow_to_schema(footer.schema.to_arrow_schema())
    statistics: dict[str, Any] = data_file_statistics_from_parquet_metadata(
        footer, compute_statistics_plan(own, {}), parquet_path_to_id_mapping(own)
    ).to_serialized_dict()
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=file.uri,
        file_format=FileFormat.PARQUET,
        partition=Record(),
        file_size_in_bytes=file.n_bytes,
        sort_order_id=None,
        spec_id=UNPARTITIONED_PARTITION_SPEC.spec_id,
        equality_ids=None,
        key_metadata=None,
        **{key: _of_shown(value, shown) for key, value in statistics.items()},
    )


def _of_shown(statistic: Any, shown: Set[int]) -> Any:
    if isinstance(statistic, dict):
        return {field_id: value for field_id, value in statistic.items() if field_id in shown}
    return statistic


class _Buffer(OutputFile):
    """A file that pyiceberg writes to memory; the shelf makes it durable."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.content = b""

    def __len__(self) -> int:
        return len(self.content)

    def exists(self) -> bool:
        """Never: the shelf looks before."""
        return False

    def to_input_file(self) -> InputFile:
        """Not needed to write."""
        raise NotImplementedError

    def create(self, overwrite: bool = False) -> OutputStream:  # noqa: ARG002, FBT001, FBT002  pyiceberg's signature
        """The stream to write to."""
        return _Stream(self)


class _Stream(io.BytesIO):
    def __init__(self, owner: _Buffer) -> None:
        super().__init__()
        self.owner = owner

    def close(self) -> None:
        if not self.closed:
            self.owner.content = self.getvalue()
        super().close()
