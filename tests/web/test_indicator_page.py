"""The page of an indicator: its figure, its course, every commune, and who may read what."""

import html
import io
import json
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from tests import cast
from tests.web.ledger import BEFORE_LONG_AN, BEFORE_TAY_NINH, LONG_AN_WARD, ON_TIME, PROVINCE, said

from vamco.geography.unit import Level
from vamco.indicators.declared import indicator_of
from vamco.indicators.territory import territory_now
from vamco.web.indicators.exporting import Sheet, as_csv

pytestmark = pytest.mark.django_db

PAGE = f"/indicators/{ON_TIME}/"
INTERNAL = "health.measles_cases"
OCTOBER = "?period=2026-10"


@pytest.fixture
def leader(client):
    client.force_login(cast.lan())
    return client


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def drawn(page: str) -> dict:
    found = re.search(r'data-plot="([^"]+)"', page)
    assert found is not None
    return json.loads(html.unescape(found[1]))


def communes(n: int) -> list[str]:
    return list(territory_now().own(datetime.now(UTC).date(), Level.COMMUNE))[:n]


def test_the_page_says_the_figure_with_what_it_rests_on_and_opens_its_passport(leader):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    page = leader.get(PAGE + OCTOBER).text
    assert "Tháng 10/2026, Tỉnh Tây Ninh: Tỷ lệ đúng hạn theo Quyết định 766 là 93,0 %" in text_of(page)
    assert "93/100" in page
    assert f"/passports/?indicator={ON_TIME}&amp;unit=80" in page


def test_communes_stand_worst_first_and_are_told_since_when(leader):
    for month in ("2026-08", "2026-09", "2026-10"):
        for place, unit in enumerate(communes(3)):
            said(ON_TIME, unit, month, (50, 99, 80 if month == "2026-10" else 99)[place], 100)
    page = text_of(leader.get(PAGE + OCTOBER).text)
    names = [territory_now().register.get(unit).name for unit in communes(3)]
    table = page[page.index("Từ khi nào") :]
    assert table.index(names[0]) < table.index(names[2]) < table.index(names[1])
    assert "ít nhất từ Tháng 8/2026 (3 kỳ liền)" in table
    assert "từ Tháng 10/2026 (1 kỳ liền)" in table


def test_the_parts_of_a_split_go_by_the_names_that_their_codes_stand_for(leader):
    cast.health()
    for n, code in enumerate(("so-y-te", "ubnd-phuong-long-an", "ubnd-noi-khac")):
        said(ON_TIME, PROVINCE, "2026-10", 90 + n, 100, breakdown=f"resolving_agency={code}")
    page = leader.get(PAGE + OCTOBER).text
    for name in ("Sở Y tế", "UBND phường Long An", "ubnd-noi-khac"):
        assert f'<th scope="row">{name}</th>' in page
    part = leader.get(
        f"/passports/?indicator={ON_TIME}&unit=80&period=2026-10&breakdown=resolving_agency=so-y-te"
    )
    assert "Cơ quan giải quyết: Sở Y tế" in text_of(part.text)


def test_a_gap_in_the_series_stays_a_gap_and_the_merger_is_a_break(leader):
    said(ON_TIME, BEFORE_TAY_NINH, "2025-05", 90, 100)
    said(ON_TIME, BEFORE_LONG_AN, "2025-05", 80, 100)
    said(ON_TIME, PROVINCE, "2025-08", 95, 100)
    plot = drawn(leader.get(PAGE + OCTOBER).text)
    course = dict(zip(plot["periods"], (point[0] for point in plot["series"][0]["points"]), strict=True))
    assert course["Tháng 5/2025"] == pytest.approx(0.85)
    assert course["Tháng 6/2025"] is None
    (merger,) = plot["breaks"]
    assert plot["periods"][merger["at"]] == "Tháng 7/2025"
    assert "01/07/2025" in merger["words"]


def test_a_comparison_without_a_whole_base_gives_no_number_but_its_reason(leader):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    said(ON_TIME, PROVINCE, "2025-10", 40, 100, status="partial", coverage=0.5)
    page = text_of(leader.get(PAGE + OCTOBER).text)
    assert "không so sánh được" in page
    assert "Số liệu Tháng 10/2025 chưa đủ nên không so sánh." in page
    assert "điểm phần trăm" not in page


