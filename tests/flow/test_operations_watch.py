"""What the centre says of its own watch: incidents by day, hours by what rang, and the indicators of both."""

from datetime import date, datetime

import pytest
from django.utils import timezone
from tests.alerts.conftest import a_rule, finding, watch  # noqa: F401  the fixture

from vamco.accounts.policy import PROGRAM
from vamco.alerts import acting
from vamco.alerts.acting import Deed
from vamco.alerts.lifecycle import Verdict
from vamco.alerts.models import Event, Incident, Shift
from vamco.alerts.telling import tell
from vamco.flow.operations import exporting
from vamco.flow.operations.watch import incidents_on, watch_hours_on
from vamco.indicators.computing import compute, jobs
from vamco.indicators.declared import indicator_of
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import territory_now
from vamco.intake.models import State
from vamco.intake.worker import check_one
from vamco.notifying.channels import Channels
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db
WEEK = Period.parse("2026-W46")  # 9–15 November


def moment(day, hour=8, minute=0):
    return timezone.make_aware(datetime(2026, 11, day, hour, minute))


@pytest.fixture
def a_week(watch):  # noqa: F811
    """Two incidents on Tuesday: one taken after ten minutes, one that nobody sees and that ends late on Thursday."""
    rule = a_rule()
    watch.rules(rule)
    Shift.objects.create(operator="minh", starts_at=moment(10, 7), ends_at=moment(10, 15))
    here, there = "27694@2025-07-01", "28018@2025-07-01"
    watch.found(rule, finding(rule, unit=here), finding(rule, unit=there), at=moment(10))
    tell(Channels(), moment(10, 8, 1))
    first, _ = Incident.objects.order_by("pk")
    acting.act(PROGRAM, first.pk, Deed.ACKNOWLEDGE, 1, at=moment(10, 8, 4))
    acting.act(PROGRAM, first.pk, Deed.TAKE, 2, at=moment(10, 8, 10))
    tell(Channels(), moment(10, 9, 5))
    is_good = [finding(rule, unit=unit, verdict=Verdict.GOOD) for unit in (here, there)]
    watch.found(rule, *is_good, at=moment(12))


def test_an_incident_is_told_on_the_days_on_which_something_happened_as_it_was_known_then(a_week):
    told = {day: incidents_on(date(2026, 11, day)) for day in (9, 10, 11, 12)}
    assert told[9] is None  # no watch was kept: unknown, not zero
    assert told[11].rows == []
    first, second = told[10].rows
    assert (first["acknowledged_at"], first["first_acted_at"]) == (moment(10, 8, 4), moment(10, 8, 10))
    assert (second["acknowledged_at"], second["first_acted_at"]) == ("chưa nhận biết", "chưa xử lý")
    assert {row["closed_at"] for row in told[10].rows} == {"chưa hết"}
    assert {row["closed_at"] for row in told[12].rows} == {moment(12)}
    assert {(row["alerts"], row["notices"], row["severity"]) for row in told[10].rows} == {(1, 1, "Severe")}


def test_a_grade_is_that_of_the_day(a_week):
    Incident.objects.update(severity="Extreme")
    incident = Incident.objects.first()
    Event.objects.create(
        incident=incident,
        at=moment(11),
        what="regraded",
        by="vamco",
        details={"before": "Severe", "after": "Extreme"},
    )
    assert {row["severity"] for row in incidents_on(date(2026, 11, 10)).rows} == {"Severe"}
    assert [row["severity"] for row in incidents_on(date(2026, 11, 11)).rows] == ["Extreme"]


def test_an_hour_counts_what_rings_and_who_was_there_at_half_past(a_week):
    hours = {row["hour_at"].hour: row for row in map(_local, watch_hours_on(date(2026, 11, 10)).rows)}
    said = {
        hour: (row["alarms"], row["most_in_ten_minutes"], row["operators"]) for hour, row in hours.items()
    }
    assert len(said) == 24
    assert said[8] == (2, 2, 1)
    assert said[9] == (1, 1, 1)  # the one that nobody saw went up
    assert said[16] == (0, 0, 0)
    assert watch_hours_on(date(2026, 11, 9)) is None


def test_news_that_it_is_over_rings_for_nobody(a_week):
    tell(Channels(), moment(12, 9))
    assert sum(row["alarms"] for row in watch_hours_on(date(2026, 11, 12)).rows) == 0


def test_a_quiet_day_of_a_made_up_watch_is_made_up_too(a_week):
    quiet = date(2026, 11, 11)
    assert not incidents_on(quiet).is_simulated
    Incident.objects.update(is_simulated=True)
    assert all(table(quiet).is_simulated for table in (incidents_on, watch_hours_on))


def test_whoever_handed_over_is_no_longer_on_watch(a_week):
    Shift.objects.update(handed_over_at=moment(10, 9, 15), handed_over_to="quan")
    rows = map(_local, watch_hours_on(date(2026, 11, 10)).rows)
    assert [row["operators"] for row in rows if row["hour_at"].hour in (8, 9)] == [1, 0]


def test_indicators_of_the_watch(a_week, monkeypatch):
    tables = {"operations.incidents": incidents_on, "operations.watch_hours": watch_hours_on}
    monkeypatch.setattr(exporting, "_TABLES", tables)
    for made in (made for day in (10, 12) for made in exporting.deliver_day(date(2026, 11, day))):
        assert check_one(made, "test").state == State.ACCEPTED
    expected = {
        "minutes_to_acknowledge": 4,
        "minutes_to_first_action": 10,
        "acted_on_in_time": 0.5,
        "incidents_opened": 2,
        "alarms_per_operator": 3 / (8 * 6),
        "flood_hours": 0,
    }
    wanted = jobs([(indicator_of(f"operations.{name}"), [WEEK]) for name in expected])
    told = compute(Snapshot.now(), territory_now(), wanted)
    whole = {row.indicator.partition(".")[2]: row.value for row in told if not row.breakdown}
    assert whole == pytest.approx(expected)


def _local(row):
    return {**row, "hour_at": timezone.localtime(row["hour_at"])}
