"""Writing the delivery ledger: the last step of a delivery, inside the transaction that receipts it.

Versions are numbered under a lock on the ledger's one row, held until commit. PostgreSQL hands out
sequence numbers in one order and commits in another; without the lock a reader at version 8 could
later see version 7 appear in its past. Take the ledger last in a transaction: writers queue for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from vamco.vocabulary.errors import Misused, Refused
from vamco.warehouse.local_storage import StagedFile
from vamco.warehouse.models import Change, DataFile, Dataset, Ledger, LedgerEntry, Placement, Version
from vamco.warehouse.storage import store

BEGINNING: Final = datetime(1900, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Which rows arrive: one part of one delivery, for one dataset and period."""

    dataset: str
    delivery_id: int
    part: int
    period: str
    start_on: date
    end_on: date


def record(
    arrival: Arrival,
    staged: Sequence[StagedFile],
    *,
    supersedes: Iterable[int] = (),
    why: str = "restated",
    at: datetime | None = None,
) -> LedgerEntry:
    """Add the staged files as accepted rows, and supersede the entries with those `seq`.

    Must run in the caller's transaction: the rows are there when it commits, and only then.
    `at` is when they became known (now, when None); it is moved after the ledger's last version.
    Raises `Refused` when this part was recorded before, when a staged file is gone, or when an
    entry to supersede is not live.
    """
    version = advance(arrival.dataset, Change.RECORDED, at)
    _refuse_twice(arrival)
    _require_stored(staged)
    _mark_superseded(arrival.dataset, tuple(supersedes), version, why)
    entry = LedgerEntry.objects.create(
        seq=version.seq,
        dataset_id=arrival.dataset,
        delivery_id=arrival.delivery_id,
        part=arrival.part,
        period=arrival.period,
        start_on=arrival.start_on,
        end_on=arrival.end_on,
        n_rows=sum(file.n_rows for file in staged),
        known_since_at=version.at,
    )
    for file in staged:
        add_file(arrival.dataset, file, {entry.seq: file.n_rows}, version.seq)
    return entry


def supersede(dataset: str, entries: Iterable[int], *, why: str, at: datetime | None = None) -> Version:
    """Take the entries with those `seq` out of the dataset from now on; their history stays readable.

    Must run in the caller's transaction. Raises `Refused` when one of them is not live.
    """
    version = advance(dataset, Change.SUPERSEDED, at)
    _mark_superseded(dataset, tuple(entries), version, why)
    return version


def erase(dataset: str, entries: Iterable[int]) -> Version:
    """Take the history of superseded entries (by `seq`) out of every answer, for good.

    Must run in the caller's transaction. Raises `Refused` when one is live or erased already.
    """
    version = advance(dataset, Change.ERASED)
    wanted = set(entries)
    history = LedgerEntry.objects.filter(
        dataset_id=dataset, seq__in=wanted, superseded_seq__isnull=False, erased_at__isnull=True
    )
    if history.update(erased_at=version.at) != len(wanted):
        raise Refused("warehouse.not_history", dataset=dataset, entries=sorted(wanted))
    return version


def advance(dataset: str, change: Change, at: datetime | None = None) -> Version:
    """Open the next version of the ledger, alone until the caller's transaction ends."""
    now = timezone.now()
    if at is not None and at > now:
        raise Misused("warehouse.moment_in_the_future", at=at)
    row = lock()
    row.seq, row.at = row.seq + 1, max(at or now, row.at + _TICK)
    row.save()
    Dataset.objects.update_or_create(name=dataset, defaults={"changed_seq": row.seq})
    return Version.objects.create(seq=row.seq, at=row.at, dataset_id=dataset, change=change)


def lock() -> Ledger:
    """Wait until this transaction is the ledger's only writer."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("the ledger is written inside transaction.atomic()")
    row, _ = Ledger.objects.select_for_update().get_or_create(pk=1, defaults={"at": BEGINNING})
    return row


def seq_at(moment: datetime) -> int:
    """The ledger's version at that moment (0 before the first). The answer never changes later.

    A transaction that took its moment before ours may still be on its way; waiting for the lock
    lets it land, and moving `Ledger.at` keeps later ones out of the past that we read.
    """
    if moment > timezone.now():
        raise Misused("warehouse.moment_in_the_future", at=moment)
    if not Ledger.objects.filter(at__gte=moment).exists():
        _close_history(moment)
    last = Version.objects.filter(at__lte=moment).order_by("-at", "-seq").first()
    return last.seq if last else 0


def add_file(dataset: str, staged: StagedFile, rows: dict[int, int], seq: int) -> DataFile:
    """Name a stored file in the ledger, with the number of rows it holds of each entry (by `seq`)."""
    file = DataFile.objects.create(
        dataset_id=dataset,
        path=staged.path,
        sha256=staged.sha256,
        n_bytes=staged.n_bytes,
        n_rows=staged.n_rows,
        added_seq=seq,
    )
    Placement.objects.bulk_create(Placement(entry_id=entry, file=file, n_rows=n) for entry, n in rows.items())
    return file


def _close_history(moment: datetime) -> None:
    with transaction.atomic():
        row = lock()
        row.at = max(row.at, moment)
        row.save()


def _refuse_twice(arrival: Arrival) -> None:
    same = LedgerEntry.objects.filter(
        dataset_id=arrival.dataset, delivery_id=arrival.delivery_id, part=arrival.part
    )
    if same.exists():
        raise Refused(
            "warehouse.recorded_before",
            dataset=arrival.dataset,
            delivery=arrival.delivery_id,
            part=arrival.part,
        )


def _require_stored(staged: Sequence[StagedFile]) -> None:
    kept = store()
    if gone := [file.path for file in staged if kept.size(file.path) != file.n_bytes]:
        raise Refused("warehouse.staged_file_gone", files=gone)


def _mark_superseded(dataset: str, entries: Sequence[int], version: Version, why: str) -> None:
    live = LedgerEntry.objects.filter(dataset_id=dataset, seq__in=entries, superseded_seq__isnull=True)
    n_marked = live.update(superseded_seq=version.seq, superseded_at=version.at, superseded_why=why)
    if n_marked != len(set(entries)):
        raise Refused("warehouse.not_live", dataset=dataset, entries=sorted(entries))
