"""The API: deliveries sent whole or in parts, datasets, units, and the document that describes it."""

import base64
import hashlib
import io
import json
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from tests import cast
from tests.web.test_deliveries import table

from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token
from vamco.intake.models import Delivery
from vamco.intake.worker import check_next
from vamco.web.api.partial import PartialUpload
from vamco.wsgi import application

pytestmark = pytest.mark.django_db

CONTRACT = "health.provincial_disease_counts"
PERIOD = "2026-10"
BODY = "mã tỉnh,số ca\n80,12\n".encode()
DIGEST = f"sha-256=:{base64.b64encode(hashlib.sha256(BODY).digest()).decode()}:"
ASKED = f"contract={CONTRACT}&period={PERIOD}&filename=so-ca.csv"


@pytest.fixture(autouse=True)
def one_connection():
    """Calls through the entrance use the test's own connection to the database, as Django's client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def machine(client):
    """A client that shows the key of Sở Y tế's machine."""
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.key_of(cast.health())}"
    return client


def send(machine, body: bytes = BODY, asked: str = ASKED, **headers):
    return machine.post(f"/api/v1/deliveries?{asked}", body, "application/octet-stream", headers=headers)


def send_part(machine, key: str, first: int, last: int, body: bytes = BODY):
    spanned = {"Content-Range": f"bytes {first}-{last}/{len(body)}"}
    part = body[first : last + 1]
    return machine.put(f"/api/v1/uploads/{key}?{ASKED}", part, "application/octet-stream", headers=spanned)


def test_a_machine_delivers_the_body_as_it_is(machine):
    answer = send(machine)
    assert answer.status_code == 201
    delivery = Delivery.objects.get()
    assert answer.json()["delivery"]["id"] == delivery.pk
    assert delivery.first_part.raw_path.read_bytes() == BODY
    assert delivery.first_part.filename == "so-ca.csv"
    assert (delivery.channel, delivery.period) == ("api", PERIOD)


def test_a_machine_may_send_a_form_with_the_file(machine):
    file = SimpleUploadedFile("so-ca.csv", BODY)
    answer = machine.post(f"/api/v1/deliveries?contract={CONTRACT}&period={PERIOD}", {"file": file})
    assert answer.status_code == 201
    assert Delivery.objects.get().first_part.raw_path.read_bytes() == BODY


def test_the_same_key_gives_the_same_delivery(machine):
    first = send(machine, **{"Idempotency-Key": "lần-1".encode().hex()})
    again = send(machine, **{"Idempotency-Key": "lần-1".encode().hex()})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["delivery"]["id"] == again.json()["delivery"]["id"]


def test_a_key_used_for_other_bytes_is_refused(machine):
    send(machine, **{"Idempotency-Key": "k"})
    answer = send(machine, BODY + b"80,13\n", **{"Idempotency-Key": "k"})
    assert answer.status_code == 409
    assert answer.json()["error"]["id"] == "intake.key_used_otherwise"


def test_nobody_delivers_for_another_agency(client):
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.key_of(cast.transport())}"
    assert send(client).status_code == 403
    assert not Delivery.objects.exists()


def test_an_upload_goes_on_where_it_broke(machine):
    assert send_part(machine, "k", 0, 9).json() == {"n_bytes": 10, "total": len(BODY), "delivery": None}
    assert machine.get(f"/api/v1/uploads/k?{ASKED}").json()["n_bytes"] == 10
    done = send_part(machine, "k", 10, len(BODY) - 1).json()
    assert done["delivery"]["id"] == Delivery.objects.get().pk
    assert Delivery.objects.get().first_part.raw_path.read_bytes() == BODY


def test_a_part_out_of_place_is_told_where_to_go_on(machine):
    send_part(machine, "k", 0, 9)
    answer = send_part(machine, "k", 15, len(BODY) - 1)
    assert answer.status_code == 409
    assert answer.json()["error"]["details"]["offset"] == 10


def test_parts_and_ends_that_are_sent_again_change_nothing(machine):
    for first, last in ((0, 9), (0, 9), (10, len(BODY) - 1), (10, len(BODY) - 1)):
        assert send_part(machine, "k", first, last).status_code == 200
    assert Delivery.objects.count() == 1


