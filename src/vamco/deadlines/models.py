"""The signed rows of the calendar, the clocks of all deadlines, and everything that happened to them."""

from typing import ClassVar

from django.db import models

from vamco.worktime import clock as pure
from vamco.worktime.policy import ClockPolicy


class Decided(models.TextChoices):
    """What a signed row says of its day."""

    HOLIDAY = "holiday", "Nghỉ lễ, tết"
    DAY_OFF = "day_off", "Nghỉ bù, nghỉ hoán đổi"
    WORKDAY = "workday", "Làm việc"
    TAKEN_BACK = "taken_back", "Rút quyết định trước"


class SignedDay(models.Model):
    """One row that somebody signed for a day. Append-only: the last one of a day stands, `taken_back` leaves none."""

    on = models.DateField()
    kind = models.CharField(max_length=20, choices=Decided.choices)
    title = models.CharField(max_length=200)
    decision = models.CharField(max_length=100)
    announced_on = models.DateField()
    source = models.CharField(max_length=500, blank=True)
    verified = models.BooleanField(default=False)
    hours = models.CharField(max_length=100, blank=True)  # of a working day that differs from the usual ones
    signed_by = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["on"], name="deadlines_signed_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} {self.decision}"


class State(models.TextChoices):
    """Whether a clock counts."""

    RUNNING = "running", "Đang chạy"
    PAUSED = "paused", "Tạm dừng"
    STOPPED = "stopped", "Đã dừng"


OPEN_STATES = (State.RUNNING, State.PAUSED)


class Clock(models.Model):
    """The deadline of something, with the policy it was promised under.

    `due_at` of a paused clock is as if it were resumed when it was paused. `schedule` names the working
    time (`Schedule.sha256`) that `due_at` rests on: an open clock that rests on another is worked out anew.
    """

    subject = models.CharField(max_length=100)
    kind = models.SlugField(max_length=40)
    policy = models.JSONField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    schedule = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "kind"], name="deadlines_clock_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="deadlines_clock_due"),
            models.Index(fields=["state", "schedule"], name="deadlines_clock_schedule"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind} {self.due_at:%d/%m/%Y %H:%M}"

    @property
    def rule(self) -> ClockPolicy:
        """The policy that the clock was started under."""
        return ClockPolicy.from_dict(self.policy)

    @property
    def was_in_time(self) -> bool | None:
        """Whether it was stopped by its deadline; None while it is open."""
        return None if self.stopped_at is None else self.stopped_at <= self.due_at


class What(models.TextChoices):
    """What happened to a clock; the calendar under it may change too."""

    START = pure.What.START.value, "Bắt đầu"
    PAUSE = pure.What.PAUSE.value, "Tạm dừng"
    RESUME = pure.What.RESUME.value, "Chạy tiếp"
    EXTEND = pure.What.EXTEND.value, "Gia hạn"
    STOP = pure.What.STOP.value, "Dừng"
    RECOMPUTED = "recomputed", "Tính lại theo lịch"


class ClockEvent(models.Model):
    """One thing that happened to a clock, and when it was due from then on. Append-only."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    what = models.CharField(max_length=12, choices=What.choices)
    amount = models.FloatField(default=0)  # what an extension adds, in the unit of the policy
    by = models.CharField(max_length=200)
    why = models.CharField(max_length=500, blank=True)
    due_at_after = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.what} {self.at:%d/%m/%Y %H:%M}"
