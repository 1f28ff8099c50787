"""The first page begins with its reader's own work."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.utils import timezone
from tests import cast
from tests.directives.orders import MONDAY, in_state, ordered
from tests.indicators import ledger
from tests.web import scenes

from vamco.accounts.action import action
from vamco.accounts.models import Token
from vamco.accounts.policy import PROGRAM
from vamco.alerts.models import Alert, Incident
from vamco.directives.transitions import Status
from vamco.intake.models import State
from vamco.packs.indicator import Band
from vamco.vocabulary.period import Period, PeriodType
from vamco.vocabulary.severity import Severity
from vamco.web.wall import snapshot

pytestmark = pytest.mark.django_db

CASES = ledger.indicator(
    "cases",
    bands=(Band(Severity.SEVERE, ">", Decimal(10), "t"),),
    period_type=PeriodType.WEEK,
    promise_days=9,
)


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    ledger.declare(monkeypatch, CASES)
    monkeypatch.setattr(snapshot, "_snapshots", snapshot.Snapshots())


def first_page(client, person) -> str:
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return " ".join(unescape(response.text).split())


def last_week() -> str:
    return str(Period.covering(PeriodType.WEEK, timezone.localdate()).previous())


def test_a_leader_sees_the_abnormal_and_reaches_units_and_passport_in_one_click(client):
    ledger.write(CASES, "27694@2025-07-01", last_week(), 30)
    page = first_page(client, cast.lan())
    assert "nghiêm trọng" in page
    assert "/indicators/trial.cases/" in page
    assert "/units/80/" in page
    assert "/passports/?indicator=trial.cases&unit=80" in page
    assert "Những gì ta chưa thấy" in page


def test_a_department_head_sees_only_the_services_of_their_agency(client, monkeypatch):
    ledger.write(CASES, "27694@2025-07-01", last_week(), 30)
    assert "/indicators/trial.cases/" in first_page(client, cast.duc())
    grant = cast.duc().grants.get()
    grant.agency = cast.transport()
    grant.save()
    assert "/indicators/trial.cases/" not in first_page(client, cast.duc())


def test_a_steward_sees_what_came_back_and_what_is_owed(client):
    made = scenes.delivery(state=State.PARTLY_ACCEPTED)
    page = first_page(client, cast.hoa())
    assert page.index("Cần sửa và gửi lại") < page.index(f"/deliveries/{made.pk}/")
    assert "Phải cấp" in page
    assert "Bất thường" not in page


def test_a_commune_officer_sees_their_commune(client):
    ledger.write(CASES, "27694@2025-07-01", last_week(), 30)
    page = first_page(client, cast.sau())
    assert "/units/27694/?on=" in page
    assert "Phường Long An" in page
    assert "30" in page


def test_an_auditor_sees_what_was_done_and_how_often_personal_data_was_opened(client):
    with action(PROGRAM, "dataset.personal", "dataset:health.notified_cases"):
        pass
    page = first_page(client, cast.yen())
    assert "Bảy ngày qua có 1 lần mở dữ liệu cá nhân." in page
    assert "xem dòng có dữ liệu cá nhân" in page


def test_an_administrator_sees_who_has_no_role_and_which_keys_end(client):
    cast.lan().grants.all().delete()
    cast.key_of(cast.health())
    Token.objects.update(expires_at=timezone.now() + timedelta(days=3))
    page = first_page(client, cast.quan())
    assert "Nguyễn Thị Lan chưa có vai trò nào" in page
    assert "Khóa “phần mềm” của Sở Y tế hết hạn" in page


def test_those_on_duty_see_what_stands_open_and_the_way_to_the_desk(client):
    page = first_page(client, cast.minh())
    assert "Không có sự cố nào chờ xử lý." in page
    assert "/watch/shifts/" in page
    incident = an_incident()
    page = first_page(client, cast.minh())
    assert "1 sự cố đang mở, 1 chưa ai nhận biết, 0 quá hạn xử lý." in page
    assert f"/watch/incidents/{incident.pk}/" in page
    assert page.index("Sự cố đang mở") < page.index("Những gì ta chưa thấy")
    assert "Sự cố đang mở" not in first_page(client, cast.hoa())


def test_a_leader_sees_what_is_overdue_and_what_waits_for_their_word(client):
    assert "Không có nhiệm vụ nào đang mở." in first_page(client, cast.lan())
    late = ordered(MONDAY - timedelta(days=60), title="muộn")
    in_state(Status.COMPLETED, title="xong")
    page = first_page(client, cast.lan())
    assert "1 nhiệm vụ đang mở: 1 quá hạn, 0 sắp đến hạn, 0 chờ Văn phòng." in page
    assert page.index("muộn") < page.index("Chờ lãnh đạo đánh giá hiệu quả") < page.index(">xong<")
    assert f"/directives/{late.directive_id}/" in page


def test_an_agency_sees_its_own_assignments_by_deadline(client):
    assert "Cơ quan của bạn không còn việc nào phải làm." in first_page(client, cast.duc())
    soon, later = (ordered(timezone.now() - timedelta(days=d), title=f"việc {d}") for d in (3, 1))
    page = first_page(client, cast.duc())
    assert page.index("việc 3") < page.index("việc 1")
    assert f"/directives/{soon.directive_id}/#assignment-{soon.pk}" in page
    assert "việc 1" not in first_page(client, cast.binh())
    assert later.directive.title not in first_page(client, cast.minh())


def test_made_up_work_marks_the_page(client):
    assert "MÔ PHỎNG" not in first_page(client, cast.duc())
    ordered(timezone.now(), is_simulated=True)
    assert "mô phỏng" in first_page(client, cast.duc()).lower()


def an_incident() -> Incident:
    at = timezone.now()
    incident = Incident.objects.create(
        key="k", rule="trial.fever", agency="so-y-te", severity="Severe", opened_at=at
    )
    labels = {"rule": "trial.fever", "unit": "27694@2025-07-01", "indicator": "trial.cases"}
    moments = dict.fromkeys(("since", "raised_since", "evaluated_at"), at)
    Alert.objects.create(
        incident=incident, rule="trial.fever", labels=labels, severity="Severe", fingerprint="f",
        state="firing", because="bad", last_seen="bad", **moments,
    )  # fmt: skip
    return incident
