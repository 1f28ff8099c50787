"""Engines that know nothing of us but an address and a key read exactly the accepted rows."""

from contextlib import ExitStack, closing

import pytest
from pyiceberg.catalog.rest import RestCatalog
from pyiceberg.exceptions import ForbiddenError, NoSuchTableError, UnauthorizedError
from tests.warehouse.deliveries import CASES, rows_of

from vamco.warehouse.compaction import compact
from vamco.warehouse.models import Version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def catalogue(live_server):
    """Opens clients; each is closed in the end, so that the server's threads let go of the database."""
    with ExitStack() as clients:
        yield lambda **properties: clients.enter_context(
            closing(RestCatalog("vamco", uri=f"{live_server.url}/iceberg", **properties))
        )


def scanned(table, snapshot_id=None):
    rows = table.scan(snapshot_id=snapshot_id).to_arrow().to_pylist()
    names = ("delivery_id", "delivery_part", "row_no", "commune", "n")
    return sorted(tuple(row[name] for name in names) for row in rows)


def test_pyicebergs_own_client_reads_every_version(catalogue, key, deliveries):
    first = deliveries(1, [("Tân An", 1), ("Bến Lức", 2)])
    deliveries(2, [("Cần Đước", 3)], month=2)
    compact(CASES)
    deliveries(3, [("Tân An", 10)], supersedes=[first])
    client = catalogue(token=key())
    assert client.list_namespaces() == [("health",)]
    assert client.list_tables("health") == [("health", "cases")]
    table = client.load_table("health.cases")
    assert scanned(table) == rows_of()
    for version in Version.objects.all():
        assert scanned(table, version.seq) == rows_of(as_known_at=version.at)
        assert scanned(client.load_table(f"health.cases__at_version_{version.seq}")) == scanned(
            table, version.seq
        )


def test_pyicebergs_filters_find_what_ours_find(catalogue, key, deliveries):
    deliveries(1, [(name, n) for n, name in enumerate("abcdefgh")])
    table = catalogue(token=key()).load_table("health.cases")
    found = table.scan(row_filter="commune >= 'c' and n < 5", selected_fields=("n",)).to_arrow()
    assert sorted(found["n"].to_pylist()) == [2, 3, 4]


def test_a_client_may_ask_for_a_token_with_its_key(catalogue, live_server, key, deliveries):
    deliveries(1, [("a", 1)])
    tokens = {"oauth2-server-uri": f"{live_server.url}/iceberg/v1/oauth/tokens"}
    client = catalogue(credential=f"so-y-te:{key()}", **tokens)
    assert scanned(client.load_table("health.cases")) == rows_of()


def test_clients_understand_our_refusals(catalogue, key, deliveries):
    deliveries(1, [("a", 1)])
    client = catalogue(token=key())
    with pytest.raises(NoSuchTableError):
        client.load_table("health.nothing")
    with pytest.raises(NotImplementedError):
        client.create_namespace("new")
    with pytest.raises(ForbiddenError):
        catalogue(token=key("so-noi-vu")).load_table("health.cases")
    with pytest.raises(UnauthorizedError):
        catalogue(token="guess")
