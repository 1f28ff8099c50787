from datetime import date, datetime

import pytest
from django.utils import timezone
from tests import cast
from tests.indicators.conftest import deliver, installed  # noqa: F401  fixtures

from vamco.accounts.policy import actor_of
from vamco.briefings.audience import Audience
from vamco.briefings.mornings import moment_before, moment_of
from vamco.indicators.catching_up import catch_up
from vamco.indicators.models import Observation

MORNING = date(2026, 11, 22)
YESTERDAY_NOON = timezone.make_aware(datetime(2026, 11, 21, 12))
LONG_AGO = timezone.make_aware(datetime(2026, 11, 1, 12))


@pytest.fixture
def become_known(db):
    """Compute what was delivered; it is known, and what it takes the place of is over, since that moment."""

    def compute(at):
        catch_up()
        told = (LONG_AGO, YESTERDAY_NOON)
        Observation.objects.exclude(known_since_at__in=told).update(known_since_at=at)
        over = Observation.objects.filter(superseded_at__isnull=False)
        over.exclude(superseded_at__in=told).update(superseded_at=at)

    return compute


@pytest.fixture
def reader(db):
    """That morning's audience: Lan, who is told of everything, or somebody else."""

    def make(person=None):
        actor = actor_of(person or cast.lan())
        return Audience(actor, MORNING, moment_of(MORNING), moment_before(MORNING))

    return make
