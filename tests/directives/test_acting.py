"""Acting on assignments: who may, who was first, what becomes of the deadline."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests import cast
from tests.directives import orders
from tests.directives.orders import MONDAY

from vamco.accounts.models import AuditEntry, Grant
from vamco.accounts.policy import actor_of
from vamco.accounts.roles import Role
from vamco.directives.acting import act, assignment_of
from vamco.directives.issuing import assign, issue
from vamco.directives.models import Assignment
from vamco.directives.reading import evidence_for, standings
from vamco.directives.timing import Timing
from vamco.directives.transitions import Status, Verb
from vamco.vocabulary.errors import Forbidden, Misused, NotFound, Refused
from vamco.worktime.policy import ClockPolicy, Unit

pytestmark = pytest.mark.django_db


def moment(day, hour=9):
    return timezone.make_aware(datetime(2026, 11, day, hour))


def due_at(assignment, now=MONDAY):
    return standings([assignment_of(assignment.pk)], now)[0].due_at


def timing(assignment, now):
    return standings([assignment_of(assignment.pk)], now)[0].timing


def test_issuing_tells_each_agency_and_starts_its_clock():
    cast.health()
    made = issue(
        orders.lan(),
        orders.draft(assignments=(orders.to(cast.HEALTH, is_lead=True), orders.to(orders.COMMUNE))),
        MONDAY,
    )
    lead, commune = made.assignments.all()
    assert (lead.agency.code, lead.is_lead, lead.status) == (cast.HEALTH, True, Status.NEW)
    assert (commune.agency.code.startswith("ubnd-"), commune.area_code) == (True, orders.COMMUNE)
    assert due_at(lead) == moment(23, 17)
    assert AuditEntry.objects.last().subject == made.subject
    assert AuditEntry.objects.last().details["assignments"] == {
        str(lead.pk): cast.HEALTH,
        str(commune.pk): commune.agency.code,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"document_no": ""},
        {"issued_on": timezone.localdate() + timedelta(days=1)},
        {"assignments": ()},
        {"assignments": (orders.to(cast.HEALTH),)},
        {"assignments": (orders.to(cast.HEALTH, is_lead=True), orders.to(cast.HEALTH))},
        {"assignments": (orders.to(cast.HEALTH, text=" ", is_lead=True),)},
        {"assignments": (orders.to(cast.HEALTH, deadline=ClockPolicy(Unit.WORKING_DAYS, 0), is_lead=True),)},
        {"prompted_by": ({"kind": "figure", "sha256": "0" * 64},)},
    ],
)  # fmt: skip
def test_a_draft_that_lacks_something_is_no_order(wrong):
    cast.health()
    with pytest.raises(Misused):
        issue(orders.lan(), orders.draft(**wrong))


def test_only_the_office_issues():
    with pytest.raises(Forbidden):
        issue(orders.duc(), orders.draft())


def test_an_agency_that_is_unknown_is_told_nothing():
    with pytest.raises(NotFound):
        issue(orders.lan(), orders.draft(assignments=(orders.to("so-nao-do", is_lead=True),)))


def test_only_the_assigned_agency_accepts():
    assignment = orders.ordered()
    for other in (cast.binh(), cast.sau()):
        with pytest.raises(Forbidden):
            act(actor_of(other), assignment.pk, Verb.ACCEPT, 1)
    everywhere = cast.hoa()
    Grant.objects.filter(person=everywhere).update(agency=None)
    with pytest.raises(Forbidden) as told:
        act(actor_of(everywhere), assignment.pk, Verb.ACCEPT, 1)
    assert told.value.key == "directives.guard_of_the_agency"


def test_the_officer_of_a_commune_accepts_what_the_commune_was_told_and_nothing_else():
    cast.health()
    both = (orders.to(orders.COMMUNE, is_lead=True), orders.to("27712"))
    own, other = issue(orders.lan(), orders.draft(assignments=both)).assignments.all()
    assert act(actor_of(cast.sau()), own.pk, Verb.ACCEPT, 1).status == Status.ACCEPTED
    with pytest.raises(Forbidden):
        act(actor_of(cast.sau()), other.pk, Verb.ACCEPT, 1)


def test_nobody_confirms_the_own_work_or_that_of_the_own_agency():
    assignment = orders.in_state(Status.SUBMITTED)
    duc, hoa = cast.duc(), cast.hoa()
    for person, key in ((duc, "not_own_work"), (hoa, "not_of_the_agency")):
        Grant.objects.create(person=person, role=Role.OPERATOR)
        with pytest.raises(Forbidden) as told:
            act(actor_of(person), assignment.pk, Verb.CONFIRM, assignment.version)
        assert told.value.key == f"directives.guard_{key}"
    Grant.objects.filter(person=duc, role=Role.DEPARTMENT_HEAD).delete()  # moved to the office since
    with pytest.raises(Forbidden) as told:
        act(actor_of(duc), assignment.pk, Verb.CONFIRM, assignment.version)
    assert told.value.key == "directives.guard_not_own_work"


def test_whoever_acts_on_an_old_view_is_told_who_did_what_and_when():
    assignment = orders.ordered()
    act(orders.duc(), assignment.pk, Verb.ACCEPT, 1, at=moment(16, 10))
    with pytest.raises(Refused) as told:
        act(actor_of(cast.hoa()), assignment.pk, Verb.RETURN, 1, orders.given())
    assert told.value.say("vi")["what"] == (
        "Võ Minh Đức đã nhận nhiệm vụ lúc 10:00 16/11/2026; nhiệm vụ nay ở trạng thái “đã nhận”."
    )


# 24 November is Vietnam Culture Day, a day off since 2026: of these deadlines none counts it.


def test_handed_in_in_time_and_confirmed_late_is_in_time():
    assignment = orders.walk(orders.ordered(), Verb.ACCEPT, Verb.SUBMIT)
    confirmed = act(orders.minh(), assignment.pk, Verb.CONFIRM, assignment.version, at=moment(30))
    assert timing(confirmed, moment(30)) is Timing.DONE_EARLY


def test_the_deadline_of_what_is_handed_in_stands_still():
    assignment = orders.walk(orders.ordered(), Verb.ACCEPT, Verb.SUBMIT)
    assert due_at(assignment, moment(30)) == moment(23, 17)


def test_a_leader_of_one_agency_orders_no_other():
    lan = cast.lan()
    Grant.objects.filter(person=lan).update(agency=cast.health())
    assignment = orders.ordered()
    both = (orders.to(cast.HEALTH, is_lead=True), orders.to(orders.COMMUNE))
    with pytest.raises(Forbidden):
        issue(actor_of(lan), orders.draft(assignments=both))
    with pytest.raises(Forbidden):
        act(actor_of(lan), assignment.pk, Verb.REASSIGN, 1, orders.given())
    assert Assignment.objects.count() == 1


def test_evidence_is_shown_to_those_who_may_read_the_directive():
    assignment = orders.in_state(Status.SUBMITTED)
    (link,) = assignment.events.last().evidence.all()
    assert evidence_for(orders.minh(), link.pk) == link
    for who, which in ((actor_of(cast.binh()), link.pk), (orders.minh(), 0)):
        with pytest.raises(NotFound):
            evidence_for(who, which)


def test_handed_in_late_is_late_whenever_it_is_confirmed():
    assignment = orders.walk(orders.ordered(), Verb.ACCEPT, Verb.SUBMIT, every=timedelta(days=5))
    assert timing(assignment, moment(30)) is Timing.OVERDUE
    confirmed = act(orders.minh(), assignment.pk, Verb.CONFIRM, assignment.version, at=moment(30))
    assert timing(confirmed, moment(30)) is Timing.DONE_LATE


def test_what_is_sent_back_gets_the_offices_time_back():
    assignment = orders.walk(orders.ordered(), Verb.ACCEPT, Verb.SUBMIT)
    back = act(orders.minh(), assignment.pk, Verb.SEND_BACK, assignment.version, orders.given(), moment(18))
    assert due_at(back, moment(18)) == moment(26, 17)


def test_granted_time_moves_the_deadline_and_refused_time_does_not():
    assignment = orders.walk(orders.ordered(), Verb.ACCEPT, Verb.ASK_EXTENSION)
    assert assignment.extension_asked == 2
    granted = act(orders.minh(), assignment.pk, Verb.GRANT_EXTENSION, assignment.version, at=moment(17))
    assert (granted.extension_asked, due_at(granted, moment(17))) == (None, moment(26, 17))
    asked = act(orders.duc(), granted.pk, Verb.ASK_EXTENSION, granted.version, orders.given(), moment(17, 10))
    refused = act(
        orders.minh(), asked.pk, Verb.REFUSE_EXTENSION, asked.version, orders.given(), moment(17, 11)
    )
    assert (refused.extension_asked, due_at(refused, moment(17))) == (None, moment(26, 17))


def test_another_agency_gets_an_assignment_and_a_deadline_of_its_own():
    assignment = orders.in_state(Status.RETURNED)
    given = orders.given(agency=orders.COMMUNE, deadline=ClockPolicy(Unit.WORKING_DAYS, 1))
    act(orders.minh(), assignment.pk, Verb.REASSIGN, assignment.version, given, moment(18))
    new = assignment_of(assignment.pk).replaced_by
    assert (new.status, new.area_code, new.is_lead, new.text) == (
        Status.NEW,
        orders.COMMUNE,
        True,
        assignment.text,
    )
    assert due_at(new, moment(18)) == moment(19, 17)
    assert assignment_of(assignment.pk).status == Status.CANCELLED


def test_reopened_work_has_a_new_deadline():
    assignment = orders.in_state(Status.COMPLETED)
    again = act(orders.minh(), assignment.pk, Verb.REOPEN, assignment.version, orders.given(), moment(25))
    assert (again.status, again.clock_no, due_at(again, moment(25))) == (
        Status.IN_PROGRESS,
        2,
        timezone.make_aware(datetime(2026, 12, 2, 17)),
    )


def test_one_more_agency_is_told_later_and_none_is_told_twice():
    assignment = orders.ordered()
    cast.transport()
    more = assign(orders.minh(), assignment.directive, orders.to(cast.TRANSPORT))
    assert more.directive_id == assignment.directive_id
    with pytest.raises(Refused):
        assign(orders.minh(), assignment.directive, orders.to(cast.TRANSPORT))
    with pytest.raises(Refused):
        assign(orders.minh(), assignment.directive, orders.to(orders.COMMUNE, is_lead=True))


def test_files_and_links_stay_with_the_event_they_came_with():
    assignment = orders.in_state(Status.ACCEPTED)
    done = act(
        orders.duc(),
        assignment.pk,
        Verb.SUBMIT,
        assignment.version,
        orders.given(evidence=(orders.pdf_file(),)),
    )
    (file,) = done.events.last().evidence.all()
    assert (file.filename, file.media_type, len(file.sha256)) == ("báo cáo.pdf", "application/pdf", 64)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told_who():
    assignment, given = orders.ordered(), orders.given()
    actors, gate, told = (orders.duc(), actor_of(cast.hoa())), threading.Barrier(2), []

    def accept(actor):
        gate.wait()
        try:
            told.append(act(actor, assignment.pk, Verb.ACCEPT, 1, given).status)
        except Refused as error:
            told.append((error.key, error.details["by"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner = assignment.events.get(verb=Verb.ACCEPT).by
    names = {"duc": "Võ Minh Đức", "hoa": "Lê Thị Hoa"}
    assert sorted(told, key=str) == [("directives.somebody_was_first", names[winner]), Status.ACCEPTED]
