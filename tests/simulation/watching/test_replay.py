"""The made-up watch: the same twice, marked as made up, told to nobody, and never beside anything real."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from vamco.accounts.models import AuditEntry
from vamco.alerts import evaluating
from vamco.alerts.models import Alert, Event, Incident, Shift
from vamco.intake import supply
from vamco.intake.contracts import contract_of, packs
from vamco.intake.models import Channel, Delivery, State
from vamco.notifying.models import Notification
from vamco.packs.pack import Packs
from vamco.simulation.watching import replay as replaying
from vamco.simulation.watching.replay import replay
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db
WEEKLY = "health.notified_cases"
UNTIL = timezone.make_aware(datetime(2026, 11, 22, 12))
SILENT = "operations.silent_source"


@pytest.fixture(autouse=True)
def one_source(monkeypatch):
    """One weekly source that fell silent after the last week of October, and the rule that hears it."""
    every = packs()
    health = replace(every.pack("health"), contracts=(contract_of(WEEKLY),))
    short = Packs((health, replace(every.pack("operations"), contracts=())))
    for module in (evaluating, supply):
        monkeypatch.setattr(module, "packs", lambda: short)
    rule = every.alert_rule(SILENT)
    for module in (evaluating, replaying):
        monkeypatch.setattr(module, "rules_in_force", lambda: [rule])
    week = Period.covering(Period.parse("2026-W01").type, date(2026, 1, 1))
    while week.end_on < date(2026, 10, 26):
        deliver(week)
        week = week.next()


def deliver(period, *, simulated=True):
    return Delivery.objects.create(
        contract_id=WEEKLY,
        contract_version="1",
        period=str(period),
        period_start_on=period.start_on,
        period_end_on=period.end_on,
        agency=contract_of(WEEKLY).agency,
        sha256=f"{period.start_on}".ljust(64, "0"),
        channel=Channel.COMMAND_LINE,
        is_simulated=simulated,
        received_at=timezone.make_aware(datetime.combine(period.end_on, datetime.min.time()))
        + timedelta(days=2),
        state=State.ACCEPTED,
    )


def lived_through(world):
    return replay(world, UNTIL, lambda: None)


def story():
    """All that happened, without the numbers of rows."""
    fields = ("at", "what", "by", "details", "incident__rule")
    return [row for row in Event.objects.order_by("at", "pk").values_list(*fields) if row[1] != "told"]


def test_a_silence_is_found_on_its_day_and_people_act_on_it(world):
    watched = lived_through(world)
    incident = Incident.objects.get()
    assert (watched.n_alerts, watched.n_incidents, watched.n_directives) == (1, 1, 0)
    assert date(2026, 11, 2) < timezone.localdate(incident.opened_at) < date(2026, 11, 22)
    assert incident.opened_at < incident.acknowledged_at < incident.opened_at + timedelta(minutes=95)
    assert {"opened", "told", "acknowledge"} <= set(incident.events.values_list("what", flat=True))


def test_all_of_it_says_that_it_is_made_up_and_is_sent_to_nobody(world):
    lived_through(world)
    assert set(Incident.objects.values_list("is_simulated", flat=True)) == {True}
    assert set(Alert.objects.values_list("is_simulated", flat=True)) == {True}
    people = {*Event.objects.exclude(by="vamco").values_list("by", flat=True)}
    people |= {*Shift.objects.values_list("operator", flat=True)}
    people |= {*AuditEntry.objects.filter(action__startswith="incident").values_list("actor", flat=True)}
    assert people
    assert all("mô phỏng" in name for name in people)
    assert set(Notification.objects.values_list("state", "channel")) == {("no_channel", "")}


def test_the_watch_is_kept_round_the_clock_by_one_operator_at_a_time_who_hands_over(world):
    lived_through(world)
    shifts = list(Shift.objects.order_by("starts_at"))
    assert [b.starts_at - a.starts_at for a, b in pairwise(shifts)] == [timedelta(hours=8)] * (
        len(shifts) - 1
    )
    assert all(one.note and one.handed_over_at == after.starts_at for one, after in pairwise(shifts))
    assert shifts[-1].handed_over_at is None
    assert set(Counter(shift.operator for shift in shifts).values()) <= {15, 16, 17}


def test_the_same_province_lives_through_the_same(world):
    lived_through(world)
    first = story()
    for model in (Notification, Event, Alert, Incident, Shift):
        model.objects.all().delete()
    lived_through(world)
    assert story() == first


def test_nothing_is_replayed_twice_nor_beside_anything_real(world):
    assert lived_through(world) is not None
    n_events = Event.objects.count()
    assert lived_through(world) is None
    for model in (Notification, Event, Alert, Incident, Shift):
        model.objects.all().delete()
    deliver(Period.parse("2025-W50"), simulated=False)
    assert lived_through(world) is None
    assert n_events
    assert not Event.objects.exists()
