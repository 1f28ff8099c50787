"""The wall: who may see it, what stands on it, and how it lives by asking."""

import json
import time
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone
from tests import cast
from tests.indicators import ledger
from tests.web import scenes

from vamco.accounts.models import Token
from vamco.accounts.policy import PROGRAM
from vamco.accounts.roles import Role
from vamco.accounts.tokens import issue_token
from vamco.geography.unit import Level
from vamco.indicators.territory import territory_now
from vamco.intake.models import State
from vamco.packs.indicator import Band, Direction
from vamco.packs.page import Page
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period, PeriodType
from vamco.vocabulary.severity import Severity
from vamco.web.wall import keys, reading, snapshot
from vamco.web.wall.abnormal import worst_of
from vamco.web.wall.geometry import LEAST_ARC_MINUTES, Room
from vamco.web.wall.reading import Reader
from vamco.web.wall.standing import standing_of
from vamco.web.wall.views import Pace

pytestmark = pytest.mark.django_db
UNIT = "80@2025-07-01"
COMMUNE = "27694@2025-07-01"
SNAPSHOT = "/wall/snapshot/"


def weekly(**facts):
    bands = (Band(Severity.SEVERE, ">", Decimal(50), "t"), Band(Severity.MODERATE, ">", Decimal(10), "t"))
    known = {"period_type": PeriodType.WEEK, "promise_days": 3, "bands": bands, **facts}
    return ledger.indicator("cases", **known)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def last_week(today):
    return Period.covering(PeriodType.WEEK, today).previous()


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """A process that has not read anything yet."""
    monkeypatch.setattr(snapshot, "_snapshots", snapshot.Snapshots())
    monkeypatch.setattr(keys, "_looked_up", {})


@pytest.fixture
def one_service(monkeypatch):
    """Only these indicators, as the lead and the map of the service health."""

    def use(*made):
        ids = tuple(one.id for one in made)
        page = Page(ids, ids[0], ())
        pack = SimpleNamespace(title=ledger.TRIAL, contracts=(), indicators=made, page=page)
        monkeypatch.setattr(reading, "packs", lambda: _Packs(pack))

    return use


class _Packs(list):
    """As `Packs`, with one pack."""

    def __init__(self, pack):
        super().__init__([pack])
        self.indicators, self.contracts = pack.indicators, ()


def key() -> str:
    cast.health()
    return issue_token(PROGRAM, cast.HEALTH, "phòng trực", role=Role.WALL)


def test_letters_are_as_high_as_the_farthest_eye_needs():
    near, far = Room(2436, (3840, 2160), 5), Room(2436, (3840, 2160), 10)
    assert far.letter_share == pytest.approx(2 * near.letter_share)
    capital_mm = near.letter_share * 2436 * 0.7
    assert capital_mm == pytest.approx(5000 * 0.0046542 * LEAST_ARC_MINUTES / 16, rel=0.03)


def test_the_newest_whole_figure_stands_until_the_next_is_owed(last_week, today, now):
    one = weekly()
    ledger.write(one, UNIT, str(last_week), 8)
    standing = standing_of(one, today, now)
    assert (standing.figure.value, standing.severity) == (8, None)
    assert standing.dims_at.date() == last_week.next().end_on + timedelta(days=4)
    assert standing.blanks_at - standing.dims_at == timedelta(days=7)


def test_a_figure_two_promises_old_is_not_shown_but_its_delay_is(last_week, today, now):
    one = weekly()
    old = last_week.previous().previous().previous()
    ledger.write(one, UNIT, str(old), 8)
    standing = standing_of(one, today, now)
    assert standing.figure.value is None
    assert standing.figure.status is ObservationStatus.LATE
    assert standing.figure.period == old.next()
    assert standing.last_period == old


def test_what_is_abnormal_names_the_worst_unit_and_since_when(last_week, today, now):
    one = weekly()
    ledger.write(one, UNIT, str(last_week), 60)
    ledger.write(one, UNIT, str(last_week.previous()), 55)
    row = worst_of(standing_of(one, today, now))
    assert (row.severity, row.is_of_province) == (Severity.SEVERE, True)
    assert (row.since.period, row.since.n_periods) == (last_week.previous(), 2)


def test_a_normal_figure_makes_no_row(last_week, today, now):
    one = weekly()
    ledger.write(one, UNIT, str(last_week), 3)
    assert worst_of(standing_of(one, today, now)) is None


def test_where_low_is_bad_the_lowest_unit_is_the_worst(last_week, today, now):
    band = (Band(Severity.MODERATE, "<", Decimal(5), "t"),)
    one = weekly(direction=Direction.HIGHER, bands=band)
    ledger.write(one, COMMUNE, str(last_week), 4, level="commune")
    ledger.write(one, "25459@2025-07-01", str(last_week), 1, level="commune")
    ledger.write(one, UNIT, str(last_week), 90)
    row = worst_of(standing_of(one, today, now))
    assert (row.figure.unit_id, row.n_more) == ("25459@2025-07-01", 1)


