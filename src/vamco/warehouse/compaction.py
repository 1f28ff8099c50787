"""Small, mixed and unsorted files made into sorted files of about a million rows, while others read and write.

Rows keep their origin. Live rows and history (rows of superseded entries) go to separate files, so
that the present is read without a filter and the past stays readable. Erased rows are dropped.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import duckdb
from django.db import transaction
from django.utils import timezone
from sqlglot import exp, parse_one

from vamco.vocabulary.errors import Refused
from vamco.warehouse import duck, ledger
from vamco.warehouse.compiling import read_parquet
from vamco.warehouse.local_storage import StagedFile
from vamco.warehouse.models import Change, DataFile, LedgerEntry, Version
from vamco.warehouse.schema import Schema, schema_of
from vamco.warehouse.storage import store
from vamco.warehouse.view import changed_seq, current_files
from vamco.warehouse.writing import ROWS_PER_FILE, write_sorted

_WANTED: Final = """SELECT * FROM stored WHERE EXISTS (
    SELECT 1 FROM wanted WHERE wanted.id = stored.delivery_id AND wanted.part = stored.delivery_part)"""
_HELD: Final = "SELECT delivery_id, delivery_part, count(*) FROM read_parquet(?) GROUP BY 1, 2"
_MOST_FILES: Final = 5_000  # opened together, and listed in one statement
_SMALL: Final = ROWS_PER_FILE // 2


@dataclass(frozen=True, slots=True)
class Contents:
    """A current file, and the entries that it holds live, as history, and erased: seq → rows."""

    file: DataFile
    live: dict[int, int]
    history: dict[int, int]
    erased: dict[int, int]
    start_on: str  # of its earliest entry: files are merged with those of neighbouring periods
    is_sorted: bool  # a delivery's rows lie as they came until a compaction sorts them

    @property
    def is_mixed(self) -> bool:
        """Whether a reader of the present, or of the past, would have to step over rows."""
        return bool(self.erased or (self.live and self.history))

    @property
    def is_small(self) -> bool:
        """Whether the file is worth merging with others."""
        return self.file.n_rows < _SMALL

    @property
    def is_worn(self) -> bool:
        """Whether the file is worth rewriting by itself; a small one is read in no time, sorted or not."""
        return self.is_mixed or not (self.is_sorted or self.is_small)


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did to one dataset."""

    dataset: str
    n_files_before: int
    n_files_after: int
    n_rows_rewritten: int
    n_overtaken: int  # groups given up because another compaction was quicker


def compact(
    dataset: str, *, least_files: int = 2, progress: Callable[[int], None] = lambda _n_rows: None
) -> Compacted:
    """Merge the dataset's small files, part its mixed ones and sort the rest, until nothing is worth rewriting.

    `progress` is called with the rows of each group when it is done. Raises `NotFound`, and
    `Refused` when files and ledger disagree: then nothing of that group is changed.
    """
    n_before, n_rows, n_overtaken = _n_files(dataset), 0, 0
    schema = schema_of(dataset)
    # Each pass leaves fewer files, or fewer mixed or unsorted ones, so this ends.
    while groups := planned(dataset, least_files):
        for group in groups:
            n_overtaken += not _rewrite(schema, group)
            n_rows += sum(c.file.n_rows for c in group)
            progress(sum(c.file.n_rows for c in group))
    return Compacted(dataset, n_before, _n_files(dataset), n_rows, n_overtaken)


def _n_files(dataset: str) -> int:
    return current_files(dataset, changed_seq(dataset)).count()


def planned(dataset: str, least_files: int = 2) -> list[list[Contents]]:
    """The groups of files that are worth rewriting together, each of about a million rows."""
    worn = [c for c in contents(dataset) if c.is_worn or c.is_small]
    worn.sort(key=lambda c: (c.start_on, c.file.pk))
    groups = chain(_grouped(c for c in worn if c.live), _grouped(c for c in worn if not c.live))
    return [group for group in groups if len(group) >= least_files or any(c.is_worn for c in group)]


def contents(dataset: str) -> list[Contents]:
    """What each current file of the dataset holds."""
    files = list(current_files(dataset, changed_seq(dataset)).prefetch_related("placements"))
    # Read after the files, so that every entry placed in them is there.
    entries = {entry.seq: entry for entry in LedgerEntry.objects.filter(dataset_id=dataset)}
    compactions = Version.objects.filter(dataset_id=dataset, change=Change.COMPACTED)
    sorting = set(compactions.values_list("seq", flat=True))
    return [_contents(file, entries, is_sorted=file.added_seq in sorting) for file in files]


