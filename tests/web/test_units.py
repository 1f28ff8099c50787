"""The unit pages: a life with its clauses, and a map of a day."""

import pytest

pytestmark = pytest.mark.django_db


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(response.text.split())


def test_a_unit_shows_what_it_was_made_from_with_the_clause(client):
    shown = page(client, "/units/27694/?on=2025-07-01")
    assert "<h1>Phường Long An</h1>" in shown
    assert "Phường 5" in shown
    assert 'Khoản 84 Điều 1, <span class="nowrap">1682/NQ-UBTVQH15</span>' in shown
    assert "một phần, chưa rõ bao nhiêu" in shown


def test_the_same_code_is_another_unit_the_day_before(client):
    shown = page(client, "/units/27694/?on=2025-06-30")
    assert "<h1>Phường 1</h1>" in shown
    assert "được dùng cho các địa bàn khác nhau theo thời gian" in shown


def test_an_old_unit_leads_to_its_successor(client):
    assert "/units/27994/?on=2025-07-01" in page(client, "/units/28000/")


def test_a_day_on_which_the_code_was_not_in_use_is_refused_with_its_lives(client):
    response = client.get("/units/28000/?on=2026-01-01")
    assert response.status_code == 404
    assert "Xã Thạnh Hòa" in response.text


def test_homonyms_are_shown_with_where_they_lie(client):
    shown = page(client, "/units/?q=tan thanh&on=2025-01-01")
    assert shown.count("Xã Tân Thành") > 1
    assert "Huyện" in shown


def test_the_list_counts_the_communes_of_a_day(client):
    assert "96 đơn vị trên bản đồ ngày 22/11/2026" in page(client, "/units/?on=2026-11-22")


def test_a_search_that_finds_nothing_says_what_to_try(client):
    assert "Thử viết ít chữ hơn" in page(client, "/units/?q=khongcoxanaoten")


def test_what_people_type_is_never_run_by_the_browser(client):
    assert "<script>alert" not in page(client, "/units/?q=<script>alert(1)</script>")
