"""The pages need their compiled translations."""

import pytest

from vamco.web.bundle import compile_translations


@pytest.fixture(autouse=True, scope="session")
def translations() -> None:
    compile_translations()
