"""Figures over HTTP: what is asked for, what is hidden, and what need not be sent again."""

import pytest
from tests import cast
from tests.indicators import ledger
from tests.web.figures import BEFORE, HERE

from vamco.indicators.models import Observation

pytestmark = pytest.mark.django_db

CASES = ledger.indicator("cases", minimum_count=5)
FIGURES = f"/api/v1/indicators/{CASES.id}/figures"


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    ledger.declare(monkeypatch, CASES)


@pytest.fixture
def lan(client):
    client.force_login(cast.lan())
    return client


def asked(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_range_of_periods_comes_with_comparisons_and_places(lan):
    for period, n in (("2025-07", 10), ("2026-07", 30), ("2026-08", 6)):
        ledger.write(CASES, HERE, period, n)
    ledger.write(CASES, "27721@2025-07-01", "2026-07", 8)
    said = asked(lan, f"{FIGURES}?unit=27694&period=2026-07&until=2026-08&compare=year_on_year&rank=true")
    assert [(f["period"], f["value"], f["unit_name"]) for f in said["figures"]] == [
        ("2026-07", 30, "Phường Long An"),
        ("2026-08", 6, "Phường Long An"),
    ]
    july, august = said["comparisons"]
    assert (july["verdict"], july["base"], july["absolute"]) == ("comparable", 10, 20)
    assert (august["verdict"], august["base"]) == ("not_comparable", None)
    assert [(r["period"], r["place"], r["n_ranked"]) for r in said["ranks"]] == [
        ("2026-07", 2, 2),
        ("2026-08", 1, 1),
    ]


def test_the_whole_map_is_answered_and_nothing_left_out(lan):
    ledger.write(CASES, HERE, "2026-10", 30)
    said = asked(lan, FIGURES)["figures"]
    assert len(said) == 96
    assert {f["status"] for f in said} == {"normal", "missing"}


def test_the_map_and_the_moment_can_be_chosen(lan):
    ledger.write(CASES, BEFORE, "2025-05", 12)
    moved = asked(lan, f"{FIGURES}?unit=27694&period=2025-05&map=today")["figures"][0]
    assert (moved["map_on"], moved["is_estimated"]) != ("2025-05-31", None)
    own = asked(lan, f"{FIGURES}?unit=27691&period=2025-05&map=2025-05-31")["figures"][0]
    assert own["value"] == 12
    before = asked(lan, f"{FIGURES}?unit=27691&period=2025-05&map=2025-05-31&as_known_at=2025-06-01")[
        "figures"
    ][0]
    assert before["value"] is None


def test_an_answer_is_not_sent_again_until_a_figure_changes(lan):
    ledger.write(CASES, HERE, "2026-10", 30)
    tag = lan.get(FIGURES).headers["ETag"]
    again = lan.get(FIGURES, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    by_a_proxy = {"If-None-Match": f'"another", W/{tag}'}
    assert lan.get(FIGURES, headers=by_a_proxy).status_code == 304
    ledger.write(CASES, HERE, "2026-09", 31)
    assert lan.get(FIGURES, headers={"If-None-Match": tag}).status_code == 200


def test_what_one_person_holds_is_nothing_to_another(lan, client):
    ledger.write(CASES, HERE, "2026-10", 3)
    tag = lan.get(FIGURES).headers["ETag"]
    client.force_login(cast.minh())
    assert client.get(FIGURES, headers={"If-None-Match": tag}).status_code == 200


def test_small_counts_are_for_those_with_the_permission_and_for_the_communes_own_officer(client):
    ledger.write(CASES, HERE, "2026-10", 3)
    address = f"{FIGURES}?unit=27694&period=2026-10"
    for person, value in ((cast.lan(), 3), (cast.hoa(), 3), (cast.yen(), None), (cast.sau(), 3)):
        client.force_login(person)
        assert asked(client, address)["figures"][0]["value"] == value, person.username
    client.force_login(cast.sau())
    assert client.get(address.replace("27694", "27721")).status_code == 403


def test_the_passport_carries_the_proof_and_the_address(lan):
    ledger.write(CASES, HERE, "2026-10", 30)
    said = asked(lan, f"/api/v1/indicators/{CASES.id}/passport?unit=27694&period=2026-10&verify=true")
    assert said["sentence"]["vi"].startswith("Tháng 10/2026, Phường Long An")
    assert "as_known_at=" in said["address"]
    assert said["proof"]["n_recorded"] == 1
    assert said["vintages"][0]["id"] == Observation.objects.get().pk


def test_indicators_and_services_are_listed(lan):
    assert [one["id"] for one in asked(lan, "/api/v1/indicators")] == [CASES.id]
    whole = asked(lan, f"/api/v1/indicators/{CASES.id}")
    assert (whole["definitions"][0]["version"], whole["newest_period"]) == (1, None)
    assert [one["slug"] for one in asked(lan, "/api/v1/services")] == ["trial"]


@pytest.mark.parametrize(
    ("address", "status", "error"),
    [
        ("/api/v1/indicators/trial.none/figures", 404, "packs.indicator_not_found"),
        (f"{FIGURES}?period=2026-13", 400, "vocabulary.bad_period"),
        (f"{FIGURES}?map=hom-qua", 400, "web.bad_parameter"),
        (f"{FIGURES}?compare=luck", 400, "web.bad_parameter"),
        (f"{FIGURES}?unit=99999", 404, "geography.unknown_code"),
        (f"{FIGURES}?period=1990-01&until=2026-10", 400, "web.too_many_figures"),
        ("/api/v1/search", 400, "web.missing_parameter"),
    ],
)
def test_what_cannot_be_answered_is_said_in_the_one_shape(lan, address, status, error):
    response = lan.get(address)
    assert response.status_code == status
    assert response.json()["error"]["id"] == error
    assert response.json()["error"]["next"]


def test_the_document_describes_every_call_and_parameter(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    ours = ("/api/v1/indicators", "/api/v1/services", "/api/v1/search")
    own = [path for path in paths if path.startswith(ours)]
    assert len(own) == 6
    for path in own:
        call = paths[path]["get"]
        assert call["description"], path
        assert "200" in call["responses"]
    figures = paths["/api/v1/indicators/{indicator_id}/figures"]["get"]["parameters"]
    told = {p["name"]: p.get("description") or p["schema"].get("description") for p in figures}
    assert [name for name, words in told.items() if not words and name != "indicator_id"] == []
