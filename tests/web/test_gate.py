"""Every address × every role, compared with the role matrix as its file says it."""

import re
from collections.abc import Iterator
from importlib import resources

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver
from tests import cast

from vamco.accounts.models import Token
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token
from vamco.web.callers import MACHINE_DOORS

pytestmark = pytest.mark.django_db

MATRIX = yaml.safe_load(resources.files("vamco.accounts").joinpath("role_matrix.yaml").read_text("utf-8"))
SAMPLES = {
    "delivery_id": "1", "code": "27694", "pack": "health", "name": "notified_cases", "key": "k",
    "contract_id": "health.notified_cases", "namespace": "health", "table": "notified_cases", "path": "x",
    "slug": "health", "number": "1", "on": "2026-11-22", "indicator_id": "reference.population",
    "incident_id": "1", "deed": "comment", "silence_id": "1", "shift_id": "1", "alert_id": "1",
    "directive_id": "1", "assignment_id": "1", "verb": "accept", "evidence_id": "1", "notification_id": "1",
}  # fmt: skip
LEAVES_THE_ROOM = {"sign-out"}
MACHINES = {Role.AGENCY_SYSTEM, Role.WALL}


def addresses(patterns=None, path: str = "/", space: str = "") -> Iterator[tuple[str, str]]:
    """(view name, an address that leads to it) of the whole resolver."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: SAMPLES[m[1]], route).replace("^", "")
            yield f"{space}{pattern.name}", filled


ADDRESSES = sorted(set(addresses()))


def is_turned_away(response) -> bool:
    to_sign_in = response.status_code == 302 and response.headers["Location"].startswith("/sign-in/")
    return to_sign_in or response.status_code in {401, 403}


def is_allowed(name: str, *wanted: str) -> bool:
    return not {"anyone", *wanted}.isdisjoint(MATRIX.get(name, {"allow": ()})["allow"])


def test_every_address_has_a_row_in_the_matrix():
    assert [name for name, _ in ADDRESSES if name not in MATRIX] == []


def test_the_matrix_names_only_known_roles():
    known = {*Role, "anyone", "signed_in"}
    assert {name: row["allow"] for name, row in MATRIX.items() if not known.issuperset(row["allow"])} == {}


def test_a_citizen_who_is_not_signed_in_passes_only_where_anyone_may(client):
    for name, address in ADDRESSES:
        assert is_turned_away(client.get(address)) is not is_allowed(name), (name, address)


# what stands behind the doors takes its time: one role always, the others with the slow tests
PEOPLE = [
    pytest.param(role, marks=() if role is Role.OPERATOR else pytest.mark.slow)
    for role in Role
    if role not in MACHINES
]


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_passes_exactly_where_the_matrix_lets_it(client, role):
    client.force_login(cast.PEOPLE[role]())
    for name, address in ADDRESSES:
        if name not in LEAVES_THE_ROOM and not name.startswith("iceberg"):
            allowed = is_allowed(name, role, "signed_in")
            assert is_turned_away(client.get(address)) is not allowed, (name, address)


def test_a_machine_passes_only_its_own_doors(client):
    bearer = {"Authorization": f"Bearer {cast.key_of(cast.health())}"}
    for name, address in ADDRESSES:
        if address.startswith("/api/"):
            allowed = is_allowed(name, Role.AGENCY_SYSTEM, "signed_in")
            assert is_turned_away(client.get(address, headers=bearer)) is not allowed, (name, address)
        elif not address.startswith(MACHINE_DOORS):
            assert is_turned_away(client.get(address, headers=bearer)) is not is_allowed(name), (
                name,
                address,
            )


def test_a_screen_passes_only_where_its_role_is_named(client):
    key = issue_token(PROGRAM, cast.health().code, "phòng trực", role=Role.WALL)
    client.cookies["vamco_wall"] = key
    for name, address in ADDRESSES:
        allowed = is_allowed(name, Role.WALL)
        assert is_turned_away(client.get(address)) is not allowed, (name, address)


def test_an_address_without_a_row_is_closed_to_everybody(client, monkeypatch):
    monkeypatch.setattr("vamco.accounts.policy.role_matrix", dict)
    client.force_login(cast.quan())
    assert client.get("/units/").status_code == 403


def test_a_wrong_or_revoked_key_is_refused_in_words(client):
    key = cast.key_of(cast.health())
    Token.objects.update(revoked_at="2026-01-01T00:00:00Z")
    for shown in ("vamco_nothing", key):
        response = client.get("/api/v1/deliveries", headers={"Authorization": f"Bearer {shown}"})
        assert response.status_code == 401
        assert response.json()["error"]["id"] == "accounts.bad_token"


def test_a_session_may_read_through_the_api_and_never_write(client):
    client.force_login(cast.hoa())
    assert client.get("/api/v1/deliveries").status_code == 200
    assert client.post("/api/v1/deliveries?contract=x&period=2026").status_code == 401
