"""Directives, what each agency was told, everything that happened since, and the evidence of it."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models

from vamco.accounts.models import Agency
from vamco.accounts.policy import Scope
from vamco.directives.transitions import Status
from vamco.notifying.models import Notification

ISSUED: Final = "issue"
"""What the first event of every assignment is called."""


class SourceKind(models.TextChoices):
    """Where the words of the order stand."""

    DOCUMENT = "document"
    ORAL_CONCLUSION = "oral_conclusion"  # kết luận tại cuộc họp, chỉ đạo miệng


class Recurrence(models.TextChoices):
    """How often the same is ordered again."""

    ONCE = ""
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


class LeaderVerdict(models.TextChoices):
    """What the leader says of the effect, whatever the figures say."""

    NONE = ""
    EFFECTIVE = "effective"
    PARTLY_EFFECTIVE = "partly_effective"
    NOT_EFFECTIVE = "not_effective"


class Directive(models.Model):
    """One order of the province's leaders. `prompted_by` are frozen evidences: see `evidence`."""

    source_kind = models.CharField(max_length=20, choices=SourceKind)
    document_no = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField()  # of the document, or the day on which it was said
    signer = models.CharField(max_length=120)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="directives"
    )
    title = models.CharField(max_length=300)
    text = models.TextField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    procedure = models.CharField(max_length=120, blank=True)
    prompted_by = models.JSONField(default=list)
    recurrence = models.CharField(max_length=20, choices=Recurrence, blank=True)
    recurs_until_on = models.DateField(null=True)
    series = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="occurrences")
    occurs_on = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)
    is_simulated = models.BooleanField(default=False)
    verdict = models.CharField(max_length=20, choices=LeaderVerdict, blank=True)
    verdict_note = models.TextField(blank=True)
    verdict_by = models.CharField(max_length=200, blank=True)
    verdict_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-entered_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "occurs_on"], name="directives_one_occurrence_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"

    @property
    def number(self) -> str:
        """The number that people quote, as 2026-0012."""
        return f"{self.issued_on.year}-{self.pk:04d}"

    @property
    def subject(self) -> str:
        """The name of the directive in the audit log."""
        return f"directive:{self.pk}"


class Assignment(models.Model):
    """What one agency was told to do, for all its life: another agency gets an assignment of its own.

    `version` grows with every change, so that whoever acts on an old view is told so. `clock_no` counts the
    deadlines it has had: work that is opened again gets a new one.
    """

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="assignments")
    area_code = models.CharField(max_length=10, blank=True)  # of the commune, when the agency governs one
    is_lead = models.BooleanField(default=False)
    text = models.TextField()
    policy = models.JSONField()  # of the deadline: `ClockPolicy.as_dict()`
    status = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in Status], default=Status.NEW.value
    )
    clock_no = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    extension_asked = models.PositiveIntegerField(null=True)  # in the unit of the policy
    is_explanation_asked = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        ordering: ClassVar = ["directive_id", "-is_lead", "pk"]
        indexes: ClassVar = [models.Index(fields=["status", "agency"], name="directives_open_of_agency")]

    def __str__(self) -> str:
        return f"{self.agency} · {self.text[:60]}"

    @property
    def subject(self) -> str:
        """The name of the assignment in the audit log."""
        return f"assignment:{self.pk}"

    @property
    def clock_subject(self) -> str:
        """The name of its present deadline among the clocks."""
        return self.subject if self.clock_no == 1 else f"{self.subject}:{self.clock_no}"

    @property
    def notifications(self) -> models.QuerySet[Notification]:
        """What its agency was told of it, the newest first."""
        return Notification.objects.filter(subject=self.subject)

    @property
    def scope(self) -> Scope:
        """Where whatever is done with it happens."""
        return Scope(self.agency.code, self.area_code or None)


class AssignmentEvent(models.Model):
    """One thing that was done with an assignment. Append-only. An empty `from_status` is its beginning."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=30)  # `ISSUED`, or a verb of the table
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.by} {self.verb}"


class EvidenceFile(models.Model):
    """A file (by its SHA-256, see `file_store`) or a link that came with an event."""

    event = models.ForeignKey(AssignmentEvent, on_delete=models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    filename = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    n_bytes = models.PositiveBigIntegerField(default=0)
    link = models.URLField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sha256="") ^ models.Q(link=""), name="directives_file_or_link"
            )
        ]

    def __str__(self) -> str:
        return self.filename or self.link
