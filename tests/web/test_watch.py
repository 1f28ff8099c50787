"""The watch on screen: the queue and its order, deeds in place, who sees what, silences, shifts and rules."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from tests import cast
from tests.web.watching import DENGUE, LONG_AN, TAN_AN, raise_alerts

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import actor_of
from vamco.alerts.acting import Deed, Given, act
from vamco.alerts.models import Alert, Incident, RuleState, Shift, Silence
from vamco.alerts.queue import queue_for, queue_version
from vamco.geography.unit import Level
from vamco.indicators.territory import territory_now

pytestmark = pytest.mark.django_db
IN_PLACE = {"Vamco-Part": "row"}
N_OPEN = 40


@pytest.fixture
def incident():
    (opened,) = raise_alerts(DENGUE, LONG_AN)
    return opened


@pytest.fixture
def minh(client):
    client.force_login(cast.minh())
    return client


@pytest.fixture
def other():
    return actor_of(cast._person("nam", "Lý Thành Nam", "operator"))


def communes(n: int) -> list[str]:
    register, today = territory_now().register, timezone.localdate()
    return [unit.unit_id for unit in register.units_on(today, Level.COMMUNE)][:n]


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def deed(client, incident, name, version=None, **fields):
    address = f"/watch/incidents/{incident.pk}/{name}/"
    return client.post(address, {"version": version or incident.version, **fields}, headers=IN_PLACE)


def test_a_row_says_what_where_how_much_who_and_the_next_deed_in_words(minh, incident):
    told = text_of(minh.get("/watch/"))
    assert "Xã có số ca sốt xuất huyết vượt ngưỡng có dịch" in told
    assert "Phường Long An" in told
    assert "9 ca, vượt 5,3 ca" in told
    assert "Chưa ai nhận" in told
    assert LONG_AN not in told


def test_the_queue_puts_what_nobody_saw_first_then_the_worse_then_the_overdue_then_the_older(other):
    hour = timedelta(hours=1)
    now = timezone.now()
    made = raise_alerts(DENGUE, *communes(5), at=now)
    for place, (incident, severity) in enumerate(
        zip(made, ["Severe", "Moderate", "Severe", "Severe", "Extreme"], strict=True)
    ):
        Incident.objects.filter(pk=incident.pk).update(
            severity=severity,
            opened_at=now - hour * place,
            respond_by=now - hour if place == 0 else now + hour,
        )
    seen, minor, newer, older, worst = (one.pk for one in made)
    act(other, seen, Deed.COMMENT, 1, Given("x"))
    assert [i.incident.pk for i in queue_for(other).waiting] == [worst, seen, older, newer, minor]
    act(other, worst, Deed.ACKNOWLEDGE, 1)
    assert [i.incident.pk for i in queue_for(other).waiting][-1] == worst


def test_the_queue_is_sent_again_only_when_it_changed(minh, incident):
    first = minh.get("/watch/queue/")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert minh.get("/watch/queue/", headers=tag).status_code == 304
    raise_alerts(DENGUE, TAN_AN)
    assert minh.get("/watch/queue/", headers=tag).status_code == 200


@pytest.mark.parametrize("change", ["deed", "silence", "shift", "due"])
def test_whatever_changes_a_queue_changes_its_version(incident, other, change):
    now = timezone.now()
    Incident.objects.update(respond_by=now + timedelta(minutes=1))
    before, then = queue_version(now), now
    if change == "deed":
        act(other, incident.pk, Deed.ACKNOWLEDGE, incident.version)
    elif change == "silence":
        until = now + timedelta(hours=1)
        Silence.objects.create(starts_at=now, ends_at=until, reason="x", by="minh", set_at=now)
    elif change == "shift":
        Shift.objects.create(operator="minh", starts_at=now, ends_at=now + timedelta(hours=8))
    else:
        then = now + timedelta(minutes=2)
    assert queue_version(then) != before


def test_a_full_desk_asks_the_database_no_more_than_an_empty_one(minh, django_assert_max_num_queries):
    raise_alerts(DENGUE, *communes(N_OPEN))
    minh.get("/watch/")
    with django_assert_max_num_queries(30) as captured:
        response = minh.get("/watch/")
    assert response.content.count(b"data-incident=") == N_OPEN
    many = len(captured)
    Incident.objects.filter(pk__gt=Incident.objects.order_by("pk")[2].pk).update(closed_at=timezone.now())
    with django_assert_max_num_queries(many) as captured:
        minh.get("/watch/")
    assert len(captured) == many


def test_a_flood_is_one_row_that_counts_its_alerts(minh):
    raise_alerts("health.dengue_surge", *communes(96))
    assert Incident.objects.count() == 1
    told = text_of(minh.get("/watch/"))
    assert "96 cảnh báo" in told
    assert "93 nơi khác" in told
    assert minh.get("/watch/").content.count(b"data-unit=") == 96


def test_a_deed_in_place_answers_with_the_row_and_its_next_deed(minh, incident):
    response = deed(minh, incident, "acknowledge")
    assert response.status_code == 200
    assert "đã nhận biết" in text_of(response)
    assert b'data-deed="take"' in response.content
    assert Incident.objects.get().acknowledged_by == "minh"


def test_without_scripts_a_deed_leads_back_and_never_to_another_site(minh, incident):
    address = f"/watch/incidents/{incident.pk}/acknowledge/"
    assert minh.post(address, {"version": 1, "next": "/watch/"}).headers["Location"] == "/watch/"
    away = minh.post(f"/watch/incidents/{incident.pk}/take/", {"version": 2, "next": "https://evil.example/"})
    assert away.headers["Location"] == f"/watch/incidents/{incident.pk}/"


def test_who_comes_second_sees_who_was_first_and_keeps_what_they_wrote(minh, incident, other):
    act(other, incident.pk, Deed.TAKE, incident.version)
    row = deed(minh, incident, "acknowledge")
    assert row.status_code == 409
    assert "nam đã xử lý sự cố" in text_of(row)
    typed = {"version": incident.version, "note": "đợi trạm y tế gọi lại", "hours": "4"}
    page = minh.post(f"/watch/incidents/{incident.pk}/shelve/", typed)
    assert page.status_code == 409
    assert "nam đã xử lý" in text_of(page)
    assert "đợi trạm y tế gọi lại" in page.content.decode()
    assert Incident.objects.get().shelved_until is None


def test_what_is_shelved_is_folded_away_with_its_reason(minh, incident):
    assert deed(minh, incident, "shelve", note="chờ số liệu chiều", hours="4").status_code == 200
    told = text_of(minh.get("/watch/"))
    assert "Đang gác lại: 1" in told
    assert "chờ số liệu chiều" in told
    assert "Không có sự cố nào chờ xử lý." in told
    assert deed(minh, incident, "shelve", version=2, note="x", hours="nhiều").status_code == 400


def test_a_commune_s_officer_and_an_agency_see_their_own_incidents_only(client, incident):
    raise_alerts(DENGUE, LONG_AN, TAN_AN)
    client.force_login(cast.sau())
    assert client.get("/watch/").content.count(b"data-incident=") == 1
    assert client.get(f"/watch/incidents/{incident.pk}/").status_code == 200
    others = Incident.objects.exclude(pk=incident.pk).get()
    assert client.get(f"/watch/incidents/{others.pk}/").status_code == 404
    assert client.post(f"/watch/incidents/{others.pk}/comment/", {"note": "x"}).status_code == 404
    client.force_login(cast.duc())
    assert client.get("/watch/").content.count(b"data-incident=") == 2
    client.force_login(cast.binh())
    assert client.get("/watch/").content.count(b"data-incident=") == 0


def test_the_auditor_reads_the_deeds_and_does_none(client, incident, other):
    act(other, incident.pk, Deed.TAKE, incident.version)
    client.force_login(cast.yen())
    page = client.get(f"/watch/incidents/{incident.pk}/")
    assert b"data-deed" not in page.content
    assert AuditEntry.objects.get(action="incident.take").sha256[:12] in page.content.decode()
    assert client.post(f"/watch/incidents/{incident.pk}/take/", {"version": 2}).status_code == 403


def test_a_small_count_is_hidden_from_who_may_not_see_cells(client):
    (incident,) = raise_alerts("health.dengue_surge", LONG_AN, value=3.0, numerator=3.0)
    client.force_login(cast.yen())
    assert "ẩn để bảo vệ" in text_of(client.get("/watch/"))
    assert "3 ca" not in text_of(client.get(f"/watch/incidents/{incident.pk}/"))
    client.force_login(cast.lan())
    assert "3 ca, dưới 5,3 ca" in text_of(client.get("/watch/"))


def test_the_page_of_an_incident_tells_its_story_evidence_and_runbook(minh, incident, other):
    act(other, incident.pk, Deed.COMMENT, incident.version, Given("đã gọi trạm y tế"))
    told = text_of(minh.get(f"/watch/incidents/{incident.pk}/"))
    for words in (
        "Phường Long An: 9 ca, vượt 5,3 ca",
        "Mở sự cố",
        "Lý Thành Nam : đã gọi trạm y tế",
        "Gọi trạm y tế xã xác minh ổ dịch",
    ):
        assert words.replace(" :", ":") in told.replace(" :", ":"), words


def test_a_silence_is_set_from_an_incident_and_ended(minh, incident):
    form = minh.get(f"/watch/silences/?incident={incident.pk}").content.decode()
    assert f"unit=&quot;{LONG_AN}&quot;" in form
    matchers = f'rule="{DENGUE}"\nunit="{LONG_AN}"'
    refused = minh.post("/watch/silences/", {"matchers": matchers, "hours": "8", "reason": ""})
    assert refused.status_code == 400
    assert LONG_AN in refused.content.decode()
    minh.post("/watch/silences/", {"matchers": matchers, "hours": "8", "reason": "diễn tập"})
    told = text_of(minh.get("/watch/silences/"))
    assert "nơi: Phường Long An" in told
    silence = Silence.objects.get()
    minh.post(f"/watch/silences/{silence.pk}/end/")
    silence.refresh_from_db()
    assert silence.ended_by == "minh"


def test_a_shift_is_taken_and_handed_over_with_a_note_that_the_next_one_reads(client, other):
    client.force_login(cast.minh())
    client.post("/watch/shifts/begin/", {"hours": "8"})
    shift = Shift.objects.get()
    address = f"/watch/shifts/{shift.pk}/hand-over/"
    assert client.post(address, {"to": "nam", "note": " "}).status_code == 400
    assert client.post(address, {"to": "lan", "note": "x"}).status_code == 400
    client.post(address, {"to": "nam", "note": "để mắt tới Long An"})
    told = text_of(client.get("/watch/"))
    assert "Đang trực: Lý Thành Nam" in told
    assert "để mắt tới Long An" in told


def test_a_rule_says_what_it_watches_and_is_switched_off_only_with_a_reason(minh):
    address = f"/watch/rules/{DENGUE}/"
    told = text_of(minh.get(address))
    assert "Báo động khi giá trị > Ngưỡng có dịch sốt xuất huyết" in told
    assert "trong 1 ngày làm việc" in told
    assert minh.post(f"{address}switch/", {"enabled": "no", "why": ""}).status_code == 400
    minh.post(f"{address}switch/", {"enabled": "no", "why": "đang sửa ngưỡng"})
    assert RuleState.objects.get(rule=DENGUE).is_enabled is False
    assert "đang sửa ngưỡng" in text_of(minh.get(address))


def test_a_rule_is_rehearsed_when_asked(minh):
    told = text_of(minh.get(f"/watch/rules/{DENGUE}/?rehearse=yes"))
    assert "0 sự cố cả kỳ" in told


def test_the_alarm_figures_count_what_was_opened(minh, incident):
    told = text_of(minh.get("/watch/figures/"))
    assert "EEMUA Publication 191" in told
    assert "Phần sự cố nghiêm trọng 100%" in told.replace("\N{NO-BREAK SPACE}", "").replace(" %", "%")


def test_programs_read_incidents_with_an_etag_and_act_with_an_operator_s_key(client, incident):
    from vamco.accounts.policy import PROGRAM
    from vamco.accounts.roles import Role
    from vamco.accounts.tokens import issue_token

    cast.health()
    key = {"Authorization": f"Bearer {issue_token(PROGRAM, cast.HEALTH, 'bàn trực', role=Role.OPERATOR)}"}
    listed = client.get("/api/v1/incidents", headers=key)
    assert [one["where"] for one in listed.json()] == ["Phường Long An"]
    tag = {"If-None-Match": listed.headers["ETag"], **key}
    assert client.get("/api/v1/incidents", headers=tag).status_code == 304
    address = f"/api/v1/incidents/{incident.pk}/deeds/acknowledge"
    body = {"version": incident.version}
    assert client.post(address, body, "application/json", headers=key).json()["deeds"] == [
        "take",
        "shelve",
        "comment",
    ]
    assert client.post(address, body, "application/json", headers=key).status_code == 409
    assert (
        client.get(f"/api/v1/incidents/{incident.pk}", headers=key).json()["events"][-1]["what"]
        == "acknowledge"
    )
    assert client.get("/api/v1/alerts", headers=key).json()[0]["seen"] == "9 ca, vượt 5,3 ca"


def test_an_incident_goes_out_as_a_cap_message_that_a_cap_reader_reads(minh, incident):
    from vamco.alerts.cap import MessageType
    from vamco.alerts.cap_form import read

    feed = minh.get("/api/v1/cap").content.decode()
    assert f"/api/v1/cap/{incident.pk}" in feed
    first = read(minh.get(f"/api/v1/cap/{incident.pk}").content)
    assert first.msg_type is MessageType.ALERT
    assert first.infos[0].areas[0].geocodes[0].value == "27694"
    Incident.objects.update(closed_at=timezone.now())
    last = read(minh.get(f"/api/v1/cap/{incident.pk}").content)
    assert (last.msg_type, last.references[0].identifier) == (MessageType.CANCEL, first.identifier)


def test_a_figure_that_is_too_low_is_below_the_edge_of_its_band(minh, incident):
    Alert.objects.update(rule="public-administration.portal_sync_broken", value=0.7, bound=0.95, labels={})
    assert "70 %, dưới 95 %" in text_of(minh.get("/watch/"))
