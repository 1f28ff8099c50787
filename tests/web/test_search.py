"""The search box: without diacritics, over everything, and only what the reader may open."""

from html import unescape

import pytest
from tests import cast

from vamco.accounts.policy import PROGRAM
from vamco.web.search.finding import find

pytestmark = pytest.mark.django_db


def found(client, text: str, person=None) -> str:
    if person:
        client.force_login(person)
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return " ".join(unescape(response.text).split())


def test_words_are_found_without_their_marks_in_every_kind(client):
    dengue = found(client, "sot xuat huyet", cast.lan())
    assert "Ca mắc mới sốt xuất huyết Dengue" in dengue
    assert "/indicators/health.dengue_cases/" in dengue
    assert "/datasets/" in dengue
    assert "/services/health/" in found(client, "giam sat y te", cast.lan())


def test_the_closest_comes_first(client):
    client.force_login(cast.lan())
    groups = {group["kind"]: group for group in client.get("/api/v1/search?q=dân số").json()}
    assert groups["indicator"]["hits"][0]["id"] == "reference.population"


def test_a_unit_of_any_time_is_found_and_told_by_its_days(client):
    page = found(client, "ninh thanh", cast.lan())
    assert "30/06/2025" in page
    assert "Phường Long An (27694)" in found(client, "27694", cast.lan())


def test_who_has_not_signed_in_finds_units_and_what_is_public(client):
    page = found(client, "tân ninh")
    assert "Phường Tân Ninh" in page
    assert "/datasets/" not in found(client, "sốt xuất huyết")
    assert "health.dengue_cases/" not in found(client, "sốt xuất huyết")


def test_nothing_found_and_nothing_asked_say_what_to_do(client):
    assert "Không tìm thấy “khongcogicả”" in found(client, "khongcogicả")
    assert "Thử viết ít chữ hơn" in found(client, "khongcogicả")
    assert "Chưa có từ nào để tìm" in found(client, " ")


def test_one_kind_can_be_seen_in_full(client):
    client.force_login(cast.lan())
    few = client.get("/search/", {"q": "tan"}).text.count("<tr data-row>")
    many = client.get("/search/", {"q": "tan", "kind": "unit"}).text.count("<tr data-row>")
    assert many > few


def test_more_words_find_less():
    one, two = (sum(group.n for group in find(text, PROGRAM)) for text in ("tân", "tân ninh"))
    assert 0 < two < one