def _contents(file: DataFile, entries: dict[int, LedgerEntry], *, is_sorted: bool) -> Contents:
    live: dict[int, int] = {}
    history: dict[int, int] = {}
    erased: dict[int, int] = {}
    for placement in file.placements.all():
        entry = entries[placement.entry_id]
        kind = erased if entry.erased_at else history if entry.superseded_seq else live
        kind[entry.seq] = placement.n_rows
    earliest = min((entries[seq].start_on for seq in (live or history or erased)), default="")
    return Contents(file, live, history, erased, str(earliest), is_sorted)


def _grouped(worn: Iterable[Contents]) -> list[list[Contents]]:
    groups: list[list[Contents]] = []
    n_rows = 0
    for item in worn:
        size = sum(item.live.values()) or sum(item.history.values())
        if not groups or n_rows + size > ROWS_PER_FILE or len(groups[-1]) == _MOST_FILES:
            groups.append([])
            n_rows = 0
        groups[-1].append(item)
        n_rows += size
    return groups


def _rewrite(schema: Schema, group: Sequence[Contents]) -> bool:
    """Write the group anew and swap it in the ledger; False when another compaction was quicker."""
    with duck.workshop() as connection:
        _open(connection, schema, group)
        live = _write(connection, schema, _summed(c.live for c in group))
        history = _write(connection, schema, _summed(c.history for c in group))
    return _swap(schema.dataset, [c.file.pk for c in group], [*live, *history])


def _swap(
    dataset: str, replaced: Sequence[int], written: Iterable[tuple[StagedFile, dict[int, int]]]
) -> bool:
    with transaction.atomic():
        # Nothing became known, so the version takes the moment after the last one.
        version = ledger.advance(dataset, Change.COMPACTED, ledger.BEGINNING)
        current = DataFile.objects.filter(pk__in=replaced, removed_seq__isnull=True)
        if current.update(removed_seq=version.seq, removed_at=timezone.now()) != len(replaced):
            transaction.set_rollback(True)
            return False
        for file, rows in written:
            ledger.add_file(dataset, file, rows, version.seq)
    return True


def _summed(held: Iterable[dict[int, int]]) -> Counter[int]:
    total: Counter[int] = Counter()
    for rows in held:
        total.update(rows)
    return total


def _open(connection: duckdb.DuckDBPyConnection, schema: Schema, group: Sequence[Contents]) -> None:
    """Make the group's rows the view `stored` of the connection."""
    paths = [str(store().local(c.file.path, c.file.sha256)) for c in group]
    connection.execute(f"CREATE TEMP VIEW stored AS {read_parquet(exp.convert(paths), schema).sql('duckdb')}")


def _write(
    connection: duckdb.DuckDBPyConnection, schema: Schema, wanted: Counter[int]
) -> list[tuple[StagedFile, dict[int, int]]]:
    """New files with the rows of the wanted entries (seq → rows), and how many of each they hold."""
    if not wanted:
        return []
    entries = LedgerEntry.objects.filter(dataset_id=schema.dataset).values_list("delivery_id", "part", "seq")
    keys = {(delivery_id, part): seq for delivery_id, part, seq in entries if seq in wanted}
    connection.execute("CREATE OR REPLACE TEMP TABLE wanted (id BIGINT, part INTEGER)")
    connection.execute(
        "INSERT INTO wanted SELECT UNNEST(?::BIGINT[]), UNNEST(?::INTEGER[])",
        [list(x) for x in zip(*keys, strict=True)],
    )
    try:
        staged = write_sorted(
            connection, parse_one(_WANTED, dialect="duckdb", into=exp.Select), schema, wanted.total()
        )
        written = [(file, {keys[key]: n for key, n in held_in(connection, file).items()}) for file in staged]
        if _summed(rows for _, rows in written) != wanted:
            raise ValueError
    except (ValueError, KeyError, duckdb.Error) as error:
        raise Refused("warehouse.files_disagree", dataset=schema.dataset) from error
    return written


def held_in(connection: duckdb.DuckDBPyConnection, file: StagedFile | DataFile) -> dict[tuple[int, int], int]:
    """Rows of each (delivery_id, delivery_part) that a file really holds."""
    path = str(store().local(file.path, file.sha256))
    rows = connection.execute(_HELD, [path]).fetchall()
    return {(delivery_id, part): n for delivery_id, part, n in rows}
