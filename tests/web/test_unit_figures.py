"""The figures of a unit: its place, its change, and the time before it was there."""

from html import unescape

import pytest
from tests import cast
from tests.indicators import ledger
from tests.web.figures import BEFORE, HERE

from vamco.packs.indicator import Additivity

pytestmark = pytest.mark.django_db

CASES = ledger.indicator("cases")
OTHER = ledger.indicator("other", over_units=Additivity.ADDITIVE)
PREDECESSORS = (
    "27685@2004-08-31", BEFORE, "27694@2024-12-01", "27697@2006-07-04", "27700@2004-08-31", "27703@2004-08-31",
)  # fmt: skip


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    ledger.declare(monkeypatch, CASES, OTHER)


def page(client, address="/units/27694/", person=None) -> str:
    client.force_login(person or cast.lan())
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(unescape(response.text).split())


def test_a_figure_stands_with_its_change_and_its_place_among_the_peers(client):
    for unit, month, n in ((HERE, "2025-10", 10), (HERE, "2026-10", 15), ("27721@2025-07-01", "2026-10", 5)):
        ledger.write(CASES, unit, month, n)
    shown = page(client)
    assert "tăng 50,0" in shown
    assert "so sánh được" in shown
    assert "2/2" in shown


def test_before_its_birth_the_unit_is_the_sum_of_those_before_it_and_says_so(client):
    for unit in PREDECESSORS:
        ledger.write(CASES, unit, "2025-05", 2)
    ledger.write(CASES, HERE, "2026-10", 15)
    shown = page(client)
    assert "từ đơn vị đi trước" in shown
    assert "khi chưa có Phường Long An" in shown


def test_what_leads_a_service_is_shown_and_the_rest_on_request(client, monkeypatch):
    ledger.declare(monkeypatch, CASES, OTHER)
    assert "cả 2 chỉ tiêu" in page(client)
    assert "chỉ các chỉ tiêu chính" in page(client, "/units/27694/?service=trial")


def test_who_has_not_signed_in_sees_the_unit_and_no_internal_figures(client):
    ledger.write(CASES, HERE, "2026-10", 15)
    shown = client.get("/units/27694/").text
    assert "Phường Long An" in shown
    assert "Số liệu của đơn vị" not in shown
