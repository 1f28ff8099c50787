"""People act on incidents: one wins, the other is told who and when; nothing goes without an audit entry."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from tests import cast
from tests.alerts.conftest import MINUTE, T0, a_rule, finding

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import NOBODY, Actor, Granted, actor_of
from vamco.accounts.roles import Role
from vamco.alerts.acting import Deed, Given, act, possible, unshelve_due
from vamco.alerts.lifecycle import Verdict
from vamco.alerts.models import Event, Incident
from vamco.vocabulary.errors import Forbidden, Misused, NotFound, Refused

GIVEN = Given("vì đang bảo trì", T0 + timedelta(hours=1))
TU = Actor("tu", (Granted(Role.OPERATOR),), signed_in=True)


@pytest.fixture
def incident(watch):
    rule = a_rule()
    watch.rules(rule)
    watch.found(rule, finding(rule))
    return Incident.objects.get()


@pytest.fixture
def minh(db):
    return actor_of(cast.minh())


def test_taking_is_acknowledging_and_stops_the_clock_of_the_response(incident, minh):
    taken = act(minh, incident.pk, Deed.TAKE, incident.version, at=T0 + MINUTE)
    assert (taken.owner, taken.acknowledged_by, taken.acknowledged_at) == ("minh", "minh", T0 + MINUTE)
    assert taken.version == incident.version + 1


@pytest.mark.parametrize("second", [Deed.ACKNOWLEDGE, Deed.TAKE, Deed.SHELVE])
def test_who_comes_second_is_told_who_was_first_and_when(incident, minh, second):
    act(minh, incident.pk, Deed.ACKNOWLEDGE, incident.version, at=T0 + MINUTE)
    with pytest.raises(Refused) as refused:
        act(TU, incident.pk, second, incident.version, GIVEN, at=T0 + MINUTE)
    assert refused.value.details["who"] == "minh"
    assert refused.value.details["at"] == "15:01:00 23/11/2026"
    assert "đã nhận biết" in refused.value.say("vi")["what"]
    assert Incident.objects.get().owner == ""


def test_a_comment_is_never_lost_to_somebody_else_s_deed(incident, minh):
    act(minh, incident.pk, Deed.ACKNOWLEDGE, incident.version)
    act(TU, incident.pk, Deed.COMMENT, incident.version, Given("đã gọi trạm y tế"))
    assert Event.objects.filter(what="comment").get().details == {"note": "đã gọi trạm y tế"}


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_has_its_audit_entry_and_its_event(incident, minh, deed):
    if deed in {Deed.RELEASE, Deed.UNSHELVE}:
        before = Deed.TAKE if deed is Deed.RELEASE else Deed.SHELVE
        incident = act(minh, incident.pk, before, incident.version, GIVEN, at=T0)
    act(minh, incident.pk, deed, incident.version, GIVEN, at=T0)
    entry = AuditEntry.objects.get(action=f"incident.{deed}")
    assert (entry.actor, entry.subject) == ("minh", f"incident:{incident.pk}")
    assert Event.objects.filter(what=deed, by="minh").exists()


@pytest.mark.parametrize("deed", Deed)
def test_nobody_without_the_role_does_anything(incident, deed):
    for actor in (NOBODY, actor_of(cast.yen())):
        with pytest.raises(Forbidden):
            act(actor, incident.pk, deed, incident.version, GIVEN, at=T0)
    assert Incident.objects.get().version == incident.version
    assert not AuditEntry.objects.filter(action=f"incident.{deed}").exists()


def test_what_is_offered_is_what_can_be_done(incident, minh):
    assert possible(minh, incident) == [Deed.ACKNOWLEDGE, Deed.TAKE, Deed.SHELVE, Deed.COMMENT]
    taken = act(minh, incident.pk, Deed.TAKE, incident.version, at=T0)
    assert possible(minh, taken) == [Deed.RELEASE, Deed.SHELVE, Deed.COMMENT]
    assert possible(actor_of(cast.lan()), incident) == [Deed.ACKNOWLEDGE, Deed.COMMENT]
    assert possible(actor_of(cast.yen()), incident) == []


def test_a_shelved_incident_comes_back_by_itself(incident, minh):
    act(minh, incident.pk, Deed.SHELVE, incident.version, GIVEN, at=T0)
    assert unshelve_due(T0 + timedelta(minutes=59)) == 0
    assert unshelve_due(T0 + timedelta(hours=1)) == 1
    assert Incident.objects.get().shelved_until is None


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        (Deed.COMMENT, Given(" ")),
        (Deed.SHELVE, Given("", T0 + MINUTE)),
        (Deed.SHELVE, Given("vì", None)),
        (Deed.SHELVE, Given("vì", T0 - MINUTE)),
        (Deed.SHELVE, Given("vì", T0 + timedelta(days=2))),
    ],
)
def test_what_lacks_is_said(incident, minh, deed, given):
    with pytest.raises(Misused):
        act(minh, incident.pk, deed, incident.version, given, at=T0)


def test_a_closed_incident_only_takes_notes(watch, incident, minh):
    watch.found(a_rule(), finding(a_rule(), verdict=Verdict.GOOD), at=T0 + MINUTE)
    for deed in (Deed.ACKNOWLEDGE, Deed.TAKE, Deed.SHELVE):
        with pytest.raises(Refused, match="incident_closed"):
            act(minh, incident.pk, deed, incident.version, GIVEN, at=T0)
    act(minh, incident.pk, Deed.COMMENT, incident.version, Given("do nhập nhầm"))


def test_an_incident_that_is_not_there_is_named(db, minh):
    with pytest.raises(NotFound, match="incident_not_found"):
        act(minh, 4, Deed.TAKE, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_exactly_one_takes_it():
    incident = Incident.objects.create(
        key="k", rule="trial.many", agency="so-y-te", severity="Severe", opened_at=T0
    )
    barrier, outcomes = threading.Barrier(2), []

    def take(name):
        actor = Actor(name, (Granted(Role.OPERATOR),), signed_in=True)
        barrier.wait()
        try:
            act(actor, incident.pk, Deed.TAKE, incident.version)
            outcomes.append(name)
        except Refused as refused:
            outcomes.append(refused.details["who"])
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(name,)) for name in ("minh", "tu")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = Incident.objects.get().owner
    assert outcomes == [winner, winner]
    assert AuditEntry.objects.filter(action="incident.take").count() == 1
