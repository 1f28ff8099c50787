"""What the machine warned of, and what people did about it.

An `Alert` is one episode of one set of labels: the machine's word. An `Incident` is what people act on:
the alerts that have one cause. Everything that happens to either is an `Event`, added and never edited.
"""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from vamco.alerts.lifecycle import RAISED, Standing, State, Verdict
from vamco.notifying.models import SEVERITIES, Notification

_OPEN = tuple(state.value for state in (State.PENDING, *sorted(RAISED)))
_STATES = {
    State.NORMAL: "bình thường",
    State.PENDING: "đang chờ xác nhận",
    State.FIRING: "đang báo động",
    State.NO_DATA: "không có số liệu",
    State.RECOVERING: "đang hồi phục",
    State.RESOLVED: "đã hết",
}


class Incident(models.Model):
    """Alerts with one cause, from the first to the last; `version` counts the acts of people on it.

    `told` is what was last said of it (see `grouping.Told`), `look_at` when it is looked at next.
    """

    key = models.CharField(max_length=64)
    rule = models.CharField(max_length=200)  # of the alert that opened it
    agency = models.CharField(max_length=80)  # who is to act
    severity = models.CharField(max_length=20, choices=SEVERITIES)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    respond_by = models.DateTimeField(null=True)
    owner = models.CharField(max_length=150, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=150, blank=True)
    shelved_until = models.DateTimeField(null=True)
    shelved_why = models.CharField(max_length=500, blank=True)
    escalation = models.PositiveIntegerField(default=0)  # steps taken
    version = models.PositiveIntegerField(default=1)
    look_at = models.DateTimeField(null=True)
    told = models.JSONField(null=True)
    n_notices = models.PositiveIntegerField(default=0)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(closed_at__isnull=True), name="alerts_one_open_incident"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["closed_at", "severity"], name="alerts_queue")]

    def __str__(self) -> str:
        return f"{self.pk} {self.rule}"

    @property
    def subject(self) -> str:
        """Its name among clocks, messages and audit entries."""
        return f"incident:{self.pk}"

    @property
    def notifications(self) -> models.QuerySet[Notification]:
        """Who was told of it, the newest first."""
        return Notification.objects.filter(subject=self.subject)


class Alert(models.Model):
    """One episode; the moments are those of its `lifecycle.Standing`. `evidence` is what it saw, frozen.

    `muted_by` says what keeps it quiet: `silence:<id>` or `alert:<id>`; empty when it speaks.
    """

    rule = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    labels = models.JSONField(default=dict)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="alerts")
    severity = models.CharField(max_length=20, choices=SEVERITIES)
    state = models.CharField(max_length=20, choices=[(s.value, words) for s, words in _STATES.items()])
    because = models.CharField(max_length=20)
    last_seen = models.CharField(max_length=20)
    since = models.DateTimeField()
    troubled_since = models.DateTimeField(null=True)
    raised_since = models.DateTimeField(null=True)
    fired_since = models.DateTimeField(null=True)
    turning_since = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField()
    period = models.CharField(max_length=60, blank=True)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    evidence = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    muted_by = models.CharField(max_length=40, blank=True)
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(state__in=_OPEN), name="alerts_one_open_episode"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["rule", "state"], name="alerts_by_rule"),
            models.Index(fields=["raised_since"], name="alerts_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.rule} {self.state}"

    @property
    def standing(self) -> Standing:
        """Where it stands, as the life cycle reads it."""
        return Standing(
            state=State(self.state),
            because=Verdict(self.because),
            since=self.since,
            troubled_since=self.troubled_since,
            raised_since=self.raised_since,
            fired_since=self.fired_since,
            turning_since=self.turning_since,
            resolved_at=self.resolved_at,
            evaluated_at=self.evaluated_at,
            last_seen=Verdict(self.last_seen),
            value=self.value,
        )

    @property
    def is_raised(self) -> bool:
        """Whether it stands raised: somebody has been, or is to be, told."""
        return State(self.state) in RAISED


class Event(models.Model):
    """One thing that happened to an incident or an alert: by the machine, or by whom."""

    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="events")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=40)
    by = models.CharField(max_length=200)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["what", "at"], name="alerts_events_by_kind")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what}"


class Silence(models.Model):
    """A silence that was set; ending it early moves `ends_at` and keeps the rest."""

    matchers = models.JSONField(default=list)  # as `matching.Matcher` writes itself
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=150)
    set_at = models.DateTimeField()
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {', '.join(self.matchers)}"


class RuleState(models.Model):
    """How far the evaluation of a rule has come, and whether somebody switched it on or off.

    The row with an empty rule is the lock of whoever writes alerts.
    """

    rule = models.CharField(max_length=200, unique=True)
    is_enabled = models.BooleanField(null=True)  # None: as the pack says
    evaluated_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    run = models.BigIntegerField(default=0)  # last run of figures that it has seen
    error = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return self.rule


class Shift(models.Model):
    """Who watches from when to when; `handed_over_at` is when the next shift took the watch."""

    operator = models.CharField(max_length=150)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.TextField(blank=True)  # for the next shift
    handed_over_at = models.DateTimeField(null=True)
    handed_over_to = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts_at"]
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="alerts_shifts_by_end")]

    def __str__(self) -> str:
        return f"{self.operator} {self.starts_at:%Y-%m-%d %H:%M}"
