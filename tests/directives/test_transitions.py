"""The table is the law: what stands in it can be done, what does not is refused for everybody."""

import pytest
from tests import cast
from tests.directives import orders

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import PROGRAM, actor_of
from vamco.accounts.roles import Role, role_matrix
from vamco.directives.acting import act
from vamco.directives.guards import allowed
from vamco.directives.models import Assignment
from vamco.directives.transitions import TRANSITIONS, Field, Guard, Side, Status, Verb, transition_of
from vamco.vocabulary.errors import Misused, Refused

pytestmark = pytest.mark.django_db

OF_AGENCY = {Role.STEWARD, Role.DEPARTMENT_HEAD}  # of the cast, those of Sở Y tế


def is_in_table(status, verb, role):
    row = transition_of(verb)
    return status in row.sources and role in row.roles and (row.side is Side.OVERSIGHT or role in OF_AGENCY)


def with_requests(assignment, verb):
    """As many open requests as the verb's guards want."""
    guards = transition_of(verb).guards
    Assignment.objects.filter(pk=assignment.pk).update(
        extension_asked=3 if Guard.EXTENSION_ASKED in guards else None,
        is_explanation_asked=Guard.EXPLANATION_ASKED in guards,
    )


def test_every_verb_has_exactly_one_row():
    assert sorted(row.verb for row in TRANSITIONS) == sorted(Verb)


def test_the_role_matrix_repeats_the_table():
    rows = {name: roles for name, roles in role_matrix().items() if name.startswith("assignment.")}
    assert rows == {row.permission: row.roles for row in TRANSITIONS}


def test_every_state_but_the_cancelled_has_a_way_on():
    stuck = {status for status in Status if not any(status in row.sources for row in TRANSITIONS)}
    assert stuck == {Status.CANCELLED}


@pytest.mark.parametrize("status", Status)
def test_what_is_not_in_the_table_is_refused_for_every_role_and_changes_nothing(status):
    assignment = orders.in_state(status)
    actors = {role: actor_of(make()) for role, make in cast.PEOPLE.items()}
    given, n_audited, n_events = orders.given(), AuditEntry.objects.count(), assignment.events.count()
    for verb in Verb:
        with_requests(assignment, verb)
        for role, actor in actors.items():
            if not is_in_table(status, verb, role):
                with pytest.raises(Refused):
                    act(actor, assignment.pk, verb, assignment.version, given)
    assignment.refresh_from_db()
    assert assignment.status == status
    assert (AuditEntry.objects.count(), assignment.events.count()) == (n_audited, n_events)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.verb)
def test_what_is_in_the_table_is_done_with_one_event_and_one_audit_entry(row):
    for status in row.sources:
        assignment = orders.in_state(status, document_no=f"{status}")
        with_requests(assignment, row.verb)
        actor = orders.minh() if row.side is Side.OVERSIGHT else orders.duc()
        n_audited = AuditEntry.objects.count()
        moved = act(actor, assignment.pk, row.verb, assignment.version, orders.given())
        event = moved.events.last()
        assert (event.verb, event.from_status, event.to_status) == (row.verb, status, row.target or status)
        assert (moved.status, moved.version) == (row.target or status, assignment.version + 1)
        entry = AuditEntry.objects.last()
        assert (entry.action, entry.subject, entry.actor) == (row.permission, moved.subject, actor.name)
        assert AuditEntry.objects.count() == n_audited + 1


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.verb)
def test_nothing_is_done_without_what_the_table_requires(row):
    assignment = orders.in_state(row.sources[0])
    with_requests(assignment, row.verb)
    actor = orders.minh() if row.side is Side.OVERSIGHT else orders.duc()
    empty = {Field.NOTE: " ", Field.EVIDENCE: (), Field.AMOUNT: None, Field.AGENCY: "", Field.DEADLINE: None}
    for field in row.required:
        with pytest.raises(Misused):
            act(actor, assignment.pk, row.verb, assignment.version, orders.given(**{field: empty[field]}))
    assignment.refresh_from_db()
    assert assignment.status == row.sources[0]


@pytest.mark.parametrize("status", Status)
def test_what_is_offered_is_what_is_done(status):
    assignment = orders.in_state(status)
    for role, make in cast.PEOPLE.items():
        offered = {row.verb for row in allowed(actor_of(make()), assignment)}
        wanted = {verb for verb in Verb if is_in_table(status, verb, role)}
        asking = {Verb.GRANT_EXTENSION, Verb.REFUSE_EXTENSION, Verb.EXPLAIN}  # nobody has asked
        assert offered == wanted - asking, role


def test_the_program_itself_does_no_agencys_work_and_confirms_nobodys_by_itself():
    assert Verb.ACCEPT not in {row.verb for row in allowed(PROGRAM, orders.in_state(Status.NEW))}