def test_only_what_changed_is_read_again(one_service, last_week, monkeypatch):
    one, other = weekly(), ledger.indicator("other")
    one_service(one, other)
    reader = Reader()
    reader.read(reading.State.now())
    read = []
    monkeypatch.setattr(reading, "standing_of", lambda i, *rest: read.append(i.id) or standing_of(i, *rest))
    written = ledger.write(one, UNIT, str(last_week), 60)
    written.run.finished_at = timezone.now()
    written.run.save()
    seen = reader.read(reading.State.now())
    assert read == [one.id]
    assert [row.figure.value for row in seen.abnormal] == [60]


def test_a_screen_comes_in_by_its_key_and_stays_without_signing_in(client):
    assert client.get("/wall/").status_code == 401
    opened = client.post("/wall/open/", {"key": key()})
    assert opened.headers["Location"] == "/wall/"
    assert client.cookies["vamco_wall"]["httponly"]
    assert client.get("/wall/").status_code == 200


def test_a_screen_sees_nothing_but_the_wall(client):
    client.post("/wall/open/", {"key": key()})
    for elsewhere in ("/", "/datasets/", "/supply/", "/audit/"):
        assert client.get(elsewhere).headers["Location"].startswith("/sign-in/"), elsewhere
    bearer = {"Authorization": f"Bearer {key()}"}
    assert client.get("/api/v1/datasets", headers=bearer).status_code == 401


def test_a_revoked_screen_is_told_so_within_seconds_and_shown_no_login(client, monkeypatch):
    client.post("/wall/open/", {"key": key()})
    assert client.get("/wall/").status_code == 200
    Token.objects.update(revoked_at=timezone.now())
    later = time.monotonic() + 5
    monkeypatch.setattr("vamco.web.wall.keys.time.monotonic", lambda: later)
    assert client.get(SNAPSHOT, headers={"Accept": "application/json"}).status_code == 401
    page = client.get("/wall/")
    assert page.status_code == 401
    assert "Mã màn hình" in page.text


def test_the_key_of_an_agency_opens_no_wall(client):
    wrong = client.post("/wall/open/", {"key": cast.key_of(cast.health())})
    assert wrong.status_code == 403
    assert "vamco_wall" not in client.cookies


def test_the_snapshot_is_sent_once_until_something_arrives(client, one_service):
    one_service(weekly())
    client.force_login(cast.minh())
    first = client.get(SNAPSHOT)
    assert set(first.json()["scenes"]) == {"services", "map", "abnormal", "unseen", "incidents"}
    again = {"If-None-Match": first.headers["ETag"]}
    known = client.get(SNAPSHOT, headers=again)
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", first.headers["ETag"])
    by_a_proxy = {"If-None-Match": f"W/{first.headers['ETag']}"}
    assert client.get(SNAPSHOT, headers=by_a_proxy).status_code == 304
    assert float(first.headers["Vamco-Ask-Again"]) <= 2


def test_the_snapshot_says_when_it_shows_made_up_data(client, one_service):
    one_service(weekly())
    client.force_login(cast.minh())
    assert client.get(SNAPSHOT).json()["is_simulated"] is False


def test_a_new_delivery_is_a_new_state(db):
    before = reading.State.now()
    scenes.delivery(state=State.ACCEPTED)
    assert reading.State.now() != before


def test_screens_ask_often_while_they_are_few_and_seldom_in_a_crowd(monkeypatch):
    moment = [0.0]
    monkeypatch.setattr("vamco.web.wall.views.time.monotonic", lambda: moment[0])
    pace = Pace()
    assert pace.seconds() == 1.0
    for _ in range(3000):
        moment[0] += 0.002
        told = pace.seconds()
    assert told == 5.0


def test_the_map_has_a_shape_and_a_class_for_each_commune(client, today, last_week, monkeypatch):
    one = weekly()
    monkeypatch.setattr("vamco.web.map.views.indicator_of", lambda _: one)
    low, middle, high = territory_now().own(today, Level.COMMUNE)[:3]
    for n, unit_id in enumerate((low, middle, high)):
        ledger.write(one, unit_id, str(last_week), n + 1, level="commune")
    client.force_login(cast.minh())
    shapes = client.get("/map/shapes/").json()
    classes = client.get("/map/classes/?indicator=trial.cases").json()
    assert shapes["origin"] is None
    assert {f["properties"]["id"] for f in shapes["features"]} == set(classes["units"])
    assert sum(one["n_units"] for one in classes["legend"]) == 3
    assert sum(one["n_units"] for one in classes["nothing"]) == len(classes["units"]) - 3
    assert classes["units"][low]["class"] == 0
    assert classes["worst"][0]["unit_id"] == high
    assert classes["worst"][0]["value"] == "3\N{NO-BREAK SPACE}Thử"
    assert all(one["words"].endswith("\N{NO-BREAK SPACE}Thử") for one in classes["legend"])


def test_on_an_older_map_the_shapes_are_those_of_its_communes(client):
    client.force_login(cast.minh())
    old = client.get("/map/shapes/?on=2025-05-01").json()
    assert len(old["features"]) > 250
    assert json.dumps(old).count("NaN") == 0
