"""A day on the province's clock, as moments."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def beginning_of(on: date) -> datetime:
    """The first moment of the day."""
    return timezone.make_aware(datetime.combine(on, time()))


def end_of(on: date) -> datetime:
    """The first moment that no longer belongs to the day."""
    return beginning_of(on + timedelta(days=1))
