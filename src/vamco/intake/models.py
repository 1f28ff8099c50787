"""What has arrived, what was said of it, and what was asked for: the operational side of the delivery ledger."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from vamco.intake.raw_store import raw_path
from vamco.vocabulary.period import Period
from vamco.warehouse.models import LedgerEntry


class State(models.TextChoices):
    """Where a delivery stands: waiting, decided, or withdrawn after it was accepted."""

    RECEIVED = "received", "Đã nhận"
    CHECKING = "checking", "Đang kiểm tra"
    ACCEPTED = "accepted", "Đã chấp nhận"
    PARTLY_ACCEPTED = "partly_accepted", "Chấp nhận một phần"
    REJECTED = "rejected", "Bị trả lại"
    UNREADABLE = "unreadable", "Không đọc được"
    WITHDRAWN = "withdrawn", "Đã rút"


class Channel(models.TextChoices):
    """The way in."""

    COMMAND_LINE = "command_line", "Dòng lệnh"
    UPLOAD = "upload", "Trang tải lên"
    API = "api", "Hệ thống gửi"
    WATCHED_FOLDER = "watched_folder", "Thư mục theo dõi"
    PULL = "pull", "Lấy theo lịch"


ACCEPTED_STATES = (State.ACCEPTED, State.PARTLY_ACCEPTED)
OPEN_STATES = (State.RECEIVED, State.CHECKING)


class Delivery(models.Model):
    """One arrival for one contract and period. The same bytes for both twice are one delivery.

    `supersedes` names the delivery that this one restates; both stay readable. `options` are what
    the sender declared: `map_on` (ISO day of the map that units are named on), `encoding`, `sheet`.
    """

    contract_id = models.CharField(max_length=200)
    contract_version = models.CharField(max_length=40)
    period = models.CharField(max_length=60)
    period_start_on = models.DateField()
    period_end_on = models.DateField()
    agency = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=200, null=True)  # distinct only where given
    channel = models.CharField(max_length=20, choices=Channel.choices)
    options = models.JSONField(default=dict)
    is_simulated = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=500, blank=True)
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["contract_id", "period_start_on"], name="intake_delivery_timeline"),
            models.Index(fields=["state", "lease_until"], name="intake_delivery_waiting"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract_id", "period", "sha256"], name="intake_same_bytes_once"
            ),
            models.UniqueConstraint(fields=["agency", "idempotency_key"], name="intake_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.contract_id} {self.period}"

    @property
    def covered(self) -> Period:
        """The period that the delivery is for."""
        return Period.parse(self.period)

    @property
    def is_live(self) -> bool:
        """Whether its rows are what the dataset holds now: accepted and not restated."""
        held = LedgerEntry.objects.filter(dataset_id=self.contract_id, delivery_id=self.pk)
        return held.filter(superseded_seq__isnull=True).exists()

    @property
    def first_part(self) -> "Part":
        """The part that the delivery began with."""
        return self.parts.get(number=1)

    @property
    def receipt(self) -> "Receipt | None":
        """The latest receipt of any part; None before the first check."""
        return Receipt.objects.filter(part__delivery=self).order_by("id").last()


class Part(models.Model):
    """Bytes that were sent for a delivery: the first file, and then each file of corrected rejects."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    n_bytes = models.BigIntegerField()
    filename = models.CharField(max_length=255)
    sender = models.CharField(max_length=200)
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="intake_part_number"),
            models.UniqueConstraint(fields=["delivery", "sha256"], name="intake_part_bytes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.number} {self.filename}"

    @property
    def raw_path(self) -> Path:
        """Where the bytes are kept, named by their SHA-256."""
        return raw_path(self.sha256)


class Receipt(models.Model):
    """What one check of one part found: counts that obey conservation, score, and the files of the details.

    `n_received` = `n_accepted` + `n_rejected` + `n_duplicates`; set-aside rows are counted apart.
    `report` is the summary as JSON; `folder` holds findings, rejects and the full report as files.
    """

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="receipts")
    outcome = models.CharField(max_length=20, choices=State.choices)
    contract_version = models.CharField(max_length=40)
    checked_at = models.DateTimeField()
    check_seconds = models.FloatField()
    n_received = models.BigIntegerField(default=0)
    n_accepted = models.BigIntegerField(default=0)
    n_rejected = models.BigIntegerField(default=0)
    n_duplicates = models.BigIntegerField(default=0)
    n_set_aside = models.BigIntegerField(default=0)
    n_findings = models.BigIntegerField(default=0)
    score = models.FloatField(null=True)
    has_serious_alert = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    folder = models.CharField(max_length=200, blank=True)
    rejects_file = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="intake_conservation",
                condition=Q(n_received=F("n_accepted") + F("n_rejected") + F("n_duplicates")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.outcome}"

    @property
    def rejects_path(self) -> Path | None:
        """The rejected rows in the sender's own layout; None when none were rejected."""
        return Path(settings.HOME) / self.folder / self.rejects_file if self.rejects_file else None


class Finding(models.Model):
    """How often one kind of fault was found in one column, with its first example."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="findings")
    column = models.CharField(max_length=200, blank=True)
    header = models.CharField(max_length=500, blank=True)  # the column as the sender wrote it
    reason = models.CharField(max_length=80)  # key of intake/messages.yaml
    error_type = models.CharField(max_length=40)  # frictionless' name of it
    strictness = models.CharField(max_length=10)
    dimension = models.CharField(max_length=20)
    n_cells = models.BigIntegerField()
    example_row_no = models.BigIntegerField(null=True)
    example_cell = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)  # placeholders of the reason

    class Meta:
        ordering: ClassVar = ["-n_cells", "id"]

    def __str__(self) -> str:
        return f"{self.header}: {self.reason} × {self.n_cells}"


class Reminder(models.Model):
    """A reminder that is owed to an agency about a period, once a step; whoever sends it sets `sent_at`."""

    contract_id = models.CharField(max_length=200)
    period = models.CharField(max_length=60)
    step = models.CharField(max_length=20)
    agency = models.CharField(max_length=80)
    due_on = models.DateField()
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract_id", "period", "step"], name="intake_reminder_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.contract_id} {self.period} {self.step}"
