"""Signing in: traced, and paused after repeated failures."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests import cast

from vamco.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


def sign_in(client, password: str = cast.PASSWORD, username: str = "hoa", **extra):
    return client.post(
        "/sign-in/?next=/units/", {"username": username, "password": password, "next": "/units/"}, **extra
    )


def test_somebody_who_must_sign_in_first_lands_where_they_wanted(client):
    cast.hoa()
    assert client.get("/account/").headers["Location"] == "/sign-in/?next=/account/"
    assert sign_in(client).headers["Location"] == "/units/"


def test_success_failure_and_leaving_are_written_in_the_audit_log(client):
    cast.hoa()
    sign_in(client, "sai")
    sign_in(client)
    client.post("/sign-out/")
    verbs = list(AuditEntry.objects.values_list("action", "subject"))
    assert verbs == [(v, "person:hoa") for v in ("sign-in.failure", "sign-in.success", "sign-out")]


def test_five_failures_pause_the_account_even_for_the_right_password(client):
    cast.hoa()
    for _ in range(5):
        assert "không đúng" in sign_in(client, "sai").text
    assert "tạm dừng" in sign_in(client).text
    assert AuditEntry.objects.filter(action="sign-in.failure").count() == 5


def test_the_pause_ends_and_does_not_reach_other_addresses(client):
    cast.hoa()
    for _ in range(5):
        sign_in(client, "sai")
    assert sign_in(client, REMOTE_ADDR="10.0.0.9").status_code == 302
    client.post("/sign-out/")
    AuditEntry.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_a_success_forgives_the_failures_before_it(client):
    cast.hoa()
    for password in ("sai", "sai", "sai", "sai", cast.PASSWORD, "sai"):
        client.logout()
        sign_in(client, password)
    assert sign_in(client).status_code == 302


def test_an_unknown_name_is_refused_in_the_same_words(client):
    cast.hoa()
    for name in ("hoa", "khong-ai"):
        assert "không đúng" in sign_in(client, "sai", name).text


def test_a_new_password_is_kept_and_traced(client):
    client.force_login(cast.hoa())
    new = "một-câu-khác-dài-hơn"
    asked = {"old_password": cast.PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", asked).status_code == 302
    client.logout()
    assert sign_in(client, new).status_code == 302
    assert AuditEntry.objects.filter(action="password").exists()


def test_the_account_page_says_what_its_owner_may_do(client):
    client.force_login(cast.hoa())
    page = client.get("/account/").text
    assert "Sở Y tế" in page
    assert "đầu mối dữ liệu của cơ quan" in page
