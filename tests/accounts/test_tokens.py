"""Keys of machines: shown once, kept as hashes, refused when they should be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from vamco.accounts.models import Agency, Token
from vamco.accounts.policy import PROGRAM, Scope, actor_of_token
from vamco.accounts.tokens import issue_token, token_of
from vamco.vocabulary.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    Agency.objects.create(code="so-y-te", name_vi="Sở Y tế", name_en="Health")
    return issue_token(PROGRAM, "so-y-te", "HIS")


def test_a_key_is_known_again_and_never_stored(key):
    token = token_of(key)
    assert key not in str(Token.objects.values())
    assert actor_of_token(token).name == "so-y-te/HIS"


@pytest.mark.parametrize(
    "spoil", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(1)}]
)
def test_a_revoked_or_expired_key_is_refused(key, spoil):
    Token.objects.update(**spoil)
    with pytest.raises(Forbidden):
        token_of(key)


def test_an_unknown_key_or_agency_is_refused(key):
    with pytest.raises(Forbidden):
        token_of(key + "x")
    with pytest.raises(NotFound):
        issue_token(PROGRAM, "khong-co", "x")


def test_a_key_acts_only_for_its_agency(key):
    actor = actor_of_token(token_of(key))
    assert not actor.may("delivery.receive", Scope(agency="so-xay-dung"))
