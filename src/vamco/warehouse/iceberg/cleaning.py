"""Deleting generated files that no table loaded of late names: of old versions, and of writers that died."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.manifest import read_manifest_list

from vamco.warehouse.cleaning import GRACE, LEFTOVER_AGE
from vamco.warehouse.iceberg.shelf import METADATA, SNAPSHOT, Shelf, shelf


def clean(*, grace: timedelta = GRACE, leftover_age: timedelta = LEFTOVER_AGE) -> tuple[str, ...]:
    """Names of the deleted files. A table that was loaded within `grace` keeps all the files it names."""
    kept = shelf()
    with kept.cleaning():
        named = _named(kept, _youngest(grace))
        gone = sorted((path for path in kept.files() if path not in named), key=_names_others, reverse=True)
        gone += [path for path in kept.unfinished() if path.stat().st_mtime < _youngest(leftover_age)]
        for path in gone:
            path.unlink()
    return tuple(path.name for path in gone)


def _names_others(path: Path) -> bool:
    """Such files go first: when we are interrupted, none is left that names what is gone."""
    return path.suffix == ".json"


def _youngest(age: timedelta) -> float:
    return time.time() - age.total_seconds()


def _named(kept: Shelf, since: float) -> set[Path]:
    """The files on the shelf that tables loaded since then are made of."""
    loaded = {path for path in kept.files() if path.name.endswith(METADATA) and path.stat().st_mtime >= since}
    lists = {s["manifest-list"] for path in loaded for s in json.loads(path.read_bytes())["snapshots"]}
    snapshots = {path for path in kept.files() if path.name.endswith(SNAPSHOT) and _list_of(path) in lists}
    return loaded | snapshots | {_path(uri) for uri in _within(lists)}


def _list_of(snapshot: Path) -> str:
    return str(json.loads(snapshot.read_bytes())["manifest-list"])


def _within(lists: set[str]) -> Iterator[str]:
    """The manifest lists, their manifests and their data files."""
    io = PyArrowFileIO()
    manifests = {m.manifest_path: m for uri in lists for m in read_manifest_list(io.new_input(uri))}
    yield from lists
    yield from manifests
    for manifest in manifests.values():
        yield from (entry.data_file.file_path for entry in manifest.fetch_manifest_entry(io))


def _path(uri: str) -> Path:
    return Path(uri.removeprefix("file://"))
