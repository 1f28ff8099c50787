"""Every page, at desk and phone: nothing that axe would object to, nothing wider than the screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import cast
from tests.web import scenes
from vamco.intake.models import State

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/", "/account/", "/account/password/", "/deliveries/", "/deliveries/new/", "/deliveries/{checked}/",
    "/deliveries/{waiting}/", "/datasets/", "/datasets/health.provincial_disease_counts/", "/supply/",
    "/units/", "/units/?q=tân thành&on=2025-01-01", "/units/27694/", "/audit/", "/khong-co-trang-nay/",
)  # fmt: skip
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture
def addresses() -> list[str]:
    """The pages, with a checked and a waiting delivery behind them."""
    checked = scenes.delivery("2026-10-01..2026-10-31", State.PARTLY_ACCEPTED)
    scenes.finding(scenes.receipt(checked, has_serious_alert=True))
    waiting = scenes.delivery("2026-11-01..2026-11-10")
    return [page.format(checked=checked.pk, waiting=waiting.pk) for page in PAGES]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_no_page_has_a_fault_of_access(visit, addresses, size, theme):
    page = visit("/", cast.quan(), size)
    root = page.url.rstrip("/")
    page.context.add_cookies([{"name": "vamco_theme", "value": theme, "url": root}])
    for address in addresses:
        page.goto(root + address)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], address


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_no_page_is_wider_than_its_screen(visit, addresses, size):
    for address in addresses:
        page = visit(address, cast.quan(), size)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address
