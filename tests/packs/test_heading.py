"""Headers find their columns, and nothing is guessed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.packs.shipped import shipped_packs

from vamco.packs.heading import folded_heading, match_headings, written_names

PACKS = shipped_packs()
BUDGET = PACKS.contract("reference.provincial_budget")
CASES = PACKS.contract("health.notified_cases")


@given(st.text())
def test_folding_a_heading_twice_is_folding_it_once(text):
    assert folded_heading(folded_heading(text)) == folded_heading(text)


@pytest.mark.parametrize("contract", PACKS.contracts, ids=lambda c: c.id)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_contract_knows_its_own_titles_in_any_order(contract, language):
    headers = [column.title.in_(language).upper() for column in reversed(contract.columns)]
    matching = match_headings(contract, headers)
    assert matching.place_of == {c.name: i for i, c in enumerate(reversed(contract.columns))}
    assert not matching.unknown
    assert not matching.disputed


def test_what_stands_in_parentheses_does_not_count():
    matching = match_headings(CASES, ["Mã ca bệnh (bắt buộc)", "MÃ BỆNH (icd-10)", "Ngày gửi (dd/mm/yyyy)"])
    assert set(matching.place_of) == {"case_code", "disease_code", "sent_on"}


def test_a_header_given_twice_is_disputed_unless_one_is_blank():
    headers = ["Mã ca", "Ngày mắc", "Mã ca bệnh"]
    assert match_headings(CASES, headers).disputed == {"case_code": (0, 2)}
    assert "case_code" not in match_headings(CASES, headers).place_of
    assert match_headings(CASES, headers, blank={0}).place_of["case_code"] == 2
    assert match_headings(CASES, headers, blank={0, 2}).disputed == {"case_code": (0, 2)}


def test_a_header_that_fits_two_columns_belongs_to_neither():
    greedy = [replace(column, alias_patterns=("tong .*",)) for column in BUDGET.columns[:3]]
    matching = match_headings(replace(BUDGET, columns=tuple(greedy)), ["Tổng nào đó", "Tỉnh, thành phố"])
    assert matching.place_of == {"unit": 1}
    assert matching.disputed == {"total_revenue": (0,), "revenue_share": (0,)}
    assert matching.unknown == ()


def test_headers_of_no_column_are_told():
    assert match_headings(CASES, ["Mã ca", "Họ và tên", ""]).unknown == (1, 2)


def test_a_name_goes_before_a_pattern():
    headers = ["Tổng thu NSNN trên địa bàn", "Thu ngân sách trên địa bàn tỉnh"]
    assert match_headings(BUDGET, headers).place_of["total_revenue"] == 0


TRANSFER = "BỔ SUNG TỪ NGÂN SÁCH TRUNG ƯƠNG CHO NGÂN SÁCH ĐỊA PHƯƠNG / "
TARGETED = TRANSFER + "BỔ SUNG CÓ MỤC TIÊU / "
BUDGET_HEADERS = {
    "2003": {
        "unit": "TỈNH, THÀNH PHỐ",
        "total_revenue": "TỔNG THU / NSNN / TRÊN ĐỊA BÀN / CÁC TỈNH, TP / TRỰC THUỘC / TRUNG ƯƠNG",
        "revenue_share": "TỶ LỆ / PHÂN CHIA / CÁC NGUỒN / THU CHO / NSĐP",
        "transfer_total": "SỐ BỔ SUNG / TỪ NGÂN SÁCH / TRUNG ƯƠNG / CHO NGÂN SÁCH / TỈNH, THÀNH PHỐ / TRỰC THUỘC TW",
        "total_expenditure": "TỔNG SỐ CHI / NGÂN SÁCH / TỈNH, THÀNH PHỐ / TRỰC THUỘC / TRUNG ƯƠNG",
        "programme_expenditure": "TR.ĐÓ: CHI C.TRÌNH / M.TIÊU QUỐC GIA / CT 135 / THỰC HIỆN MỘT SỐ / NHIỆM VỤ KHÁC",
        None: "SỐ BỔ SUNG / TỪ / NGÂN SÁCH / TRUNG ƯƠNG",
    },
    "2010": {
        None: "SỐ / TT",
        "unit": "TỈNH, THÀNH PHỐ",
        "total_revenue": "TỔNG THU / NSNN TRÊN / ĐỊA BÀN",
        "revenue_share": "TỶ LỆ (%) / PHÂN CHIA / NGUỒN THU / GIỮA NSTW / VÀ NSĐP",
        "total_expenditure": "TỔNG CHI / CÂN ĐỐI / NGÂN SÁCH / ĐỊA PHƯƠNG",
        "transfer_total": TRANSFER + "TỔNG / SỐ",
        "transfer_balancing": TRANSFER + "BỔ SUNG / CÂN ĐỐI",
        "transfer_wage": TRANSFER + "BỔ SUNG T.LƯƠNG / TỐI THIỂU 450.000Đ, / 540.000 Đ VÀ / 650.000 Đ/THÁNG",
        "transfer_targeted": TARGETED + "TỔNG / SỐ",
        "transfer_projects": TARGETED + "TH CÁC DỰ ÁN, / CÔNG TRÌNH QUAN / TRỌNG (VỐN ĐẦU TƯ)",
        "transfer_duties": TARGETED + "TH CÁC NHIỆM VỤ, / CHẾ ĐỘ CHÍNH SÁCH / (VỐN SỰ NGHIỆP)",
        "transfer_programmes": TARGETED + "CTMTQG, CHƯƠNG / TRÌNH 135 VÀ DỰ ÁN / 5 TRIỆU HA RỪNG",
    },
    "2012": {
        None: "STT",
        "unit": "TÊN TỈNH, THÀNH PHỐ",
        "total_revenue": "TỔNG THU NSNN TRÊN ĐỊA BÀN TỈNH, THÀNH PHỐ",
        "revenue_share": "TỶ LỆ PHÂN CHIA NGUỒN THU GIỮA NSTW VÀ NSĐP",
        "total_expenditure": "TỔNG CHI CÂN ĐỐI   NSĐP",
        "transfer_total": "BỔ SUNG TỪ NSTW CHO NSĐP / TỔNG SỐ",
        "transfer_balancing": "BỔ SUNG TỪ NSTW CHO NSĐP / BỔ SUNG CÂN ĐỐI",
        "transfer_foreign": "BỔ SUNG TỪ NSTW CHO NSĐP / BỔ SUNG CÓ MỤC TIÊU / Vốn ngoài nước",
        "transfer_duties": "BỔ SUNG TỪ NSTW CHO NSĐP / BỔ SUNG CÓ MỤC TIÊU / Thực hiện những nhiệm vụ quan trọng",
    },
}


@pytest.mark.parametrize("year", BUDGET_HEADERS)
def test_the_ministrys_headers_of_three_years_find_their_columns(year):
    wanted = BUDGET_HEADERS[year]
    matching = match_headings(BUDGET, list(wanted.values()))
    places = {name: place for place, name in enumerate(wanted) if name}
    assert matching.place_of == places
    assert not matching.disputed


def test_names_are_compared_without_marks():
    assert "ma xa noi o" in written_names(CASES.column("residence_unit"))
