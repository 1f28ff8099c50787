"""Every service as one role opens it, every role somewhere, at the desk or on the phone: no fault of access or width."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests import cast
from tests.indicators.ledger import write
from tests.packs.shipped import shipped_packs
from tests.web.browser.test_every_page import RULES
from tests.web.ledger import LONG_AN_WARD, PROVINCE

from vamco.accounts.models import Person
from vamco.geography.unit import Level
from vamco.vocabulary.period import Period

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SERVICES = [pack.slug for pack in shipped_packs() if pack.page]
OTHERS = [*[person for person in cast.PEOPLE.values() if person is not cast.lan], lambda: None]


def tell_of(slug: str) -> None:
    """Last period's figures of all that the service's page leads with."""
    pack = shipped_packs().pack(slug)
    assert pack.page is not None
    for name in pack.page.lead:
        one = shipped_packs().indicator(name)
        last = Period.covering(one.period_type, timezone.localdate()).previous()
        for unit in (PROVINCE, LONG_AN_WARD) if one.level == Level.COMMUNE else (PROVINCE,):
            write(one, unit, str(last), 3, 4)


def whole(page: Page) -> None:
    """The page with its sections filled in and everything that folds opened."""
    expect(page.locator(".waiting-section")).to_have_count(0, timeout=20_000)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def reader_of(slug: str) -> tuple[Callable[[], Person | None], str]:
    """Who reads the service's page, and at what; leaders have a walk of their own."""
    first = SERVICES.index(slug)
    return OTHERS[first % len(OTHERS)], "phone" if first % 2 else "desk"


@pytest.mark.parametrize("slug", SERVICES)
def test_a_service_serves_whoever_opens_it(visit, slug):
    tell_of(slug)
    reader, size = reader_of(slug)
    page = visit(f"/services/{slug}/", reader(), size)
    whole(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


def test_every_role_reads_some_service():
    assert {reader for reader, _ in map(reader_of, SERVICES)} == set(OTHERS)
