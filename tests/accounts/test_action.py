"""One change of state = one action: allowed, done and audited together, or not at all."""

import pytest
from django.db import IntegrityError

from vamco.accounts.action import action, broken_links
from vamco.accounts.models import Agency, AuditEntry, Grant
from vamco.accounts.people import add_person
from vamco.accounts.policy import NOBODY, PROGRAM, Actor, Granted, Scope
from vamco.accounts.roles import Role
from vamco.vocabulary.errors import Forbidden

pytestmark = pytest.mark.django_db
HEALTH = "so-y-te"


def admin(agency: str = "") -> Actor:
    return Actor("quan", (Granted(Role.ADMINISTRATOR, agency),), signed_in=True)


def test_an_action_leaves_its_audit_entry():
    with action(admin(), "token.issue", "agency:x") as details:
        details["days"] = 3
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.details) == ("quan", "token.issue", {"days": 3})


def test_a_failed_action_leaves_neither_change_nor_entry():
    with pytest.raises(RuntimeError), action(admin(), "token.issue", "agency:x"):
        Agency.objects.create(code="x", name_vi="x", name_en="x")
        raise RuntimeError
    assert not Agency.objects.exists()
    assert not AuditEntry.objects.exists()


def test_nobody_may_do_anything_that_has_no_row_in_the_matrix():
    with pytest.raises(Forbidden), action(admin(), "no.such.permission", "x"):
        pytest.fail("the body must not run")


def test_a_grant_reaches_only_its_agency():
    of_health = admin(HEALTH)
    assert of_health.may("token.issue", Scope(agency=HEALTH))
    assert not of_health.may("token.issue", Scope(agency="so-xay-dung"))
    assert not NOBODY.may("token.issue")


def test_a_changed_or_removed_entry_breaks_the_chain():
    for n in range(4):
        with action(PROGRAM, "token.issue", f"agency:{n}"):
            pass
    assert broken_links() == []
    first, second, third, _ = AuditEntry.objects.order_by("id")
    AuditEntry.objects.filter(pk=first.pk).update(actor="ai-do")
    assert broken_links() == [first.pk]
    AuditEntry.objects.filter(pk=second.pk).delete()
    assert third.pk in broken_links()


def test_the_first_password_works_and_is_not_kept_in_the_clear(django_user_model):
    password = add_person(PROGRAM, "minh", "Minh", Role.OPERATOR)
    person = django_user_model.objects.get(username="minh")
    assert person.check_password(password)
    assert password not in str(AuditEntry.objects.values_list("details", flat=True))


@pytest.mark.parametrize("agency", [None, HEALTH])
def test_the_same_grant_is_given_once(django_user_model, agency):
    person = django_user_model.objects.create(username="minh")
    home = Agency.objects.create(code=HEALTH, name_vi="Sở Y tế", name_en="Health") if agency else None
    Grant.objects.create(person=person, role=Role.OPERATOR, agency=home)
    with pytest.raises(IntegrityError):
        Grant.objects.create(person=person, role=Role.OPERATOR, agency=home)
