from pathlib import Path

import duckdb
import pytest
from tests.warehouse.deliveries import Deliveries

from vamco.accounts.models import Agency, Token
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token

PACKS = Path(__file__).parent / "packs"


@pytest.fixture(autouse=True)
def packs(settings):
    """One pack, `health`, whose dataset `cases` is owed by the department of health."""
    settings.PACKS_DIR = PACKS


@pytest.fixture
def deliveries():
    with duckdb.connect(config={"threads": 1}) as connection:
        yield Deliveries(connection)


@pytest.fixture
def key(db):
    """Issues a key of an agency's machine."""

    def issue(agency="so-y-te", role=Role.AGENCY_SYSTEM):
        Agency.objects.get_or_create(code=agency, defaults={"name_vi": agency, "name_en": agency})
        key = issue_token(PROGRAM, agency, role)
        Token.objects.filter(agency__code=agency, name=role).update(role=role)
        return key

    return issue


@pytest.fixture
def door(client, key):
    """Asks the door with an agency's key: the department of health's, unless told otherwise."""
    own = {"so-y-te": key()}

    def ask(path, *, agency="so-y-te", role=Role.AGENCY_SYSTEM, verb="get", **more):
        name = f"{agency}:{role}" if (agency, role) != ("so-y-te", Role.AGENCY_SYSTEM) else agency
        if name not in own:
            own[name] = key(agency, role)
        headers = {"Authorization": f"Bearer {own[name]}"}
        return getattr(client, verb)(f"/iceberg/v1/{path}", headers=headers, **more)

    return ask
