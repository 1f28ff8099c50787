"""Who sees which columns of a dataset: public ones everybody who signs in, the others those trusted with them."""

import re

import pytest
from tests import cast

from vamco.accounts.models import Grant
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.intake.contracts import packs
from vamco.intake.models import Channel, Delivery
from vamco.intake.receiving import receive
from vamco.intake.worker import check_next

pytestmark = pytest.mark.django_db

POPULATION, CASES = ("reference.population", "2025"), ("health.notified_cases", "2026-W46")
A_CASE = "MP-2026-000001"


@pytest.fixture
def shown_to(client):
    def shown(person, address: str) -> str:
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        return " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())

    return shown


def delivered(dataset: tuple[str, str], kind: str = "") -> Delivery:
    pack, _, table = dataset[0].partition(".")
    (folder,) = (found.folder for found in packs() if found.slug == pack)
    with (folder / "samples" / f"{table}{kind}.csv").open("rb") as stream:
        made = receive(PROGRAM, *dataset, stream, f"{table}.csv", Channel.UPLOAD).delivery
    check_next("test")
    return made


def test_another_agency_and_an_officer_of_a_commune_see_public_columns_with_the_period(shown_to):
    delivered(POPULATION)
    for person in (cast.binh(), cast.sau()):
        shown = shown_to(person, "/datasets/reference.population/")
        assert "Văn bản mô phỏng 01" in shown
        assert "Năm 2025 27694" in shown  # the period, then the first column
        assert " 2025 trung bình 61.240 " in shown  # a year is no quantity
        assert "Ẩn " not in shown


def test_hidden_columns_are_named_with_who_may_see_them(shown_to):
    delivered(CASES)
    cast.steward_of(cast.hoa(), "trung-tam-kiem-soat-benh-tat")
    address = "/datasets/health.notified_cases/"
    theirs = shown_to(cast.hoa(), address)
    assert "Ẩn " not in theirs
    assert A_CASE in theirs
    stranger = shown_to(cast.binh(), address)
    assert "Ẩn 6 cột nội bộ" in stranger
    assert "Ẩn 6 cột dữ liệu cá nhân" in stranger
    administrator = shown_to(cast.quan(), address)
    assert "Ẩn 6 cột dữ liệu cá nhân" in administrator
    assert "cột nội bộ" not in administrator
    assert "A97" in administrator
    for reader in (stranger, administrator):
        assert A_CASE not in reader


def test_an_administrator_sees_of_a_restatement_what_is_not_personal(shown_to):
    delivered(CASES, ".dirty")
    after = delivered(CASES)
    shown = shown_to(cast.quan(), f"/deliveries/{after.pk}/difference/")
    assert "Ẩn 6 cột dữ liệu cá nhân" in shown
    assert "A97" in shown
    assert "6 cột bị ẩn" in shown


def test_an_officer_of_a_commune_sees_the_deliveries_of_the_own_agency_and_no_others(client):
    made, officer = delivered(POPULATION), cast.sau()
    client.force_login(officer)
    assert client.get(f"/deliveries/{made.pk}/").status_code == 403
    assert f"/deliveries/{made.pk}/" not in client.get("/deliveries/").text
    cast.steward_of(cast.hoa(), made.agency)  # makes the agency
    home = Grant.objects.get(role=Role.STEWARD, agency__code=made.agency).agency
    Grant.objects.filter(person=officer).update(agency=home)
    assert f"/deliveries/{made.pk}/" in client.get("/deliveries/").text
    assert client.get(f"/deliveries/{made.pk}/").status_code == 200
    assert client.get("/deliveries/new/").status_code == 403


def test_days_in_limits_and_reasons_are_written_as_people_write_them(shown_to):
    made = delivered(CASES, ".dirty")
    assert "bắt buộc; từ 01/01/2000 trở lên" in shown_to(cast.quan(), "/datasets/health.notified_cases/")
    assert "(09/11/2026 đến 15/11/2026)" in shown_to(cast.quan(), f"/deliveries/{made.pk}/")
