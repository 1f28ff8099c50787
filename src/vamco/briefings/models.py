"""What each leader was told on which morning: kept as it was said, and the outbox of what is to be sent."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Briefing(models.Model):
    """The briefing of one person and morning, never written again; whoever sends it sets `sent_at`.

    `content` is `Content.as_dict()`: sentences in every language, and the figures that they were made of.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="briefings")
    on = models.DateField()
    known_at = models.DateTimeField()  # it says what was known at this moment
    written_at = models.DateTimeField()
    content = models.JSONField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-on", "person_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "on"], name="briefings_one_a_morning")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.on}"
