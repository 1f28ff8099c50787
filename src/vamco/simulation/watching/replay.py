"""Living through the last weeks once more: rules speak as they would have, and made-up people act on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.utils import timezone

from vamco.accounts.policy import PROGRAM
from vamco.alerts import acting, shifts
from vamco.alerts.acting import Deed, Given, possible
from vamco.alerts.evaluating import evaluate
from vamco.alerts.models import Alert, Incident, Shift
from vamco.alerts.rules import rules_in_force
from vamco.alerts.telling import TIMING, tell
from vamco.intake.models import Delivery
from vamco.notifying.channels import Channels
from vamco.packs.alert_rule import AlertRule
from vamco.simulation.watching import people
from vamco.simulation.watching.hindsight import Hindsight
from vamco.simulation.watching.orders import Orders
from vamco.simulation.watching.timeline import Timeline
from vamco.simulation.world import World

DAYS: Final = 21
_BEGINS_AT: Final = timedelta(hours=6)
_SILENT: Final = Channels()  # what is replayed is shown on screens and sent to nobody
_LOOKS: Final = (TIMING.wait, timedelta(minutes=15), timedelta(minutes=60))
_MARGIN: Final = timedelta(seconds=10)
_SHELVED_FOR: Final = timedelta(hours=8)
_OWN_DATA: Final = "operations."


@dataclass(frozen=True, slots=True)
class Watched:
    """What the replay left behind."""

    n_alerts: int
    n_incidents: int
    n_directives: int


def replay(world: World, until: datetime, renew: Callable[[], None]) -> Watched | None:
    """Live through the weeks before `until`; None where a watch was kept already or anything real was delivered.

    The same province on the same day sees the same. `renew` keeps the lease.
    """
    if not _is_free():
        return None
    watch = _Watch(world, until)
    watch.run(renew)
    return Watched(Alert.objects.count(), Incident.objects.count(), watch.orders.n_directives)


def _is_free() -> bool:
    """Whether there is nothing but a made-up province here, and no watch yet."""
    real = Delivery.objects.filter(is_simulated=False).exclude(contract_id__startswith=_OWN_DATA)
    is_kept = Incident.objects.exists() or Alert.objects.exists() or Shift.objects.exists()
    return Delivery.objects.exists() and not real.exists() and not is_kept


class _Watch:
    def __init__(self, world: World, until: datetime) -> None:
        self.world = world
        midnight = timezone.localtime(until).replace(hour=0, minute=0, second=0, microsecond=0)
        self.start = midnight - timedelta(days=DAYS) + _BEGINS_AT
        self.timeline = Timeline(until)
        self.orders = Orders(self.timeline)
        self.past = Hindsight(rules_in_force(), self.start, until)
        self.n_opened = 0

    def run(self, renew: Callable[[], None]) -> None:
        """Everything in order."""
        self._shift(None, self.start)
        for at, rules in self.past.moments():
            self.timeline.at(at, partial(self._evaluate, rules))
        self.timeline.run(renew)
        self.orders.judge()

    def _shift(self, before: Shift | None, now: datetime) -> None:
        """The next operator comes, and the one before leaves a note."""
        actor = people.on_duty(self.start, now)
        shift = shifts.plan(PROGRAM, actor.name, now, now + people.SHIFT + people.OVERLAP)
        if before is not None:
            note = people.left_to_the_next(Incident.objects.filter(closed_at=None).count())
            shifts.hand_over(people.operator(before.operator), before.pk, actor.name, note, now)
        self.timeline.at(now + people.SHIFT, partial(self._shift, shift))

    def _evaluate(self, rules: list[AlertRule], now: datetime) -> None:
        done = evaluate(rules, now, self.past.look)
        for incident in done.opened:
            self._treat(incident, now)
        if done.recorded.moved:
            self.timeline.at(now + TIMING.interval + _MARGIN, self._tell)
        self._tell(now)

    def _tell(self, now: datetime) -> None:
        tell(_SILENT, now)

    def _treat(self, incident: Incident, now: datetime) -> None:
        self.n_opened += 1
        conduct = people.conduct(self.world, self.n_opened)
        for wait in _LOOKS:
            self.timeline.at(now + wait + _MARGIN, self._tell)
        planned: dict[Deed, timedelta | None] = {
            Deed.ACKNOWLEDGE: conduct.acknowledge,
            Deed.TAKE: conduct.take,
            Deed.COMMENT: conduct.note,
            Deed.SHELVE: conduct.shelve,
        }
        for deed, after in planned.items():
            if after is not None:
                self.timeline.at(now + after, partial(self._act, incident.pk, deed, conduct.said))

    def _act(self, incident_id: int, deed: Deed, said: str, now: datetime) -> None:
        actor, incident = people.on_duty(self.start, now), acting.incident_of(incident_id)
        if incident.closed_at is not None or deed not in possible(actor, incident):
            return
        acting.act(actor, incident_id, deed, incident.version, _given(deed, said, now), now)
        if deed is Deed.TAKE:
            self.orders.consider(incident, now)


def _given(deed: Deed, said: str, now: datetime) -> Given:
    if deed is Deed.SHELVE:
        return Given(people.WHY_SHELVED, now + _SHELVED_FOR)
    return Given(said) if deed is Deed.COMMENT else Given()
