"""Who reads what through the door: denied unless the role matrix and the contract say otherwise."""

import pytest
from tests.warehouse.deliveries import CASES, COLUMNS

from vamco.accounts.models import AuditEntry
from vamco.accounts.roles import Role
from vamco.warehouse.schema import declare

pytestmark = pytest.mark.django_db
TABLE = "namespaces/health/tables/cases"


def columns(response):
    return [field["name"] for field in response.json()["metadata"]["schemas"][-1]["fields"]]


@pytest.fixture
def patients(deliveries):
    """Cases with a personal column, and one that the contract does not describe."""
    declare(CASES, [*COLUMNS, ("patient", "VARCHAR"), ("drifted", "VARCHAR")], sort=["commune"])
    return deliveries(1, [("a", 1)])


def test_without_a_key_nothing_is_read(client, deliveries):
    deliveries(1, [("a", 1)])
    for path in ("config", "namespaces", "namespaces/health/tables", TABLE):
        for headers in ({}, {"Authorization": "Bearer guess"}):
            response = client.get(f"/iceberg/v1/{path}", headers=headers)
            assert response.status_code == 401
            assert response.json()["error"].keys() == {"message", "type", "code"}
            assert response.json()["error"]["type"] == "NotAuthorizedException"


def test_an_agency_reads_what_it_owes(door, deliveries):
    deliveries(1, [("a", 1)])
    assert door(TABLE).status_code == 200


def test_an_agency_neither_sees_nor_reads_what_another_owes(door, deliveries):
    deliveries(1, [("a", 1)])
    assert door("namespaces", agency="so-noi-vu").json() == {"namespaces": []}
    assert door("namespaces/health/tables", agency="so-noi-vu").status_code == 404
    for verb in ("get", "head"):
        assert door(TABLE, agency="so-noi-vu", verb=verb).status_code == 403
    assert door(f"{TABLE}__at_version_1", agency="so-noi-vu").json()["error"]["type"] == "ForbiddenException"


def test_an_auditors_key_reads_every_dataset(door, deliveries):
    deliveries(1, [("a", 1)])
    assert door(TABLE, agency="thanh-tra", role=Role.AUDITOR).status_code == 200


def test_other_roles_read_nothing_here(door, deliveries):
    deliveries(1, [("a", 1)])
    for role in (Role.LEADER, Role.OPERATOR, Role.COMMUNE_OFFICER, Role.ADMINISTRATOR):
        assert door(TABLE, role=role).status_code == 403, role


def test_a_dataset_without_a_contract_is_read_by_nobody(door, deliveries):
    declare("health.loose", [("a", "VARCHAR")])
    assert door("namespaces/health/tables/loose").status_code == 403
    assert door("namespaces/health/tables/loose", role=Role.AUDITOR).status_code == 403


def test_personal_columns_and_those_without_a_contract_are_left_out(door, patients):
    for who in ({}, {"agency": "thanh-tra", "role": Role.AUDITOR}):
        assert columns(door(TABLE, **who)) == ["commune", "n", "delivery_id", "delivery_part", "row_no"]


def test_the_kind_of_nothing_is_as_open_as_its_column(door, deliveries):
    beside = [("n__nothing", "VARCHAR"), ("patient", "VARCHAR"), ("patient__nothing", "VARCHAR")]
    declare(CASES, [*COLUMNS, *beside], sort=["commune"])
    deliveries(1, [("a", 1)])
    assert columns(door(TABLE))[:3] == ["commune", "n", "n__nothing"]
    assert not [name for name in columns(door(TABLE)) if name.startswith("patient")]


def test_a_department_heads_key_reads_personal_columns_of_its_own_agency(door, patients):
    assert "patient" in columns(door(TABLE, role=Role.DEPARTMENT_HEAD))
    assert door(TABLE, agency="so-noi-vu", role=Role.DEPARTMENT_HEAD).status_code == 403


def test_each_reader_of_a_version_is_audited_once_in_a_minute(door, patients, deliveries):
    for _ in range(3):
        door(TABLE)
    door(TABLE, agency="thanh-tra", role=Role.AUDITOR)
    deliveries(2, [("b", 2)])
    door(TABLE)
    entries = AuditEntry.objects.filter(subject="dataset:health.cases")
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("so-y-te/agency_system", "warehouse.read"),
        ("thanh-tra/auditor", "warehouse.read-all"),
        ("so-y-te/agency_system", "warehouse.read"),
    ]
    assert entries[0].details == {"seq": patients.seq, "without": ["drifted", "patient"]}


def test_a_refused_reader_is_not_audited_as_one(door, deliveries):
    deliveries(1, [("a", 1)])
    door(TABLE, agency="so-noi-vu")
    assert not AuditEntry.objects.filter(subject="dataset:health.cases").exists()
