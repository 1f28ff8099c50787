"""What the warehouse holds, in numbers: for people who look after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, Sum

from vamco.warehouse.models import DataFile, Dataset, LedgerEntry

_LIVE: Final = Q(superseded_seq__isnull=True)


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """A dataset now: its live rows and entries, and its files with their history."""

    dataset: str
    n_live_rows: int
    n_entries: int
    n_superseded: int
    n_files: int
    n_bytes: int
    changed_seq: int


def datasets() -> list[DatasetSummary]:
    """Every dataset, by name."""
    files = _by_dataset(
        DataFile.objects.filter(removed_seq__isnull=True)
        .values_list("dataset_id")
        .annotate(n_files=Count("id"), n_bytes=Sum("n_bytes"))
    )
    entries = _by_dataset(
        LedgerEntry.objects.values_list("dataset_id").annotate(
            n_live_rows=Sum("n_rows", filter=_LIVE, default=0),
            n_entries=Count("seq", filter=_LIVE),
            n_superseded=Count("seq", filter=~_LIVE),
        )
    )
    return [
        _summary(row, entries.get(row.name, (0, 0, 0)), files.get(row.name, (0, 0)))
        for row in Dataset.objects.order_by("name")
    ]


def _summary(row: Dataset, entries: tuple[int, ...], files: tuple[int, ...]) -> DatasetSummary:
    n_live_rows, n_entries, n_superseded = entries
    n_files, n_bytes = files
    return DatasetSummary(row.name, n_live_rows, n_entries, n_superseded, n_files, n_bytes, row.changed_seq)


def _by_dataset(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(numbers) for name, *numbers in rows}
