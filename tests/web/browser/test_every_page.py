"""Every page, at desk and phone: nothing that axe would object to, nothing wider than the screen."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests import cast
from tests.directives import orders
from tests.web import scenes
from tests.web.watching import DENGUE, LONG_AN, raise_alerts

from vamco.accounts.policy import PROGRAM
from vamco.directives.transitions import Verb
from vamco.intake.models import Channel, State
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/", "/account/", "/account/password/", "/deliveries/", "/deliveries/new/", "/deliveries/{checked}/",
    "/deliveries/{waiting}/", "/deliveries/{unread}/", "/deliveries/{restated}/difference/", "/datasets/", "/datasets/health.provincial_disease_counts/", "/supply/", "/calendar/?year=2026", "/calendar/sign/", "/wall/", "/wall/open/",
    "/units/", "/units/?q=tân thành&on=2025-01-01", "/units/27694/", "/units/?on=2025-06-30", "/units/27694/?on=2025-06-30", "/services/", "/services/public-administration/", "/indicators/",
    "/indicators/public-administration.on_time_received/", "/compare/?indicator=public-administration.on_time_received&with=80&with=27694", "/audit/", "/khong-co-trang-nay/",
    "/passports/?indicator=reference.population&unit=27694&verify=1", "/passports/?indicator=health.outbreak_threshold", "/passports/?indicator=public-administration.received_by_online", "/search/?q=tan ninh", "/search/",
    "/watch/", "/watch/incidents/", "/watch/incidents/{incident}/", "/watch/rules/", "/watch/rules/health.dengue_above_threshold/", "/watch/silences/?incident={incident}", "/watch/shifts/", "/watch/figures/",
    "/directives/", "/directives/?show=open", "/directives/{directive}/", "/directives/assignments/{assignment}/",
)  # fmt: skip
TABLE = """adm_1_name,calendar_start_date,calendar_end_date,T_res,S_res,dengue_total,UUID
TAY NINH,2026-09-01,2026-09-30,Month,Admin1,{},a-1
"""
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture
def addresses() -> list[str]:
    """The pages, with a checked, a waiting, an unreadable and a restated delivery behind them."""
    checked = scenes.delivery("2026-10-01..2026-10-31", State.PARTLY_ACCEPTED, is_simulated=True)
    receipt = scenes.receipt(checked, has_serious_alert=True, rejects_file="x.csv")
    scenes.finding(receipt)
    scenes.finding(receipt, example_row_no=None, header="Tỉnh")
    waiting = scenes.delivery("2026-11-01..2026-11-10")
    numbers = [deliver(TABLE.format(n)) for n in (5, 6)]
    unread = deliver("%PDF-1.4")
    (incident,) = raise_alerts(DENGUE, LONG_AN)
    assignment = orders.walk(orders.ordered(), Verb.ACCEPT)
    places = {
        "checked": checked.pk,
        "waiting": waiting.pk,
        "unread": unread,
        "restated": numbers[-1],
        "incident": incident.pk,
        "assignment": assignment.pk,
        "directive": assignment.directive_id,
    }
    return [page.format(**places) for page in PAGES]


def deliver(text: str) -> int:
    """A delivery that was really checked; its number."""
    file = io.BytesIO(text.encode())
    made = receive(PROGRAM, scenes.CONTRACT, "2026-09-01..2026-09-30", file, "x.csv", Channel.UPLOAD).delivery
    check_one(made, "test")
    return made.pk


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_no_page_has_a_fault_of_access_or_is_wider_than_its_screen(visit, addresses, size, theme):
    page = visit("/", cast.quan(), size)
    root = page.url.rstrip("/")
    page.context.add_cookies([{"name": "vamco_theme", "value": theme, "url": root}])
    for address in addresses:
        page.goto(root + address)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], address
        if size == "desk" or "wall" not in address:
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, address
