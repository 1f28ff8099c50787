"""The door speaks Iceberg's REST protocol, for reading only."""

import json
from itertools import product
from pathlib import Path

import pytest

from vamco.warehouse.models import Version

pytestmark = pytest.mark.django_db
TABLE = "namespaces/health/tables/cases"


def error(response):
    said = response.json()["error"]
    assert set(said) == {"message", "type", "code"}
    assert said["code"] == response.status_code
    assert said["message"]
    return said["type"], said["code"]


def test_clients_learn_what_the_catalogue_can_do(door):
    said = door("config?warehouse=any").json()
    assert said["overrides"] == {}
    assert "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}" in said["endpoints"]
    assert not [endpoint for endpoint in said["endpoints"] if endpoint.split()[0] not in ("GET", "HEAD")]


def test_packs_are_namespaces_and_datasets_tables(door, deliveries):
    deliveries(1, [("a", 1)])
    assert door("namespaces").json() == {"namespaces": [["health"]]}
    assert door("namespaces?parent=health").json() == {"namespaces": []}
    assert door("namespaces/health").json() == {"namespace": ["health"], "properties": {}}
    identifiers = [{"namespace": ["health"], "name": "cases"}]
    assert door("namespaces/health/tables").json() == {"identifiers": identifiers}


def test_a_table_comes_with_its_metadata_and_where_they_lie(door, deliveries, home):
    entry = deliveries(1, [("a", 1)])
    said = door(TABLE).json()
    assert said["metadata"]["current-snapshot-id"] == entry.seq
    path = Path(said["metadata-location"].removeprefix("file://"))
    assert home / "iceberg" in path.parents
    assert json.loads(path.read_bytes()) == said["metadata"]


def test_head_says_whether_something_is_there(door, deliveries):
    deliveries(1, [("a", 1)])
    for path in ("namespaces/health", TABLE, f"{TABLE}__at_version_1"):
        response = door(path, verb="head")
        assert (response.status_code, response.content) == (204, b"")
    for path in ("namespaces/nothing", "namespaces/health/tables/nothing"):
        assert door(path, verb="head").status_code == 404


def test_names_may_come_percent_encoded(door, deliveries):
    deliveries(1, [("a", 1)])
    assert door("namespaces/health/tables/cases%5F%5Fat%5Fversion%5F2").status_code == 200


def test_what_is_not_there_is_said_in_icebergs_words(door, deliveries):
    deliveries(1, [("a", 1)])
    for path, type_ in (
        ("namespaces/nothing", "NoSuchNamespaceException"),
        ("namespaces/nothing/tables", "NoSuchNamespaceException"),
        ("namespaces/health/tables/nothing", "NoSuchTableException"),
        (f"{TABLE}__at_version_99", "NoSuchTableException"),
        (f"{TABLE}__as_known_at_20000101t000000z", "NoSuchTableException"),
        ("namespaces/health/views/cases", "NotFoundException"),
    ):
        assert error(door(path)) == (type_, 404), path


def test_nothing_can_be_written(door, deliveries):
    deliveries(1, [("a", 1)])
    before = Version.objects.count()
    paths = (
        "config",
        "namespaces",
        "namespaces/health",
        "namespaces/health/tables",
        TABLE,
        "transactions/commit",
    )
    for verb, path in product(("post", "put", "patch", "delete"), paths):
        assert error(door(path, verb=verb)) == ("UnsupportedOperationException", 405), (verb, path)
    assert Version.objects.count() == before


def test_a_moment_to_come_is_a_bad_request(door, deliveries):
    deliveries(1, [("a", 1)])
    assert error(door(f"{TABLE}__as_known_at_29990101t000000z")) == ("BadRequestException", 400)


def test_clients_that_insist_on_oauth_get_their_key_back(client, key):
    form = {"grant_type": "client_credentials", "client_id": "so-y-te", "client_secret": key()}
    said = client.post("/iceberg/v1/oauth/tokens", form).json()
    assert said["access_token"] == form["client_secret"]
    assert said["token_type"] == "bearer"


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"client_secret": "vamco_guess"}, 401, "invalid_client"),
        ({"client_id": "so-noi-vu"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_oauth_gives_nothing_for_a_wrong_key(client, key, wrong, status, said):
    form = {"grant_type": "client_credentials", "client_id": "so-y-te", "client_secret": key()} | wrong
    response = client.post("/iceberg/v1/oauth/tokens", form)
    assert (response.status_code, response.json()) == (status, {"error": said})


def test_oauth_reads_no_large_form(client, key):
    form = {"grant_type": "client_credentials", "client_secret": key(), "scope": "x" * 9_000}
    response = client.post("/iceberg/v1/oauth/tokens", form)
    assert (response.status_code, response.json()) == (413, {"error": "invalid_request"})
