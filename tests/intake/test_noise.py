"""A receipt says what is wrong once, in the closest words: no finding stands beside a clearer one."""

from dataclasses import replace
from datetime import date

import pytest
from tests.intake.conftest import column, contract
from tests.intake.test_deliveries import CASES, HEADER

from vamco.intake.models import Delivery, State
from vamco.packs.contract import Kind, Rule, UnitReference
from vamco.vocabulary.text import Text

pytestmark = pytest.mark.django_db

BY_DAY = replace(CASES, period_column="onset_on")
NOT_EMPTY = replace(CASES, rules=(Rule("rows", Text("Có dòng", "Has rows"), "delivery", "count(*) > 0"),))


def notes(delivery: Delivery) -> dict[str, str]:
    return {error["reason"]: error["note"] for error in delivery.receipt.report["tasks"][0]["errors"]}


def test_of_a_file_of_another_period_it_is_not_said_that_the_dataset_has_its_rows(deliver):
    deliver(BY_DAY, HEADER + "A1,02/06/2026,1\n")
    assert set(notes(deliver(BY_DAY, HEADER + "A1,02/06/2026,1\n", period="2026-07"))) == {"outside_period"}


def test_rules_about_a_delivery_are_not_asked_where_every_row_is_refused(deliver):
    refused = deliver(NOT_EMPTY, HEADER + "A1,no day,1\n")
    assert set(notes(refused)) == {"date_unreadable"}
    assert (refused.state, refused.receipt.report["is_refused_whole"]) == (State.REJECTED, False)
    assert set(notes(deliver(NOT_EMPTY, HEADER))) == {"rule_broken"}


@pytest.mark.parametrize("header", ["MÃ CA", "Mã  ca", "ma_ca", "Mã ca:"])
def test_a_header_that_differs_by_case_space_or_punctuation_is_not_called_renamed(deliver, header):
    assert notes(deliver(CASES, HEADER.replace("Mã ca", header) + "A1,02/06/2026,1\n")) == {}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Phường Long An", "cần mã, ô này ghi tên “Phường Long An”. Ghi mã: Phường Long An = 27694."),
        ("Xã Không Đâu", "không có đơn vị hành chính “Xã Không Đâu”. Kiểm tra lại tên hoặc mã."),
        ("99999", "không có đơn vị hành chính “99999”. Kiểm tra lại tên hoặc mã."),
    ],
)
def test_a_name_in_a_column_of_codes_is_answered_with_its_code(deliver, cell, said):
    unit = UnitReference("code", "commune", map_on=date(2025, 7, 1))
    made = contract(column("u", Kind.UNIT, "Xã", unit=unit))
    [note] = notes(deliver(made, f"Xã\n{cell}\n")).values()
    assert note == f"Cột “Xã”{'' if said.startswith('cần') else ':'} {said}"


def test_names_are_answered_with_what_is_alike_and_nothing_is_left_open(deliver):
    unit = UnitReference("name", "commune", map_on=date(2025, 7, 1))
    made = contract(column("u", Kind.UNIT, "Xã", unit=unit))
    alike = notes(deliver(made, "Xã\nPhường Long Anh\n"))["unit_alike"]
    assert "Gần giống: " in alike
    assert "Phường Long An (27694)" in alike
    assert notes(deliver(made, "Xã\nqqqq wwww\n"))["unit_unknown"].endswith("Kiểm tra lại tên hoặc mã.")
