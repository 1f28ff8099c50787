"""The delivery ledger: which rows of which files a dataset consists of, at every version of the ledger.

Rows are added and marked, never edited: what was true at version `n` is what has `seq <= n` and is
not superseded or removed by `n`. So a reader that knows a version needs no transaction.
"""

from typing import ClassVar

from django.db import models


class Ledger(models.Model):
    """The one row that every writer locks: the last version, and the moment up to which history is closed."""

    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seq} · {self.at}"


class Change(models.TextChoices):
    """What a version of the ledger did."""

    DECLARED = "declared", "khai báo cột"
    RECORDED = "recorded", "ghi nhận"
    SUPERSEDED = "superseded", "thay thế"
    COMPACTED = "compacted", "gộp tệp"
    ERASED = "erased", "xoá theo thời hạn lưu"


class Dataset(models.Model):
    """Accepted data under one contract; `name` is `<pack>.<dataset>`."""

    name = models.CharField(max_length=200, primary_key=True)
    sort = models.JSONField(default=list)  # names of the columns that files are sorted by
    changed_seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class DatasetColumn(models.Model):
    """A column that the dataset has from `added_seq` on; `field_id` names it in every Parquet file."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="columns")
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=40)
    field_id = models.IntegerField()
    added_seq = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "name"], name="warehouse_column_name_once"),
            models.UniqueConstraint(fields=["dataset", "field_id"], name="warehouse_field_id_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset_id}.{self.name}"


class Version(models.Model):
    """One change of the ledger. `seq` and `at` rise together, in the order of commits."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    change = models.CharField(max_length=12, choices=Change)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dataset", "seq"], name="warehouse_version_of")]

    def __str__(self) -> str:
        return f"{self.seq} · {self.change} · {self.dataset_id}"


class LedgerEntry(models.Model):
    """The accepted rows of one part of a delivery: part 0 is the delivery, later parts are replays."""

    seq = models.BigIntegerField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="entries")
    delivery_id = models.BigIntegerField()
    part = models.IntegerField(default=0)
    period = models.CharField(max_length=60)
    start_on = models.DateField()
    end_on = models.DateField()
    n_rows = models.BigIntegerField()
    known_since_at = models.DateTimeField()
    superseded_seq = models.BigIntegerField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_why = models.CharField(max_length=200, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dataset", "delivery_id", "part"], name="warehouse_delivery_part_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["dataset", "superseded_seq"], name="warehouse_entry_live")]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.delivery_id}/{self.part}"


class DataFile(models.Model):
    """An immutable Parquet file; compaction removes it from the ledger, cleaning from the disk."""

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="files")
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    n_bytes = models.BigIntegerField()
    n_rows = models.BigIntegerField()
    added_seq = models.BigIntegerField()
    removed_seq = models.BigIntegerField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    entries = models.ManyToManyField(LedgerEntry, through="Placement", related_name="files")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["path"],
                condition=models.Q(removed_seq__isnull=True),
                name="warehouse_current_path_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["dataset", "removed_seq"], name="warehouse_file_current")]

    def __str__(self) -> str:
        return self.path


class Placement(models.Model):
    """How many rows of an entry lie in a file."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.CASCADE, related_name="placements")
    file = models.ForeignKey(DataFile, on_delete=models.CASCADE, related_name="placements")
    n_rows = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "file"], name="warehouse_placement_once")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.file_id}"
