"""The passport page: what a figure says, what it rests on, and who may open its rows."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import duckdb
import pytest
from tests import cast
from tests.indicators.facts import Warehouse
from tests.indicators.ledger import declare
from tests.web.figures import BEFORE, CASES, COMMUNE, DISCREET, NOTIFIED, ill

from vamco.accounts.models import AuditEntry
from vamco.indicators.catching_up import catch_up
from vamco.indicators.models import Observation
from vamco.intake.contracts import contract_of
from vamco.packs.contract import LegalBasis

pytestmark = pytest.mark.django_db

PAGE = f"/passports/?indicator={CASES.id}&unit={COMMUNE}&period=2026-01"
ROWS = PAGE.replace("/passports/", "/passports/rows/")


@pytest.fixture
def deliver(db):
    with duckdb.connect(config={"threads": 1}) as connection:
        yield Warehouse(connection)


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    declare(monkeypatch, CASES)


def opened(client, person, address=PAGE):
    client.force_login(person)
    response = client.get(address)
    assert response.status_code == 200, response.text[-500:]
    return " ".join(unescape(response.text).split())


def steady_address(page: str) -> str:
    return re.search(r'href="http://testserver(/passports/[^"]+as_known_at[^"]+)"', page)[1]


def test_the_page_says_value_formula_law_rows_and_since_when(client, deliver, monkeypatch):
    law = LegalBasis("Thông tư 54/2015/TT-BYT", date(2016, 7, 1), None, verified=False)
    lawful = replace(CASES.definitions[0], legal_basis=(law,))
    declare(monkeypatch, replace(CASES, definitions=(lawful,)))
    deliver(NOTIFIED, "2026-01", ill("2026-01-05"), ill("2026-01-09"))
    catch_up()
    page = opened(client, cast.lan())
    assert "Tháng 1/2026, Phường Long An: Thử là 2 Thử (số chính thức)." in page
    assert f"Số dòng của “{NOTIFIED}”." in page
    assert "54/2015/TT-BYT" in page
    assert "chưa đối chiếu với văn bản gốc" in page
    assert "lần đầu có số liệu" in page
    assert "COUNT(*)" in page
    assert '<svg viewBox="0 0' in page


def test_the_printed_address_shows_the_same_figure_after_a_restatement(client, deliver):
    first = deliver(NOTIFIED, "2026-01", ill("2026-01-05"))
    catch_up()
    address = steady_address(opened(client, cast.lan()))
    Observation.objects.update(known_since_at="2026-02-01T00:00:00+07:00")
    address = re.sub(r"as_known_at=[^&]+", "as_known_at=2026-03-01T00:00:00", address)
    deliver(NOTIFIED, "2026-01", ill("2026-01-05"), ill("2026-01-06"), restates=first)
    catch_up()
    assert "là 2 Thử" in opened(client, cast.lan())
    assert "là 1 Thử" in opened(client, cast.lan(), address)


def test_a_recomputation_proves_the_figure_or_says_where_it_differs(client, deliver):
    deliver(NOTIFIED, "2026-01", ill("2026-01-05"))
    catch_up()
    assert "Tính lại bây giờ: đúng như đã lưu" in opened(client, cast.lan(), f"{PAGE}&verify=1")
    Observation.objects.filter(unit_id__startswith=COMMUNE).update(value=7, numerator=7)
    page = opened(client, cast.lan(), f"{PAGE}&verify=1")
    assert "Tính lại bây giờ: có chỗ khác" in page
    assert "khác số đã lưu" in page


def test_a_small_count_shows_neither_number_nor_rows_without_the_permission(client, deliver, monkeypatch):
    declare(monkeypatch, DISCREET)
    deliver(NOTIFIED, "2026-01", ill("2026-01-05"))
    catch_up()
    assert "là 1 Thử" in opened(client, cast.lan())
    hidden = opened(client, cast.yen())
    assert "ẩn để bảo vệ thông tin cá nhân" in hidden
    assert [words for words in ("là 1 Thử", "COUNT(*)", "từng dòng") if words in hidden] == []
    assert client.get(ROWS).status_code == 403


def test_rows_with_personal_data_are_shown_to_those_it_was_given_to_and_audited(client, deliver):
    deliver(NOTIFIED, "2026-01", ill("2026-01-05"))
    catch_up()
    page = opened(client, cast.lan(), ROWS)
    assert "Sốt xuất huyết" in page
    assert "BN-077" not in page
    assert not AuditEntry.objects.filter(action="dataset.personal").exists()
    cast.steward_of(cast.hoa(), contract_of(NOTIFIED).agency)
    assert "BN-077" in opened(client, cast.hoa(), ROWS)
    entry = AuditEntry.objects.get(action="dataset.personal")
    assert (entry.actor, entry.subject, entry.details["n_rows"]) == ("hoa", f"dataset:{NOTIFIED}", 1)


def test_rows_come_in_pages(client, deliver):
    deliver(NOTIFIED, "2026-01", *(ill("2026-01-05") for _ in range(51)))
    catch_up()
    assert "51 dòng được tính" in opened(client, cast.lan(), ROWS)
    assert opened(client, cast.lan(), f"{ROWS}&page=2").count("<tr data-row>") == 1


def test_what_a_former_commune_delivered_stands_on_todays_map(client, deliver):
    deliver(NOTIFIED, "2025-01", ill("2025-01-05", BEFORE))
    catch_up()
    page = opened(client, cast.lan(), PAGE.replace("2026-01", "2025-01"))
    assert "quy đổi từ bản đồ của kỳ" in page
    assert "Phường 4" in page


def test_a_map_without_the_unit_names_those_that_share_its_land(client):
    client.force_login(cast.lan())
    response = client.get(f"{PAGE}&map=2025-01-01")
    assert response.status_code == 409
    assert "Phường 4" in response.text


def test_days_are_read_as_people_write_them_and_bad_maps_refused(client):
    client.force_login(cast.lan())
    assert client.get(f"{PAGE}&on=22/11/2026").headers["Location"].endswith("on=2026-11-22")
    assert client.get(f"{PAGE}&map=hom-nay").status_code == 400


def test_an_internal_figure_is_not_for_those_who_have_not_signed_in(client):
    assert client.get(PAGE).status_code == 403
