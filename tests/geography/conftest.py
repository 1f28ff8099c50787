"""The register that is shipped, and registers small enough to read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from vamco.geography.loading import load_register, province_register
from vamco.geography.register import Register
from vamco.geography.resolver import Resolver

PROVINCES = Path(__file__).parents[2] / "provinces"

UNITS = (
    "code,valid_from_on,valid_to_on,name,kind,parent_code,legal_basis,ended_by,area_km2_official,"
    "iso_code,other_spellings,source,unverified"
)
EDGES = "old_unit_id,new_unit_id,extent,effective_on,weight,basis,confidence,resolution,article,clause,source,note"


@pytest.fixture(scope="session")
def register() -> Register:
    """The register of Tây Ninh with its country."""
    return province_register(PROVINCES, "tay-ninh")


@pytest.fixture(scope="session")
def resolver(register: Register) -> Resolver:
    return Resolver(register)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a register of `code,from,to,name,kind,parent` and `old,new,extent,on,weight,basis` lines."""

    def write(units: str, edges: str = "") -> Path:
        place = tmp_path / "small"
        place.mkdir(exist_ok=True)
        unit_rows = [f"{line.strip()},law,,,,,," for line in units.strip().splitlines()]
        edge_rows = [f"{line.strip()},high,law,,,," for line in edges.strip().splitlines()]
        (place / "units.csv").write_text("\n".join([UNITS, *unit_rows]) + "\n", "utf-8")
        (place / "succession.csv").write_text("\n".join([EDGES, *edge_rows]) + "\n", "utf-8")
        (place / "register.yaml").write_text('version: "t"\n', "utf-8")
        return place

    return write


@pytest.fixture
def small(folder: Callable[..., Path]) -> Callable[..., Register]:
    """As `folder`, loaded."""
    return lambda units, edges="": load_register([folder(units, edges)])