def test_a_refused_whole_frees_its_key(machine):
    bad = ASKED.replace(CONTRACT, "health.notified_cases")
    cast.key_of(cast.health())
    assert machine.put(
        f"/api/v1/uploads/k?{bad}", BODY, "application/octet-stream", headers={"Content-Range": "nothing"}
    ).status_code in {400, 403}
    assert send_part(machine, "k", 0, len(BODY) - 1).status_code == 200


def test_parts_may_not_change_the_length_of_the_whole(machine):
    send_part(machine, "k", 0, 9)
    answer = send_part(machine, "k", 10, len(BODY) - 1, BODY + b"80,13\n")
    assert (answer.status_code, answer.json()["error"]["id"]) == (409, "web.upload_of_other_length")
    assert send_part(machine, "k", 10, len(BODY) - 1).json()["delivery"]


def test_an_end_that_comes_after_the_delivery_was_made_gets_it(machine):
    send_part(machine, "k", 0, 9)
    held = PartialUpload.held

    @contextmanager
    def late(upload):
        """The other last part is through before ours gets the lock."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PartialUpload, "held", held)
            send_part(machine, "k", 10, len(BODY) - 1)
        with held(upload):
            yield

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PartialUpload, "held", late)
        answer = send_part(machine, "k", 10, len(BODY) - 1)
    assert answer.json()["delivery"]["id"] == Delivery.objects.get().pk


def test_a_blank_key_is_none(machine):
    assert send(machine, **{"Idempotency-Key": " "}).status_code == 201
    other = send(machine, BODY + b"80,13\n", **{"Idempotency-Key": ""})
    assert other.status_code == 201


def test_a_key_outside_ascii_is_refused_in_words(machine):
    answer = send(machine, **{"Idempotency-Key": "lần 1"})
    assert (answer.status_code, answer.json()["error"]["id"]) == (400, "web.key_not_ascii")


def test_another_agencys_deliveries_are_neither_listed_nor_shown(machine, client):
    number = send(machine).json()["delivery"]["id"]
    assert [row["id"] for row in machine.get("/api/v1/deliveries").json()] == [number]
    machine.defaults["HTTP_AUTHORIZATION"] = f"Bearer {cast.key_of(cast.transport())}"
    assert machine.get("/api/v1/deliveries").json() == []
    assert machine.get(f"/api/v1/deliveries/{number}").status_code == 403


def test_datasets_say_what_they_hold_and_their_columns(machine):
    shelf = {row["id"]: row for row in machine.get("/api/v1/datasets").json()}
    assert shelf[CONTRACT]["n_rows"] == 0
    columns = machine.get(f"/api/v1/datasets/{CONTRACT}").json()["columns"]
    assert columns
    assert {"name", "kind", "title_vi", "title_en", "required", "sensitivity"} == set(columns[0])


def test_a_unit_is_another_one_before_and_after_the_merger(client):
    before, after = (
        client.get(f"/api/v1/units/27694?on={day}").json()["unit"] for day in ("2025-06-30", "2025-07-01")
    )
    assert (before["name"], after["name"]) == ("Phường 1", "Phường Long An")


def test_the_map_of_a_day_is_counted_right(client):
    for day, n in (("2025-07-01", 96), ("2025-06-30", 280)):
        asked = {"on": day, "level": "commune"}
        assert len(client.get("/api/v1/units", asked).json()) == n, day


def test_the_document_describes_every_call_with_its_errors(client):
    document = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/deliveries", "/api/v1/uploads/{key}", "/api/v1/units/resolve"} <= set(document["paths"])
    assert "ErrorOut" in document["components"]["schemas"]


def in_chunks(machine, body: bytes = BODY, **headers):
    """A body without a length, as a server hands it on that marks its end."""
    said = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return machine.generic(
        "POST", f"/api/v1/deliveries?{ASKED}", b"", "application/octet-stream",
        HTTP_TRANSFER_ENCODING="chunked", **said,
        **{"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True},
    )  # fmt: skip


@pytest.mark.parametrize("declared", [{"X-Content-Length": str(len(BODY))}, {"Content-Digest": DIGEST}])
def test_a_body_in_chunks_is_read_to_its_end(machine, declared):
    assert in_chunks(machine, **declared).status_code == 201
    assert Delivery.objects.get().first_part.raw_path.read_bytes() == BODY


def test_a_body_in_chunks_must_say_how_much_there_is(machine):
    answer = in_chunks(machine)
    assert answer.status_code == 411
    assert "Content-Digest" in answer.json()["error"]["next"]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"X-Content-Length": str(len(BODY) + 1)}, "web.cut_off"),
        ({"X-Content-Length": str(len(BODY) - 1)}, "web.other_bytes"),
        ({"Content-Digest": f"sha-256=:{'A' * 43}=:"}, "web.other_bytes"),
    ],
)
def test_a_body_that_is_not_what_was_announced_is_refused(machine, declared, said):
    answer = in_chunks(machine, **declared)
    assert (answer.status_code, answer.json()["error"]["id"]) == (400, said)
    assert_nothing_kept()


def assert_nothing_kept():
    assert not Delivery.objects.exists()
    assert not [path for path in (settings.HOME / "raw").rglob("*") if path.is_file()]


FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + BODY


@pytest.mark.parametrize(
    ("body", "type_"),
    [(BODY, "application/octet-stream"), (FORM, "multipart/form-data; boundary=x")],
    ids=["body", "form"],
)
def test_a_broken_connection_delivers_nothing(machine, body, type_):
    answer = through_the_entrance(machine, "POST", f"/api/v1/deliveries?{ASKED}", body, type_, 100_000)
    assert (answer["status"], answer["error"]["id"]) == (400, "web.cut_off")
    assert_nothing_kept()


def test_a_part_that_was_cut_off_says_where_to_go_on(machine):
    body = BODY + b"79,5\n" * 40_000
    span = {"HTTP_CONTENT_RANGE": f"bytes 0-{len(body) - 1}/{len(body)}"}
    address = f"/api/v1/uploads/k?{ASKED}"
    answer = through_the_entrance(machine, "PUT", address, body[:150_000], "text/csv", len(body), **span)
    assert (answer["status"], answer["error"]["id"]) == (400, "web.part_cut_off")
    offset = answer["error"]["details"]["offset"]
    assert 0 < offset <= 150_000
    assert send_part(machine, "k", offset, len(body) - 1, body).json()["delivery"]
    assert Delivery.objects.get().first_part.raw_path.read_bytes() == body


def test_a_part_of_another_length_than_its_range_is_refused(machine):
    span = {"Content-Range": f"bytes 0-9/{len(BODY)}"}
    answer = machine.put(f"/api/v1/uploads/k?{ASKED}", BODY, "text/csv", headers=span)
    assert answer.status_code == 400
    assert machine.get(f"/api/v1/uploads/k?{ASKED}").json()["n_bytes"] == 0


def through_the_entrance(machine, verb, address, body, type_, length, **more):
    """The answer of the whole program to a call that announces `length` bytes and brings `body`."""
    path, _, query = address.partition("?")
    environ = RequestFactory().generic(verb, path, b"", type_).environ
    environ |= {
        "QUERY_STRING": query,
        "CONTENT_TYPE": type_,
        "CONTENT_LENGTH": str(length),
        "wsgi.input": io.BytesIO(body),
        "HTTP_AUTHORIZATION": machine.defaults["HTTP_AUTHORIZATION"],
        **more,
    }
    said = {}
    content = b"".join(application(environ, lambda status, _: said.update(status=int(status[:3]))))
    return {**said, **json.loads(content)}


def test_errors_keep_vietnamese_letters_as_they_are(client):
    assert "đơn vị".encode() in client.get("/api/v1/units/00000").content


def test_a_stewards_key_withdraws_and_an_agencys_machine_does_not(machine):
    number = send(machine, table(5)).json()["delivery"]["id"]
    check_next("test")
    address = f"/api/v1/deliveries/{number}/withdrawal?why=nhầm"
    assert machine.post(address).status_code == 403
    assert Delivery.objects.get().is_live
    key = issue_token(PROGRAM, cast.HEALTH, "kho", role=Role.STEWARD)
    machine.defaults["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    answer = machine.post(address)
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
    assert machine.post(address).status_code == 409
