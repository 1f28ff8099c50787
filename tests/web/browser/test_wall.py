"""The wall in a browser: it comes in by a key, measures its letters, and says when nobody answers."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests import cast
from tests.indicators import ledger

from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token
from vamco.indicators.declared import indicator_of
from vamco.web.wall import snapshot

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WALL = {"width": 1920, "height": 1080}


@pytest.fixture
def wall(visit, monkeypatch) -> Page:
    """A wall with one figure on the map, opened by its key alone."""
    monkeypatch.setattr(snapshot, "_snapshots", snapshot.Snapshots())
    for n, unit_id in enumerate(("27694@2025-07-01", "25459@2025-07-01")):
        ledger.run()
        ledger.write(ledger.indicator(), unit_id, "2026-10", n, level="commune")
    key = issue_token(PROGRAM, cast.health().code, "phòng trực", role=Role.WALL)
    page = visit(f"/wall/open/#{key}")
    page.set_viewport_size(WALL)
    page.wait_for_url("**/wall/")
    expect(page.locator("#wait")).to_have_count(0, timeout=60_000)
    return page


def test_a_key_after_the_hash_opens_the_wall_and_leaves_the_address(wall):
    assert "#" not in wall.url
    expect(wall.get_by_role("heading", level=1)).to_have_text("Các dịch vụ")
    assert wall.evaluate("document.cookie").find("vamco_wall") == -1


def test_keys_hold_a_scene_and_nothing_scrolls(wall):
    for key, title in (
        ("4", "Những gì ta chưa thấy"),
        ("3", "Đang bất thường"),
        ("2", "Bản đồ"),
        ("1", "Các dịch vụ"),
    ):
        wall.keyboard.press(key)
        expect(wall.get_by_role("heading", level=1)).to_have_text(title)
        expect(wall.locator("#foot")).to_contain_text("giữ nguyên cảnh")
        assert wall.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert Axe().run(wall).response["violations"] == []


def test_the_page_says_when_its_letters_are_too_small(wall):
    expect(wall.locator("#foot")).not_to_contain_text("phút góc")
    wall.evaluate("document.querySelector('#foot').style.fontSize = '0.6rem'")
    expect(wall.locator("#foot")).to_contain_text("cần ít nhất 16")


def test_without_a_server_the_wall_says_since_when_and_then_shows_nothing(wall):
    wall.clock.install()
    wall.reload()
    expect(wall.locator("#wait")).to_have_count(0)
    wall.route("**/wall/snapshot/**", lambda route: route.abort())
    wall.clock.run_for(60_000)
    expect(wall.locator("#link")).to_contain_text("Mất liên lạc với máy chủ. Số liệu của")
    expect(wall.locator("#scenes")).to_be_visible()
    wall.clock.run_for(15 * 60_000)
    expect(wall.locator("#link")).to_contain_text("Không còn biết số hiện nay")
    expect(wall.locator("#scenes")).to_be_hidden()


def test_a_revoked_screen_says_so_and_shows_no_login(wall):
    wall.context.clear_cookies()
    expect(wall.locator("#link")).to_contain_text("không còn được phép xem", timeout=20_000)
    assert wall.url.endswith("/wall/")


def test_words_of_a_figure_past_its_promise_stay_on_the_wall(visit, monkeypatch):
    monkeypatch.setattr(snapshot, "_snapshots", snapshot.Snapshots())
    calls = indicator_of("information-security.command_connections")
    late = timezone.localdate() - timedelta(days=calls.promise_days + 2)
    ledger.run()
    ledger.write(calls, "80@2025-07-01", str(late), 1)
    page = visit(f"/wall/open/#{issue_token(PROGRAM, cast.health().code, 'phòng trực', role=Role.WALL)}")
    page.set_viewport_size(WALL)
    page.wait_for_url("**/wall/")
    page.keyboard.press("3")
    expect(page.locator(".alarms .past")).to_contain_text("chờ số mới từ")
    clipped = "[...document.querySelectorAll('.alarms *')].filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth)"
    assert page.evaluate(f"{clipped}.map(one => one.textContent)") == []
