"""`kill -9` of whole workers that evaluate, tell and send, while what they watch comes and goes."""

import json
import random
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.alerts.watch_crew import PHASES, WatchCrew
from tests.notifying.crew import channels_to
from tests.notifying.receiver import receiving

from vamco.alerts.lifecycle import RAISED
from vamco.alerts.models import Alert, Event, Incident
from vamco.deadlines.models import Clock
from vamco.notifying.models import Notification
from vamco.notifying.sending import send_due

N_KILLS = 50
UNITS = [f"{27000 + n}@2025-07-01" for n in range(12)]


class World:
    """What is bad now; it goes on only when the watch has told of all that is."""

    def __init__(self, path, chance):
        self.path, self.chance = path, chance
        self.bad, self.episodes = set(), Counter()
        self._write()

    def turn(self):
        """Some units become bad or good; how often each has become bad is counted."""
        for unit in self.chance.sample(UNITS, 3):
            self.bad ^= {unit}
            self.episodes[unit] += unit in self.bad
        self._write()

    def calm(self):
        self.bad = set()
        self._write()

    def is_told(self):
        raised = Alert.objects.filter(state__in=RAISED).values_list("labels", "incident__n_notices")
        is_seen = {labels["unit"] for labels, _ in raised} == self.bad
        return is_seen and all(n for _, n in raised) and not self._is_any_end_untold()

    def _is_any_end_untold(self):
        open_ones = Incident.objects.filter(closed_at=None).count()
        untold = Incident.objects.filter(closed_at__isnull=False).exclude(told__firing=[])
        return open_ones > len(self.bad) or untold.exists()

    def _write(self):
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({unit: unit in self.bad for unit in UNITS}))
        fresh.replace(self.path)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_killed_fifty_times_every_alert_and_incident_is_there_once_and_told_of_once(tmp_path):
    chance = random.Random(1503)
    world, steps = World(tmp_path / "world.json", chance), tmp_path / "steps"
    killed, n_turns = Counter(), 0
    with receiving() as receiver:
        receiver.seconds = 0.005
        crew = WatchCrew(tmp_path)
        options = {"world": str(world.path), "steps": str(steps), "port": receiver.server_port}
        try:
            for number in range(N_KILLS):
                steps.write_text("")
                crew.start("watch", str(number), **options)
                _await_step(steps, chance.randrange(7))
                time.sleep(chance.uniform(0, 0.05))
                crew.kill(str(number))
                killed[PHASES[int(steps.read_text() or 0) % 3]] += 1
                if world.is_told():
                    world.turn()
                    n_turns += 1
            crew.start("watch", "last", **options)
            _await(world.is_told)
            world.calm()
            _await(world.is_told)
            crew.kill("last")
        finally:
            crew.close()
        channels, later = channels_to(receiver.server_port), timezone.now() + timedelta(minutes=6)
        while send_due(channels, lambda: later):
            pass

    assert n_turns > N_KILLS // 8, "too little came and went"
    assert set(PHASES) <= set(killed), killed
    _assert_each_is_there_once(world)
    _assert_each_is_told_once(receiver.arrived)


def _await_step(steps, n):
    """Until the worker has begun its n-th step; it may well have begun more."""
    _await(lambda: int(steps.read_text() or -1) >= n)


def _await(is_so, seconds=20):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _assert_each_is_there_once(world):
    alerts = list(Alert.objects.select_related("incident"))
    assert Counter(alert.labels["unit"] for alert in alerts) == +world.episodes
    assert {alert.state for alert in alerts} == {"resolved"}
    incidents = Counter(alert.incident_id for alert in alerts)
    assert set(incidents.values()) == {1}
    assert set(incidents) == set(Incident.objects.values_list("pk", flat=True))
    assert all(alert.incident.closed_at for alert in alerts)
    stories = {alert.pk: [] for alert in alerts}
    for event in Event.objects.filter(alert__isnull=False):
        stories[event.alert_id].append(event.what)
    assert set(map(tuple, stories.values())) == {("firing", "resolved")}
    told = Event.objects.filter(alert=None).values_list("incident", "what")
    assert set(Counter(told).values()) == {1, 2}
    assert {n for (_, what), n in Counter(told).items() if what in ("opened", "closed")} == {1}
    assert Clock.objects.count() == len(incidents)
    assert set(Clock.objects.values_list("state", flat=True)) == {"stopped"}


def _assert_each_is_told_once(arrived):
    said = Counter(Notification.objects.values_list("subject", "channel", "kind"))
    n_incidents = Incident.objects.count()
    assert set(said.values()) == {1}
    assert len(said) == n_incidents * len(("mail", "gateway")) * len(("raised", "resolved"))
    states = {
        name: {row.key: row.state for row in Notification.objects.filter(channel=name)}
        for name in ("mail", "gateway")
    }
    came = {name: {key: n for (channel, key), n in arrived.items() if channel == name} for name in states}
    assert set(came["mail"].values()) == {1}
    assert set(states["mail"].values()) <= {"sent", "uncertain"}
    assert {key for key, state in states["mail"].items() if state == "sent"} <= set(came["mail"])
    assert set(states["gateway"].values()) == {"sent"}
    assert set(came["gateway"]) == set(states["gateway"])
