"""A chart is read with the keyboard, and its picture carries the facts of its passport."""

import re

import pytest
from playwright.sync_api import expect
from tests import cast
from tests.web.ledger import ON_TIME, PROVINCE, said

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chart(visit):
    said(ON_TIME, PROVINCE, "2026-09", 90, 100)
    said(ON_TIME, PROVINCE, "2026-10", 93, 100)
    page = visit(f"/indicators/{ON_TIME}/?period=2026-10", cast.lan())
    page.locator(".plot-canvas canvas").wait_for()
    page.locator(".plot-canvas").focus()
    return page


def test_arrows_read_it_period_by_period_and_enter_opens_the_passport(chart):
    words = chart.locator(".plot-words")
    expect(words).to_contain_text("Tháng 10/2026 · Đúng hạn (766): 93,0")
    chart.keyboard.press("ArrowLeft")
    expect(words).to_contain_text("Tháng 9/2026 · Đúng hạn (766): 90,0")
    chart.keyboard.press("ArrowLeft")
    expect(words).not_to_contain_text("0,0")  # a gap is said as one, not as zero
    chart.keyboard.press("ArrowRight")
    chart.keyboard.press("Enter")
    expect(chart).to_have_url(re.compile(r"/passports/\?indicator=.*period=2026-09"))


def test_its_picture_is_taller_than_the_chart_by_the_facts_below_it(chart):
    with chart.expect_download() as download:
        chart.get_by_role("button", name="PNG").click()
    picture = download.value.path().read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    height = int.from_bytes(picture[20:24], "big")
    assert height > 2 * chart.locator(".plot-canvas").bounding_box()["height"] + 100
