"""The observation ledger: what was said of each unit and period, since when, and why it changed.

Rows are added and marked, never edited. What was said at moment `t` is what has `known_since_at <= t`
and is not superseded by `t`. Figures stand on the map of their period's last day (as reported);
other maps are worked out from them.
"""

from typing import ClassVar

from django.db import models


class Why(models.TextChoices):
    """Why a figure has a new vintage."""

    FIRST = "first", "lần đầu có số liệu"
    LATE_ROWS = "late_rows", "có thêm dòng đến muộn"
    RESTATED = "restated", "nguồn nộp lại số liệu"
    WITHDRAWN = "withdrawn", "nguồn rút số liệu"
    NEW_DEFINITION = "new_definition", "định nghĩa mới"
    NEW_MAP = "new_map", "bản đồ đơn vị thay đổi"


class Run(models.Model):
    """One computation: which indicators, over which state of the warehouse."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    data_at = models.DateTimeField()  # the datasets were read as known at this moment
    data_seq = models.BigIntegerField()  # … which is this version of the delivery ledger
    register_version = models.CharField(max_length=100)
    declarations_sha256 = models.CharField(max_length=64)
    n_computed = models.IntegerField(default=0)
    n_changed = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.pk} · {self.data_seq}"


class Observation(models.Model):
    """One vintage of one figure."""

    indicator = models.CharField(max_length=200)
    definition_version = models.IntegerField()
    unit_id = models.CharField(max_length=40)  # code@valid_from
    level = models.CharField(max_length=20)
    period = models.CharField(max_length=40)
    start_on = models.DateField()
    end_on = models.DateField()
    breakdown = models.CharField(max_length=500, default="")  # "column=value"; empty for the whole
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    status = models.CharField(max_length=20)
    n_rows = models.BigIntegerField(default=0)  # rows that the numerator rests on
    n_excluded = models.BigIntegerField(default=0)  # rows of the period left out: no unit, no number
    coverage = models.FloatField(default=1)  # share of the period's days that deliveries cover, 0–1
    estimated_share = models.FloatField(default=0)  # share of the figure that rests on weights, 0–1
    map_on = models.DateField()
    known_since_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, choices=Why)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="observations")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "unit_id", "period", "breakdown", "definition_version"],
                condition=models.Q(superseded_at__isnull=True),
                name="indicators_one_live_vintage",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["indicator", "start_on", "breakdown", "unit_id"], name="indicators_by_period"
            ),
            models.Index(fields=["known_since_at"], name="indicators_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.unit_id} · {self.period}"


class Digest(models.Model):
    """The SHA-256 of the rows last recorded for an indicator and period: the same rows again change nothing."""

    indicator = models.CharField(max_length=200)
    period = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "period"], name="indicators_digest_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.period}"


class Reach(models.Model):
    """Up to which version of the delivery ledger an indicator has taken in a dataset, and how it was defined then."""

    indicator = models.CharField(max_length=200)
    dataset = models.CharField(max_length=200)
    seq = models.BigIntegerField(default=0)
    declaration_sha256 = models.CharField(max_length=64)
    register_version = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "dataset"], name="indicators_reach_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.dataset} · {self.seq}"


class Lease(models.Model):
    """Who alone may bring figures up, and until when: a long run of deliveries is computed in stages."""

    holder = models.CharField(max_length=100, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.holder} · {self.until}"
