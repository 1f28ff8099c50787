"""The moment of a morning's briefing: seven o'clock on the province's clock."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

HOUR: Final = time(7)


def moment_of(on: date) -> datetime:
    """Seven o'clock of that day."""
    return timezone.make_aware(datetime.combine(on, HOUR))


def moment_before(on: date) -> datetime:
    """Seven o'clock of the day before: what has changed since is news."""
    return moment_of(on - timedelta(days=1))
