"""The cast, the real parts and the shared data that tests may use."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

SHARED = Path(os.environ.get("VAMCO_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; tests that need it skip where it is absent."""
    if not (SHARED / "data" / "README.md").exists():
        pytest.skip(f"needs the real data of {SHARED} (set VAMCO_SHARED)")
    return SHARED / "data"


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    """Each test keeps its files in a folder of its own."""
    settings.HOME = tmp_path
    settings.WAREHOUSE_URL = str(tmp_path / "warehouse")
    return tmp_path


DIED = pytest.StashKey[bool]()
QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Debian's chromium without any traffic of its own; tests skip where it is absent.

    One for a module and no longer: Playwright's loop runs in the test's thread, where it would
    make Django and other modules' tests believe that they are asynchronous.
    """
    from playwright.sync_api import expect, sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs chromium (Debian: apt-get install chromium)")
    expect.set_options(timeout=20_000)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=chromium, args=QUIET_CHROMIUM)
        yield launched
        launched.close()


# a law is tried often by `./vamco test --all`, and a few times while one works
hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=60, deadline=None)


def pytest_configure(config):
    hypothesis.settings.load_profile("quick" if config.option.markexpr else "thorough")


def pytest_addoption(parser):
    parser.addoption("--database", action="store_true", help="Only tests that use the operational database.")


def pytest_collection_modifyitems(config, items):
    """Browser tests share one worker, so that two browsers never slow each other down."""
    if config.getoption("--database"):
        without = [item for item in items if not uses_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if uses_database(item)]
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


def uses_database(item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"}
    return bool(item.get_closest_marker("django_db")) or bool(
        fixtures & set(getattr(item, "fixturenames", ()))
    )


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """A worker that died took tests with it that nobody ran: such a run has not come to its end."""
    if error:
        node.config.stash[DIED] = True


def pytest_sessionfinish(session):
    if session.config.stash.get(DIED, False):
        session.exitstatus = pytest.ExitCode.INTERRUPTED
