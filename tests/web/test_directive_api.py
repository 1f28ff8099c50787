"""Directives over HTTP: read with a tag, issued and acted on with a key, refused as on the pages."""

import pytest
from tests import cast
from tests.directives import orders

from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token
from vamco.directives.models import Assignment, Directive

pytestmark = pytest.mark.django_db
ORDER = {
    "document_no": "1234/UBND-VX", "issued_on": "2026-11-20", "signer": "Nguyễn Thị Lan", "leader": "lan",
    "title": "Dập dịch", "text": "Khoanh vùng các ổ dịch.",
    "assignments": [{"agency": cast.HEALTH, "text": "Phun hóa chất", "within": "5 working_days", "lead": True}],
}  # fmt: skip


def bearer(role, agency=cast.HEALTH):
    cast.health()
    key = issue_token(PROGRAM, agency, f"phần mềm {role}", role=role)
    return {"Authorization": f"Bearer {key}"}


def post(client, address, body, headers):
    return client.post(address, body, content_type="application/json", headers=headers)


def test_the_list_and_the_order_are_read_by_those_who_were_told_and_nobody_else(client):
    assignment = orders.ordered()
    client.force_login(cast.duc())
    (told,) = client.get("/api/v1/directives").json()
    assert told["number"] == assignment.directive.number
    whole = client.get(f"/api/v1/directives/{told['id']}").json()
    assert whole["assignments"][0]["verbs"] == {"accept": [], "return": ["note"]}
    assert [event["verb"] for event in whole["events"]] == ["issue"]
    assert whole["effect"]["judgement"] == "not_comparable"
    client.force_login(cast.binh())
    assert client.get("/api/v1/directives").json() == []
    assert client.get(f"/api/v1/directives/{told['id']}").status_code == 404


def test_an_answer_is_given_again_only_once_it_changed(client):
    assignment = orders.ordered()
    client.force_login(cast.minh())
    address = f"/api/v1/directives/{assignment.directive_id}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    orders.walk(assignment, "accept")
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_an_agencys_software_accepts_and_is_told_when_somebody_was_first(client):
    assignment, key = orders.ordered(), bearer(Role.DEPARTMENT_HEAD)
    address = f"/api/v1/assignments/{assignment.pk}/verbs/accept"
    done = post(client, address, {"version": 1}, key)
    assert done.json()["assignments"][0]["status"] == "accepted"
    again = post(client, address, {"version": 1}, key)
    assert again.status_code == 409
    assert "đã nhận nhiệm vụ" in again.content.decode()
    handed_in = {"version": 2, "note": "Xong", "links": ["https://tayninh.gov.vn/bao-cao"]}
    assert post(client, address.replace("accept", "submit"), handed_in, key).status_code == 200
    assert Assignment.objects.get().status == "submitted"


def test_what_a_verb_lacks_is_said(client):
    assignment, key = orders.ordered(), bearer(Role.DEPARTMENT_HEAD)
    refused = post(client, f"/api/v1/assignments/{assignment.pk}/verbs/return", {"version": 1}, key)
    assert refused.status_code == 400
    assert "nội dung" in refused.content.decode()


def test_an_order_is_issued_as_far_as_the_key_reaches(client):
    cast.lan()
    cast.transport()
    key = bearer(Role.OPERATOR)
    made = post(client, "/api/v1/directives", ORDER, key)
    assert made.status_code == 201, made.json()
    assert made.json()["assignments"][0]["agency"] == cast.HEALTH
    elsewhere = {**ORDER, "assignments": [{**ORDER["assignments"][0], "agency": cast.TRANSPORT}]}
    assert post(client, "/api/v1/directives", elsewhere, key).status_code == 403
    assert post(client, "/api/v1/directives", ORDER, bearer(Role.STEWARD)).status_code == 403
    assert Directive.objects.count() == 1


def test_a_session_reads_and_never_writes(client):
    assignment = orders.ordered()
    client.force_login(cast.duc())
    assert len(client.get("/api/v1/assignments").json()) == 1
    refused = post(client, f"/api/v1/assignments/{assignment.pk}/verbs/accept", {"version": 1}, {})
    assert refused.status_code == 401
    assert Assignment.objects.get().status == "new"
