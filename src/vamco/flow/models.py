"""When each routine ran last and who is running it now."""

from django.db import models


class RoutineRun(models.Model):
    """One routine of the clock. A lease that has run out frees it after a crash."""

    name = models.SlugField(max_length=80, unique=True)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name
