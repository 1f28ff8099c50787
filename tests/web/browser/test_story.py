"""Hoa sends a file, watches it being checked, corrects what came back, and sees it accepted."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests import cast

from vamco.intake.models import Delivery
from vamco.intake.worker import check_next

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FILE = """adm_1_name,calendar_start_date,calendar_end_date,T_res,S_res,dengue_total,UUID
TAY NINH,2026-10-01,2026-10-31,Month,Admin1,12,a-1
CA MAU,2026-10-01,2026-10-31,Month,Admin1,-7,a-2
"""


def test_from_a_file_to_an_accepted_delivery(visit, tmp_path):
    original = tmp_path / "so-ca.csv"
    original.write_text(FILE, "utf-8")
    page = visit("/deliveries/new/?contract=health.provincial_disease_counts", cast.hoa())
    page.get_by_label("Kỳ số liệu").fill("2026-10-01..2026-10-31")
    page.get_by_label("Tệp dữ liệu").set_input_files(original)
    page.get_by_role("button", name="Gửi và kiểm tra").click()
    expect(page).to_have_url(re.compile(r"/deliveries/\d+/$"))
    expect(page.get_by_text("Đến lượt kiểm tra lần cấp này")).to_be_visible()

    check_next("test")
    expect(
        page.get_by_role("heading", name="Cần sửa", exact=True)
    ).to_be_visible()  # nobody reloaded the page
    expect(page.get_by_text("nhỏ hơn mức thấp nhất 0")).to_be_visible()

    with page.expect_download() as expected:
        page.get_by_role("link", name="Tải tệp cần sửa").click()
    corrected = tmp_path / expected.value.suggested_filename
    text = Path(expected.value.path()).read_text("utf-8-sig")
    assert text.splitlines()[1].split(",")[0] == "3"  # the row's number in the original
    corrected.write_text(text.replace("-7", "7"), "utf-8")
    page.get_by_label("Tệp đã sửa").set_input_files(corrected)
    page.get_by_role("button", name="Gửi các dòng đã sửa").click()
    expect(page.get_by_text("Đến lượt kiểm tra lần cấp này")).to_be_visible()

    check_next("test")
    expect(page.get_by_text("Đã chấp nhận").first).to_be_visible()
    expect(page.get_by_text("Nhận các dòng đã sửa")).to_be_visible()
    assert Delivery.objects.get().state == "accepted"


def test_the_hint_of_a_period_follows_the_chosen_dataset(visit):
    person = cast.hoa()
    cast.steward_of(person, "trung-tam-kiem-soat-benh-tat")
    page = visit("/deliveries/new/?contract=health.provincial_disease_counts", person)
    expect(page.get_by_text("Ghi kỳ như Tháng 10/2026")).to_be_visible()
    page.get_by_label("Bộ dữ liệu", exact=True).select_option("health.notified_cases")
    expect(page.get_by_text("“Ca bệnh truyền nhiễm được báo cáo” được cấp mỗi tuần")).to_be_visible()
    expect(page.get_by_text("Ghi kỳ như Tháng 10/2026")).to_be_hidden()


def test_a_form_filled_in_wrongly_keeps_the_page_and_says_why(visit, tmp_path):
    original = tmp_path / "so-ca.csv"
    original.write_text(FILE, "utf-8")
    page = visit("/deliveries/new/?contract=health.provincial_disease_counts", cast.hoa())
    page.get_by_label("Kỳ số liệu").fill("hôm qua")
    page.get_by_label("Tệp dữ liệu").set_input_files(original)
    page.get_by_role("button", name="Gửi và kiểm tra").click()
    expect(page.get_by_text("không phải là một kỳ số liệu")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi và kiểm tra")).to_be_enabled()


def test_without_scripts_a_file_is_sent_all_the_same(browser, live_server, tmp_path):
    original = tmp_path / "so-ca.csv"
    original.write_text(FILE, "utf-8")
    cast.hoa()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/deliveries/new/?contract=health.provincial_disease_counts")
    page.get_by_label("Tên đăng nhập").fill("hoa")
    page.get_by_label("Mật khẩu").fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_label("Kỳ số liệu").fill("2026-10-01..2026-10-31")
    page.get_by_label("Tệp dữ liệu").set_input_files(original)
    page.get_by_role("button", name="Gửi và kiểm tra").click()
    expect(page).to_have_url(re.compile(r"/deliveries/\d+/$"))
    context.close()
