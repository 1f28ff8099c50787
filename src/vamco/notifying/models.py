"""One message to one address; the row is both the order to send it and the record that it was sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from vamco.vocabulary.severity import Severity

SEVERITIES = [(severity.value, severity.value) for severity in Severity]


class NotificationState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", "Chờ gửi"
    HELD = "held", "Tạm giữ"  # quiet hours or too many messages: sent at `next_at`
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    UNCERTAIN = "uncertain", "Không rõ đã gửi chưa"
    FAILED = "failed", "Không gửi được"
    EXPIRED = "expired", "Quá hạn gửi"
    NO_CHANNEL = "no_channel", "Chỉ hiện trên màn hình"


NEEDY_STATES = (NotificationState.UNCERTAIN, NotificationState.FAILED, NotificationState.EXPIRED)
OPEN_STATES = (NotificationState.WAITING, NotificationState.HELD)


class Notification(models.Model):
    """A message about a subject, as the audit log names it. `claim` is the worker's ticket while it sends."""

    subject = models.CharField(max_length=80, db_index=True)  # "incident:12", "assignment:7"
    service = models.CharField(max_length=80, blank=True)  # whose subject it is; empty: of no single one
    kind = models.CharField(max_length=40)  # of the news
    version = models.PositiveIntegerField()  # of the news: with subject and kind, this one and no other
    channel = models.CharField(max_length=40, blank=True)  # empty when none is configured
    role = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=150, blank=True)
    agency = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=300, blank=True)
    severity = models.CharField(max_length=20, choices=SEVERITIES)
    title = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(
        max_length=20, choices=NotificationState.choices, default=NotificationState.WAITING
    )
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "kind", "version", "channel", "address"],
                condition=~Q(channel=""),
                name="notifying_told_once",
            ),
            models.UniqueConstraint(
                fields=["subject", "kind", "version", "role", "person", "agency"],
                condition=Q(channel=""),
                name="notifying_shown_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_at"], name="notifying_outbox"),
            models.Index(fields=["channel", "address", "sent_at"], name="notifying_told_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.channel} {self.state}"

    @property
    def needs_somebody(self) -> bool:
        """Whether it may not have arrived and goes out again only when a person asks."""
        return self.state in NEEDY_STATES

    @property
    def key(self) -> str:
        """The same for every attempt at this message, and for no other message."""
        return f"vamco-{self.kind}-{self.version}-{self.pk}"
