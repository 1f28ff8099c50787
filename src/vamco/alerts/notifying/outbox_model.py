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


OPEN_STATES = (NotificationState.WAITING, NotificationState.HELD)


class Notification(models.Model):
    """A message of an incident. `claim` is the worker's ticket while it sends."""

    incident = models.ForeignKey("alerts.Incident", on_delete=models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=20)  # of the notice, or "escalated"
    version = models.PositiveIntegerField()  # of the group's notice
    channel = models.CharField(max_length=40, blank=True)  # empty when none is configured
    role = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=150, blank=True)
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
                fields=["incident", "kind", "version", "channel", "address"],
                condition=~Q(channel=""),
                name="alerts_told_once",
            ),
            models.UniqueConstraint(
                fields=["incident", "kind", "version", "role", "person"],
                condition=Q(channel=""),
                name="alerts_shown_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_at"], name="alerts_outbox"),
            models.Index(fields=["channel", "address", "sent_at"], name="alerts_told_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.channel} {self.state}"

    @property
    def key(self) -> str:
        """The same for every attempt at this message, and for no other message."""
        return f"vamco-{self.kind}-{self.version}-{self.pk}"
