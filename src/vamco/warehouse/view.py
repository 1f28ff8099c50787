"""What a dataset consists of at one version of the ledger: frozen, so that many queries see one state."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from vamco.vocabulary.errors import NotFound, Refused
from vamco.warehouse import ledger
from vamco.warehouse.models import DataFile, Dataset, LedgerEntry, Placement
from vamco.warehouse.schema import Schema, schema_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of a delivery, as the ledger holds it."""

    seq: int
    delivery_id: int
    part: int
    period: str
    start_on: date
    end_on: date
    n_rows: int
    known_since_at: datetime

    @property
    def key(self) -> tuple[int, int]:
        """What its rows carry: (delivery_id, delivery_part)."""
        return self.delivery_id, self.part


@dataclass(frozen=True, slots=True)
class File:
    """A file of a view: `n_rows` in all, `n_visible` of them of entries that the view shows."""

    path: str
    sha256: str
    n_bytes: int
    n_rows: int
    n_visible: int

    @property
    def is_mixed(self) -> bool:
        """Whether some of its rows must be hidden."""
        return self.n_visible < self.n_rows


@dataclass(frozen=True, slots=True)
class View:
    """The entries of a dataset at version `seq`, and the present files that hold them.

    Rows of the mixed files whose (delivery_id, delivery_part) is in `hidden` are not part of it.
    """

    schema: Schema
    seq: int
    entries: tuple[Entry, ...]
    files: tuple[File, ...]
    hidden: frozenset[tuple[int, int]]

    @property
    def dataset(self) -> str:
        """Name of the dataset."""
        return self.schema.dataset

    @property
    def n_rows(self) -> int:
        """Rows of the view."""
        return sum(entry.n_rows for entry in self.entries)


def view(dataset: str, *, as_known_at: datetime | None = None, seq: int | None = None) -> View:
    """The dataset now, as known at a moment, or at a version of the ledger.

    Raises `NotFound`, and `Refused` when retention has erased rows that the answer would need.
    """
    present = changed_seq(dataset)
    if as_known_at is not None:
        seq = ledger.seq_at(as_known_at)
    return at_version(dataset, present if seq is None else seq, present)


def changed_seq(dataset: str) -> int:
    """The last version that changed the dataset. Raises `NotFound`."""
    seq = Dataset.objects.filter(name=dataset).values_list("changed_seq", flat=True).first()
    if seq is None:
        raise NotFound("warehouse.no_dataset", dataset=dataset)
    return seq


def at_version(dataset: str, seq: int, present: int) -> View:
    """The entries visible at version `seq`, found in the files that are current at version `present`."""
    schema = schema_of(dataset, seq)
    if not schema.columns:
        raise NotFound("warehouse.not_known_yet", dataset=dataset)
    visible = {row.seq: row for row in _visible(dataset, seq)}
    if any(row.erased_at for row in visible.values()):
        raise Refused("warehouse.history_erased", dataset=dataset)
    files, hidden = _files(dataset, present, set(visible))
    return View(
        schema=schema,
        seq=seq,
        entries=tuple(_entry(row) for row in visible.values()),
        files=files,
        hidden=hidden,
    )


def _visible(dataset: str, seq: int) -> QuerySet[LedgerEntry]:
    still = Q(superseded_seq__isnull=True) | Q(superseded_seq__gt=seq)
    return LedgerEntry.objects.filter(still, dataset_id=dataset, seq__lte=seq).order_by("seq")


def current_files(dataset: str, present: int) -> QuerySet[DataFile]:
    """The files that the ledger names at version `present`."""
    still = Q(removed_seq__isnull=True) | Q(removed_seq__gt=present)
    return DataFile.objects.filter(still, dataset_id=dataset, added_seq__lte=present).order_by("id")


def _files(
    dataset: str, present: int, visible: set[int]
) -> tuple[tuple[File, ...], frozenset[tuple[int, int]]]:
    rows = {row.pk: row for row in current_files(dataset, present)}
    n_visible: dict[int, int] = defaultdict(int)
    unseen: dict[int, list[tuple[int, int]]] = defaultdict(list)
    placed = Placement.objects.filter(file__in=current_files(dataset, present).values("pk"))
    for file, entry, n, *key in placed.values_list(
        "file_id", "entry_id", "n_rows", "entry__delivery_id", "entry__part"
    ):
        if entry in visible:
            n_visible[file] += n
        else:
            unseen[file].append((key[0], key[1]))
    files = tuple(
        File(rows[pk].path, rows[pk].sha256, rows[pk].n_bytes, rows[pk].n_rows, n)
        for pk, n in sorted(n_visible.items())
        if pk in rows
    )
    return files, frozenset(key for pk in n_visible for key in unseen[pk])


def _entry(row: LedgerEntry) -> Entry:
    return Entry(
        seq=row.seq,
        delivery_id=row.delivery_id,
        part=row.part,
        period=row.period,
        start_on=row.start_on,
        end_on=row.end_on,
        n_rows=row.n_rows,
        known_since_at=row.known_since_at,
    )
