"""Does the warehouse hold what the ledger says? Every byte, every row, every name."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import duckdb
from django.db.models import Max, Sum

from vamco.warehouse import duck
from vamco.warehouse.cleaning import leftovers
from vamco.warehouse.compaction import held_in
from vamco.warehouse.models import DataFile, Dataset, Ledger, LedgerEntry, Placement, Version
from vamco.warehouse.storage import store


class FaultKind(StrEnum):
    """What can be wrong."""

    MISSING_FILE = "missing_file"
    ALTERED_FILE = "altered_file"
    UNREADABLE_FILE = "unreadable_file"
    ROWS_OF_FILE = "rows_of_file"
    ROWS_OF_ENTRY = "rows_of_entry"
    DUPLICATE_ROWS = "duplicate_rows"
    LEDGER_ORDER = "ledger_order"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, where it is, and what was expected and found."""

    kind: FaultKind
    where: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what is wrong; leftovers belong to no dataset and harm no reader."""

    n_files: int
    n_bytes: int
    n_rows: int
    n_entries: int
    faults: tuple[Fault, ...]
    leftovers: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether files and ledger agree in everything."""
        return not self.faults


def verify(progress: Callable[[int], None] = lambda _n_bytes: None) -> Report:
    """Re-hash every file and reconcile files, rows and entries with the ledger.

    `progress` is called with the bytes of each file when it is checked.
    """
    files = list(DataFile.objects.filter(removed_seq__isnull=True).order_by("id"))
    with duck.workshop() as connection:
        faults = [fault for file in files for fault in _check_file(connection, file, progress)]
        damaged = {fault.where for fault in faults}
        for dataset in Dataset.objects.order_by("name"):
            sound = [file for file in files if file.dataset_id == dataset.name and file.path not in damaged]
            faults += _duplicates(connection, dataset.name, sound)
    faults += [*_entries(), *_order()]
    return Report(
        n_files=len(files),
        n_bytes=sum(file.n_bytes for file in files),
        n_rows=sum(file.n_rows for file in files),
        n_entries=LedgerEntry.objects.count(),
        faults=tuple(faults),
        leftovers=tuple(file.path for file in leftovers()),
    )


def _check_file(
    connection: duckdb.DuckDBPyConnection, file: DataFile, progress: Callable[[int], None]
) -> Iterator[Fault]:
    progress(file.n_bytes)
    found = store().digest(file.path)
    if found is None:
        yield Fault(FaultKind.MISSING_FILE, file.path, file.sha256, "")
    elif found != file.sha256:
        yield Fault(FaultKind.ALTERED_FILE, file.path, file.sha256, found)
    else:
        yield from _check_rows(connection, file)


def _check_rows(connection: duckdb.DuckDBPyConnection, file: DataFile) -> Iterator[Fault]:
    placed = file.placements.values_list("entry__delivery_id", "entry__part", "n_rows")
    expected = {(delivery_id, part): n for delivery_id, part, n in placed}
    try:
        held = held_in(connection, file)
    except duckdb.Error as error:
        yield Fault(FaultKind.UNREADABLE_FILE, file.path, "Parquet", str(error).partition("\n")[0])
        return
    if held != expected or sum(held.values()) != file.n_rows:
        yield Fault(FaultKind.ROWS_OF_FILE, file.path, _listed(expected), _listed(held))


def _duplicates(
    connection: duckdb.DuckDBPyConnection, dataset: str, files: list[DataFile]
) -> Iterator[Fault]:
    """The same row of a delivery in two places would be counted twice."""
    if not files:
        return
    paths = [str(store().local(file.path, file.sha256)) for file in files]
    columns = "delivery_id, delivery_part"
    found = connection.execute(
        f"SELECT {columns}, count(*), count(DISTINCT row_no) FROM read_parquet(?, union_by_name = true) "  # noqa: S608
        f"GROUP BY {columns} HAVING count(*) > count(DISTINCT row_no) ORDER BY {columns}",
        [paths],
    )
    for delivery_id, part, n_rows, n_distinct in found.fetchall():
        where = f"{dataset} {delivery_id}/{part}"
        yield Fault(FaultKind.DUPLICATE_ROWS, where, str(n_distinct), str(n_rows))


def _entries() -> Iterator[Fault]:
    """Each entry's rows lie in the current files, all of them and once."""
    current = Placement.objects.filter(file__removed_seq__isnull=True)
    placed = dict(current.values_list("entry_id").annotate(Sum("n_rows")))
    for entry in LedgerEntry.objects.filter(erased_at__isnull=True).order_by("seq"):
        if placed.get(entry.seq, 0) != entry.n_rows:
            found = str(placed.get(entry.seq, 0))
            yield Fault(FaultKind.ROWS_OF_ENTRY, str(entry), str(entry.n_rows), found)


def _order() -> Iterator[Fault]:
    """Versions and their moments rise together, and the ledger's row stands at the last."""
    seqs = list(Version.objects.order_by("seq").values_list("seq", "at"))
    if [at for _, at in seqs] != sorted({at for _, at in seqs}):
        yield Fault(FaultKind.LEDGER_ORDER, "versions", "rising moments", "falling moments")
    last = Ledger.objects.values_list("seq", flat=True).first() or 0
    if [seq for seq, _ in seqs] != list(range(1, last + 1)):
        yield Fault(FaultKind.LEDGER_ORDER, "versions", f"1..{last}", f"{len(seqs)} versions")
    changed = Counter(dict(Version.objects.values_list("dataset_id").annotate(Max("seq"))))
    for dataset in Dataset.objects.order_by("name"):
        if dataset.changed_seq != changed[dataset.name]:
            found = str(dataset.changed_seq)
            yield Fault(FaultKind.LEDGER_ORDER, dataset.name, str(changed[dataset.name]), found)


def _listed(rows: dict[tuple[int, int], int]) -> str:
    return ", ".join(f"{delivery_id}/{part}: {n}" for (delivery_id, part), n in sorted(rows.items()))
