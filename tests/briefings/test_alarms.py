"""The serious incidents of a morning, in whole sentences, as they stood at seven o'clock."""

from datetime import timedelta

import pytest
from tests import cast
from tests.briefings.conftest import LONG_AGO, MORNING, YESTERDAY_NOON

from vamco.alerts.models import Alert, Incident
from vamco.briefings import writing
from vamco.briefings.alarms import alarming
from vamco.briefings.mornings import moment_of
from vamco.indicators.declared import packs
from vamco.packs.pack import Packs

pytestmark = pytest.mark.django_db
SEVEN, HOUR = moment_of(MORNING), timedelta(hours=1)


def standing(at=YESTERDAY_NOON, **facts):
    """An open incident of one alert about Phường Long An."""
    known = {
        "key": str(at),
        "rule": "trial.fever",
        "agency": "so-y-te",
        "severity": "Severe",
        "opened_at": at,
    }
    incident = Incident.objects.create(**{**known, **facts})
    labels = {"rule": incident.rule, "unit": "27694@2025-07-01", "indicator": "trial.cases"}
    moments = dict.fromkeys(("since", "raised_since", "evaluated_at"), at)
    Alert.objects.create(
        incident=incident, rule=incident.rule, labels=labels, severity=incident.severity, fingerprint=str(at),
        state="firing", because="bad", last_seen="bad", **moments,
    )  # fmt: skip
    return incident


def test_an_incident_is_told_with_its_place_since_when_who_saw_it_and_who_must_act(reader):
    cast.health(), cast.minh()
    standing(respond_by=SEVEN + HOUR, acknowledged_at=YESTERDAY_NOON + HOUR, acknowledged_by="minh")
    (line,) = alarming(reader(), packs())
    assert line.said == {
        "vi": "trial.fever, Phường Long An: từ 12:00 21/11/2026, Trần Minh nhận biết lúc 13:00 21/11/2026.",
        "en": "trial.fever, Phường Long An: since 12:00 21 Nov 2026, acknowledged by Trần Minh at 13:00 21 Nov 2026.",
    }
    assert line.why["vi"] == "Cơ quan xử lý: Sở Y tế, hạn 08:00 22/11/2026."
    assert line.is_new


def test_what_nobody_saw_by_seven_says_so_and_that_its_time_is_up(reader):
    cast.health()
    standing(LONG_AGO, respond_by=SEVEN - HOUR, acknowledged_at=SEVEN + HOUR, acknowledged_by="minh")
    (line,) = alarming(reader(), packs())
    assert line.said["vi"].endswith("từ 12:00 01/11/2026, chưa ai nhận biết.")
    assert line.why["vi"] == "Cơ quan xử lý: Sở Y tế, đã quá hạn 06:00 22/11/2026."
    assert not line.is_new


def test_the_worst_comes_first_then_the_new_and_what_is_not_serious_or_did_not_stand_is_left_out(reader):
    old, new = standing(LONG_AGO), standing()
    worst = standing(LONG_AGO + HOUR, severity="Extreme")
    over_since = standing(LONG_AGO + 2 * HOUR, closed_at=SEVEN + HOUR)
    for hours, facts in enumerate(({"severity": "Moderate"}, {"closed_at": SEVEN - HOUR}), start=3):
        standing(LONG_AGO + hours * HOUR, **facts)
    standing(SEVEN + HOUR)
    moments = [one.opened_at for one in (worst, new, old, over_since)]
    said = [line.said["vi"] for line in alarming(reader(), packs())]
    assert [
        f"từ {at.astimezone(SEVEN.tzinfo):%H:%M %d/%m/%Y}" in one
        for at, one in zip(moments, said, strict=True)
    ] == [True] * 4


def test_a_leader_is_told_of_what_is_theirs_to_see(reader):
    cast.health()
    standing()
    assert alarming(reader(cast._person("nam", "Nam", "leader", cast.transport())), packs()) == []


def test_a_page_with_a_made_up_incident_is_marked(reader, monkeypatch):
    monkeypatch.setattr(writing, "packs", lambda: Packs(()))
    standing(is_simulated=False)
    assert not writing.compose(reader()).is_simulated
    Incident.objects.update(is_simulated=True)
    assert writing.compose(reader()).is_simulated
