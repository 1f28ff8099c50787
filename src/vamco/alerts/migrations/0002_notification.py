import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField()),
                ("channel", models.CharField(blank=True, max_length=40)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("person", models.CharField(blank=True, max_length=150)),
                ("address", models.CharField(blank=True, max_length=300)),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("Extreme", "Extreme"),
                            ("Severe", "Severe"),
                            ("Moderate", "Moderate"),
                            ("Minor", "Minor"),
                            ("Unknown", "Unknown"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ gửi"),
                            ("held", "Tạm giữ"),
                            ("sending", "Đang gửi"),
                            ("sent", "Đã gửi"),
                            ("uncertain", "Không rõ đã gửi chưa"),
                            ("failed", "Không gửi được"),
                            ("expired", "Quá hạn gửi"),
                            ("no_channel", "Chỉ hiện trên màn hình"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("claim", models.CharField(blank=True, max_length=32)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=500)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="alerts.incident",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "next_at"], name="alerts_outbox"),
                    models.Index(fields=["channel", "address", "sent_at"], name="alerts_told_lately"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("channel", ""), _negated=True),
                        fields=("incident", "kind", "version", "channel", "address"),
                        name="alerts_told_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("channel", "")),
                        fields=("incident", "kind", "version", "role", "person"),
                        name="alerts_shown_once",
                    ),
                ],
            },
        ),
    ]
