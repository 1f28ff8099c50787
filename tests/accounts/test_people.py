"""People have names that can be typed; keys last a day or more and can be taken back."""

import pytest

from vamco.accounts.models import Agency, AuditEntry, Person, Token
from vamco.accounts.people import add_person
from vamco.accounts.policy import PROGRAM, Actor, Granted
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token, revoke_token, token_of
from vamco.vocabulary.errors import Forbidden, Misused, NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("username", ["", "Hoa", "hòa", "hoa lê", "hoa/../x", "hoa\n", "h" * 151])
def test_a_username_that_is_hard_to_type_is_refused(username):
    with pytest.raises(Refused, match="bad_username"):
        add_person(PROGRAM, username, "Hoa", Role.AUDITOR)
    assert not Person.objects.exists()


def test_a_username_of_letters_digits_dots_and_dashes_is_taken():
    assert add_person(PROGRAM, "hoa.syt_2-a", "Hoa", Role.AUDITOR)


@pytest.fixture
def key() -> str:
    Agency.objects.create(code="so-y-te", name_vi="Sở Y tế", name_en="Health")
    return issue_token(PROGRAM, "so-y-te", "HIS", 1)


@pytest.mark.parametrize("days", [0, -1])
def test_a_key_lasts_at_least_a_day(key, days):
    with pytest.raises(Misused, match="bad_days"):
        issue_token(PROGRAM, "so-y-te", "HIS", days)


def test_a_revoked_key_opens_nothing_and_the_audit_says_who_revoked_it(key):
    quan = Actor("quan", (Granted(Role.ADMINISTRATOR),), signed_in=True)
    revoke_token(quan, Token.objects.get().pk)
    with pytest.raises(Forbidden):
        token_of(key)
    entry = AuditEntry.objects.get(action="token.revoke")
    assert (entry.actor, entry.subject, entry.details["name"]) == ("quan", "agency:so-y-te", "HIS")


def test_a_key_is_revoked_once_and_only_by_who_may(key):
    token = Token.objects.get()
    with pytest.raises(Forbidden):
        revoke_token(Actor("hoa", (Granted(Role.STEWARD),), signed_in=True), token.pk)
    revoke_token(PROGRAM, token.pk)
    with pytest.raises(Refused, match="token_was_revoked"):
        revoke_token(PROGRAM, token.pk)
    with pytest.raises(NotFound):
        revoke_token(PROGRAM, token.pk + 1)
    assert AuditEntry.objects.filter(action="token.revoke").count() == 1
