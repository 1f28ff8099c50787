"""The pages are worked with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect
from tests import cast
from tests.web import scenes

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_g_and_a_letter_go_to_a_page(visit):
    page = visit("/", cast.hoa())
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("/datasets/$"))


def test_slash_searches_and_letters_typed_there_go_nowhere(visit):
    page = visit("/datasets/", cast.hoa())
    page.keyboard.press("/")
    page.keyboard.type("gdj27694")
    assert page.url.endswith("/datasets/")
    page.keyboard.press("Control+a")
    page.keyboard.type("27694")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Phường Long An")).to_be_visible()


def test_j_and_k_move_through_rows_and_enter_opens(visit):
    for month in ("09", "10"):
        scenes.delivery(f"2026-{month}-01..2026-{month}-28")
    page = visit("/deliveries/", cast.hoa())
    for key in "jjkj":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("01/09/2026")


def test_a_tile_of_the_map_is_reached_and_opened_by_keyboard(visit):
    page = visit("/units/?on=2025-07-01", cast.hoa())
    page.get_by_role("group", name="Sơ đồ").get_by_role("link", name="Phường Long An").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Phường Long An")


def test_a_file_is_chosen_by_keyboard_and_its_name_is_shown(visit, tmp_path):
    file = tmp_path / "so-ca.csv"
    file.write_text("x", "utf-8")
    page = visit("/deliveries/new/", cast.hoa())
    page.get_by_label("Tệp dữ liệu").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(file)
    expect(page.get_by_text("so-ca.csv")).to_be_visible()
    expect(page.get_by_text("chưa chọn tệp nào")).to_be_hidden()


def test_a_field_left_blank_is_pointed_out_in_our_words(visit):
    page = visit("/deliveries/new/", cast.hoa())
    page.get_by_role("button", name="Gửi và kiểm tra").click()
    told = page.get_by_label("Kỳ số liệu").evaluate("field => field.validationMessage")
    assert told == "Điền ô này rồi gửi lại."
    page.get_by_label("Kỳ số liệu").fill("2026-10")
    assert page.get_by_label("Kỳ số liệu").evaluate("field => field.validity.valid")


def test_help_opens_and_closes_and_gives_the_focus_back(visit):
    page = visit("/datasets/", cast.hoa())
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_first_tab_offers_to_skip_the_menu(visit):
    page = visit("/datasets/", cast.hoa())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_the_menu_of_a_phone_opens_without_scripts(visit):
    page = visit("/datasets/", cast.hoa(), "phone")
    expect(page.get_by_role("link", name="Đơn vị hành chính", exact=True)).to_be_hidden()
    page.get_by_role("link", name="Danh mục", exact=True).click()
    expect(page.get_by_role("link", name="Đơn vị hành chính", exact=True)).to_be_visible()


def test_figures_of_a_column_have_one_width(visit):
    page = visit("/datasets/", cast.hoa())
    page.evaluate("document.fonts.ready")
    widths = page.evaluate(
        """() => [...'0123456789'].map(digit => {
            const text = document.body.appendChild(document.createElement('span'));
            text.textContent = digit.repeat(40);
            return Math.round(text.getBoundingClientRect().width);
        })"""
    )
    assert len(set(widths)) == 1
