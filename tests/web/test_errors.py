"""One error shape: a page for people, JSON for programs, in the reader's language."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from tests import cast

from vamco.accounts.roles import role_matrix
from vamco.vocabulary.messages import catalogue

pytestmark = pytest.mark.django_db


def test_an_unknown_address_says_so_in_vietnamese(client):
    response = client.get("/khong-co/")
    assert response.status_code == 404
    assert "Không có trang nào ở địa chỉ" in response.text
    assert "Việc nên làm" in response.text


def test_a_program_gets_the_same_error_as_json(client):
    error = client.get("/api/v1/units/00000").json()["error"]
    assert error["id"] == "geography.unknown_code"
    assert set(error) == {"id", "what", "kept", "next", "details"}


def test_a_page_answers_json_to_those_who_ask_for_json(client):
    response = client.get("/units/00000/", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json()["error"]["id"] == "geography.unknown_code"


def test_the_language_of_an_error_follows_the_address(client):
    vietnamese, english = (client.get(f"/api/v1/units/00000?lang={each}").json() for each in ("vi", "en"))
    assert vietnamese["error"]["what"] != english["error"]["what"]


def test_an_ambiguous_name_answers_300_with_its_candidates(client):
    response = client.get("/api/v1/units/resolve", {"name": "xã Tân Thành", "on": "2025-01-01"})
    assert response.status_code == 300
    assert len(response.json()["error"]["details"]["candidates"]) > 1


def test_a_parameter_that_cannot_be_read_is_named(client):
    for address in ("/units/?on=hôm-qua", "/api/v1/units?on=hôm-qua"):
        response = client.get(address, headers={"Accept": "application/json"})
        assert response.status_code == 400
        assert response.json()["error"]["details"]["name"] == "on"


def test_a_fault_of_ours_is_said_plainly_and_needs_no_database(settings, monkeypatch):
    monkeypatch.setattr("vamco.web.units.views.units_of_day", lambda *_: 1 / 0)
    response = Client(raise_request_exception=False).get("/units/")
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in response.text
    assert "Dữ liệu đã nhận trước đó vẫn còn nguyên" in response.text


def test_a_form_without_its_token_is_refused_in_vietnamese():
    response = Client(enforce_csrf_checks=True).post("/account/language/", {"language": "en"})
    assert response.status_code == 403
    assert "Trang này đã mở quá lâu" in response.text


def test_a_signed_in_person_who_may_not_is_told_which_right_is_missing(client):
    client.force_login(cast.hoa())
    response = client.get("/audit/")
    assert response.status_code == 403
    assert "không được xem nhật ký" in response.text


def test_every_page_and_deed_of_the_matrix_has_its_words():
    open_to_all = {"anyone", "signed_in"}
    named = [name for name, who in role_matrix().items() if who and not who & open_to_all]
    shown = [re.sub("[.-]", "_", name) for name in named if not name.startswith(("api:", "iceberg"))]
    ours_alone = r"token|person|warehouse_re(ad_all|tain)"
    wordless = [name for name in shown if f"deed_{name}" not in catalogue("web")]
    assert [name for name in wordless if not re.match(ours_alone, name)] == []


def test_the_api_says_what_a_parameter_should_be_like(client):
    bad = client.get("/api/v1/units?on=xx").json()["error"]
    assert "“on” có giá trị “xx”" in bad["what"]
    assert "2026-11-22" in bad["next"]


def test_the_api_names_a_parameter_that_is_missing(client):
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.key_of(cast.health())}"
    answer = client.post("/api/v1/deliveries?contract=health.provincial_disease_counts")
    assert (answer.status_code, answer.json()["error"]["id"]) == (400, "web.missing_parameter")
    assert "“period”" in answer.json()["error"]["what"]


@pytest.mark.parametrize("candidate", ["Xã Tân Thành", {"label": "Xã Tân Thành", "code": "1"}])
def test_candidates_are_listed_by_their_label(candidate):
    said = {"error": {"what": "?"}, "candidates": [candidate]}
    assert "<li>Xã Tân Thành</li>" in render_to_string("shell/error_block.html", said)


@pytest.mark.parametrize("address", ["/units/", "/api/v1/units", "/khong-co/"])
def test_a_call_for_another_host_is_refused_like_any_other(client, settings, address, caplog):
    settings.ALLOWED_HOSTS = ["vamco.example"]
    response = client.get(address, headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "tên miền" in response.text
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert not [record for record in caplog.records if record.exc_info]
