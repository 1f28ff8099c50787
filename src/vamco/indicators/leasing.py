"""Having the figures to oneself for a while, so that a long run of deliveries is not computed after each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.utils import timezone

from vamco.indicators.models import Lease

_MOST: Final = timedelta(minutes=15)  # after which a holder that died is in nobody's way


@contextmanager
def alone(holder: str) -> Iterator[Callable[[], None]]:
    """Nobody else brings figures up meanwhile; what it gives renews the lease."""

    def renew() -> None:
        Lease.objects.update_or_create(holder=holder, defaults={"until": timezone.now() + _MOST})

    renew()
    try:
        yield renew
    finally:
        Lease.objects.filter(holder=holder).delete()


def is_left_to_another(holder: str) -> bool:
    """Whether somebody else has the figures to themselves now."""
    return Lease.objects.filter(until__gt=timezone.now()).exclude(holder=holder).exists()