def test_the_change_of_a_share_is_in_percentage_points(leader):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    said(ON_TIME, PROVINCE, "2025-10", 90, 100)
    assert "tăng 3,0 điểm phần trăm so với cùng kỳ" in text_of(leader.get(PAGE + OCTOBER).text)


def test_what_is_late_is_not_called_missing_nor_zero(leader):
    late = text_of(leader.get(PAGE + "?period=2026-08").text)
    assert "trễ hạn từ 21/09/2026" in late
    said(ON_TIME, PROVINCE, "2026-08", 0, 100)
    assert "là 0,0 %" in text_of(leader.get(PAGE + "?period=2026-08").text)


def test_a_small_count_is_hidden_from_those_who_may_not_see_cells(client):
    said(ON_TIME, LONG_AN_WARD, "2026-10", 3, 4)
    asked = f"{PAGE}{OCTOBER}&unit=27694"
    client.force_login(cast.yen())
    hidden = client.get(asked).text
    assert "ẩn để bảo vệ thông tin cá nhân" in hidden
    assert "3/4" not in hidden
    assert drawn(hidden)["series"][0]["points"][-1][0] is None
    client.force_login(cast.lan())
    assert "3/4" in client.get(asked).text


def test_internal_indicators_are_for_roles_that_reach_them(client):
    page = f"/indicators/{INTERNAL}/"
    assert client.get(page).headers["Location"].startswith("/sign-in/")
    assert client.get(f"{page}file/").status_code == 302
    client.force_login(cast.binh())
    assert client.get(page).status_code == 403
    assert client.get(f"{page}file/").status_code == 403
    assert INTERNAL not in client.get("/indicators/").text
    client.force_login(cast.lan())
    assert client.get(page).status_code == 200


def test_an_open_indicator_is_open_to_everybody(client):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    assert "93,0" in client.get(PAGE + OCTOBER).text


def test_the_page_can_be_read_as_it_was_known(leader):
    first, second = datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)
    said(ON_TIME, PROVINCE, "2026-10", 80, 100, known_since_at=first, superseded_at=second)
    said(ON_TIME, PROVINCE, "2026-10", 93, 100, known_since_at=second, why="late_rows")
    before = leader.get(f"{PAGE}{OCTOBER}&as_known_at=2026-11-06").text
    assert "là 80,0 %" in text_of(before)
    assert "as_known_at=2026-11-06" in before
    now = text_of(leader.get(PAGE + OCTOBER).text)
    assert "là 93,0 %" in now
    assert "có thêm dòng đến muộn" in now


def test_files_carry_what_must_be_known_to_read_them(leader):
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    book = leader.get(f"{PAGE}file/{OCTOBER}&part=series&format=xlsx").content
    rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(book)).active.values]
    facts = {row[0]: row[1] for row in rows[: rows.index([None] * len(rows[0]))]}
    assert facts["Định nghĩa"].startswith("phiên bản 1")
    assert "Quyết định 766" in facts["Căn cứ"]
    assert facts["Bản đồ"].startswith("bản đồ ngày")
    assert rows[-1][:4] == ["Tháng 10/2026", 93, 93, 100]
    units = leader.get(f"{PAGE}file/{OCTOBER}&part=units&format=csv").content.decode("utf-8-sig")
    assert units.count("\n") > 96
    assert leader.get(f"{PAGE}file/?format=exe").status_code == 400


def test_no_cell_of_a_file_is_a_formula():
    sheet = Sheet("x", (("=1+1", "+2"),), ("a",), (("@sum", -1.5),))
    assert as_csv(sheet).decode("utf-8-sig").split() == ["'=1+1,'+2", "a", "'@sum,-1.5"]


def test_a_period_that_the_indicator_has_not_falls_back_to_its_last_one(leader):
    said(ON_TIME, PROVINCE, "2026-09", 93, 100)
    assert "Tháng 9/2026" in leader.get(f"{PAGE}?period=2026-W40").text
    assert indicator_of(ON_TIME).period_type == "month"
