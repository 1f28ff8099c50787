"""A real browser on the pages: Debian's chromium, without any traffic of its own."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from vamco.accounts.models import Person
from vamco.geography.schematic.layout import lay_out
from vamco.web.units import drawing

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}

Visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def real_maps(monkeypatch) -> Iterator[None]:
    """Maps as people see them: laid out, not in one row."""
    monkeypatch.setattr(drawing, "lay_out", lay_out)
    drawing._tiles.cache_clear()
    yield
    drawing._tiles.cache_clear()


@pytest.fixture
def visit(browser, live_server) -> Iterator[Visit]:
    """Open an address as somebody, on a screen of some size; a complaint of the browser fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(address: str, person: Person | None = None, size: str = "desk") -> Page:
        context = browser.new_context(viewport=SIZES[size], locale="vi-VN")
        contexts.append(context)
        if person is not None:
            context.add_cookies([{"name": "sessionid", "value": _session(person), "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(said: ConsoleMessage) -> bool:
    """A page that is refused on purpose is not a fault of its own."""
    return said.type == "error" and "Failed to load resource" not in said.text


def _session(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
