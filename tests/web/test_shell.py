"""What every page wears: headers, language, theme, navigation."""

import pytest
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_browser_is_told_to_run_nothing_foreign(client):
    headers = client.get("/units/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_signed_in_people_are_kept_by_no_shared_cache(client):
    client.force_login(cast.hoa())
    assert "private" in client.get("/units/").headers["Cache-Control"]


def test_pages_speak_vietnamese_even_to_an_english_browser(client):
    response = client.get("/units/", headers={"Accept-Language": "en-US,en;q=0.9"})
    assert '<html lang="vi"' in response.text
    assert response.headers["Content-Language"] == "vi"


def test_the_address_chooses_the_language_for_one_page_and_the_form_for_all(client):
    assert '<html lang="en"' in client.get("/units/?lang=en").text
    assert '<html lang="vi"' in client.get("/units/").text
    client.post("/account/language/", {"language": "en", "next": "/units/"})
    assert '<html lang="en"' in client.get("/units/").text


def test_dark_comes_only_on_request(client):
    assert 'data-theme="light"' in client.get("/units/").text
    assert (
        client.post("/account/theme/", {"theme": "dark", "next": "/units/"}).headers["Location"] == "/units/"
    )
    assert 'data-theme="dark"' in client.get("/units/").text


def test_a_way_back_never_leads_to_another_site(client):
    response = client.post("/account/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_nobody_is_shown_a_door_that_is_closed_to_them(client):
    assert 'data-key="n"' not in client.get("/units/").text
    client.force_login(cast.yen())
    assert 'data-key="n"' in client.get("/units/").text


def test_the_sign_of_life_needs_nobody(client):
    assert client.get("/healthz").json() == {"ok": True}
