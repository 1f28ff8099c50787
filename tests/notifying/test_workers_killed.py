"""`kill -9` of real workers at random moments: nothing is told twice, nothing is lost from sight."""

import random
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.notifying.crew import PostCrew, channels_to
from tests.notifying.receiver import receiving

from vamco.notifying.enqueueing import Message, enqueue
from vamco.notifying.models import OPEN_STATES, Notification
from vamco.notifying.sending import send_due
from vamco.vocabulary.severity import Severity

N_KILLS = 50
N_MESSAGES = 600


@pytest.fixture
def receiver():
    with receiving() as server:
        yield server


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_killed_fifty_times_nothing_is_told_twice_and_nothing_is_lost_from_sight(receiver, tmp_path):
    channels, chance, now = channels_to(receiver.server_port), random.Random(8722), timezone.now()
    for version in range(N_MESSAGES):
        message = Message("incident:1", "raised", version, Severity.SEVERE, "title", "body")
        enqueue(message, channels, now, roles=["operator"])
    crew, n_inside = PostCrew(tmp_path), 0
    try:
        for number in range(N_KILLS):
            crew.start("work", str(number), port=receiver.server_port)
            time.sleep(chance.uniform(0.05, 0.2))
            crew.kill(str(number))
            n_inside += Notification.objects.filter(state__in=OPEN_STATES).exists()
    finally:
        crew.close()
    n_interrupted = Notification.objects.filter(state="sending").count()

    later = timezone.now() + timedelta(minutes=6)
    while send_due(channels, lambda: later):
        pass
    told = {
        name: {row.key: row.state for row in Notification.objects.filter(channel=name)}
        for name in channels.by_name
    }
    arrived = {
        name: {key: count for (path, key), count in receiver.arrived.items() if path == name}
        for name in channels.by_name
    }
    assert n_inside > N_KILLS // 2, "the workers were done before they were killed"
    assert n_interrupted > 0, "no worker was killed while it sent"
    assert set(told["gateway"].values()) == {"sent"}
    assert set(arrived["gateway"]) == set(told["gateway"])
    assert set(arrived["mail"].values()) == {1}
    assert set(told["mail"].values()) <= {"sent", "uncertain"}
    assert {key for key, state in told["mail"].items() if state == "sent"} <= set(arrived["mail"])
