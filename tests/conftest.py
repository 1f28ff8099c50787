"""The cast, the real parts and the shared data that tests may use."""

import os
from pathlib import Path

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
