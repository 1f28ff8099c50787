"""A pack fresh from the template, for tests to break."""

from pathlib import Path

import pytest

from vamco.packs.scaffold import new_pack

ROOT = Path(__file__).parents[2]
WORDS = {
    "title_vi": "Giám sát “thử”",
    "title_en": 'A "trial"',
    "agency": "so-xay-dung",
    "today": "2026-11-22",
}


@pytest.fixture
def pack(tmp_path):
    """The folder of a new pack named `trial`."""
    new_pack(tmp_path, "trial", WORDS)
    return tmp_path / "trial"


@pytest.fixture(scope="session")
def shipped():
    """The folder of the packs that come with the program."""
    return ROOT / "packs"
