"""Orders in the browser's own terms: what each page shows, every verb through its form, and refusals that lose nothing."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests import cast
from tests.directives import orders
from tests.web.watching import DENGUE, LONG_AN, raise_alerts

from vamco.accounts.models import AuditEntry, Grant
from vamco.accounts.roles import Role
from vamco.directives.effect import completed_on
from vamco.directives.evidence import is_intact
from vamco.directives.models import Assignment, AssignmentEvent, Directive
from vamco.directives.transitions import TRANSITIONS, Side, Status, Verb
from vamco.vocabulary.messages import say
from vamco.vocabulary.period import Period
from vamco.web.directives.board import board_of
from vamco.web.directives.effect import _marks

pytestmark = pytest.mark.django_db
LINK = "https://tayninh.gov.vn/bao-cao"
PDF = b"%PDF-1.7 bao cao"
EVERYTHING = {
    "note": "Lý do",
    "amount": "2",
    "unit": "working_days",
    "agency": cast.TRANSPORT,
    "link": LINK,
}
BEFORE = {
    Verb.GRANT_EXTENSION: (Verb.ASK_EXTENSION,),
    Verb.REFUSE_EXTENSION: (Verb.ASK_EXTENSION,),
    Verb.EXPLAIN: (Verb.REQUEST_EXPLANATION,),
}
"""What has to happen first, beside what leads to the state."""


def shown(response) -> str:
    """The text of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def do(client, assignment, verb, person, **changed):
    """Send the verb's form as that person, who looked at the assignment just now."""
    client.force_login(person)
    seen = Assignment.objects.get(pk=assignment.pk).version
    given = {"version": seen, **EVERYTHING, **changed}
    return client.post(reverse("assignment-act", args=[assignment.pk, verb]), given)


def who(row):
    return cast.minh() if row.side is Side.OVERSIGHT else cast.duc()


@pytest.fixture(autouse=True)
def agencies(settings, tmp_path):
    settings.HOME = tmp_path
    cast.health()
    cast.transport()


def new_order(**changed):
    """The form of a new directive with two agencies, as a browser sends it."""
    return {
        "source_kind": "document", "document_no": "1234/UBND-VX", "issued_on": "20/11/2026",
        "signer": "Nguyễn Thị Lan", "leader": "lan", "title": "Dập dịch", "text": "Khoanh vùng các ổ dịch.",
        "to-TOTAL_FORMS": "3", "to-INITIAL_FORMS": "3",
        "to-0-agency": cast.HEALTH, "to-0-part": "lead", "to-0-text": "Phun hóa chất",
        "to-0-amount": "5", "to-0-unit": "working_days",
        "to-1-agency": cast.TRANSPORT, "to-1-part": "support", "to-1-text": "Khơi thông cống",
        "to-1-amount": "3", "to-1-unit": "working_days",
        "to-2-part": "support", "to-2-amount": "5", "to-2-unit": "working_days",
        **changed,
    }  # fmt: skip


# --- every verb


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.verb)
def test_every_verb_works_through_its_form_and_leaves_its_audit_entry(client, row):
    assignment = orders.in_state(row.sources[0])
    orders.walk(assignment, *BEFORE.get(row.verb, ()), since=timezone.now() - timedelta(hours=3))
    client.force_login(who(row))
    page = client.get(reverse("assignment", args=[assignment.pk])).content.decode()
    assert reverse("assignment-act", args=[assignment.pk, row.verb]) in page
    done = do(client, assignment, row.verb, who(row))
    assert done.status_code == 302, shown(done)
    assignment.refresh_from_db()
    assert assignment.status == (row.target or row.sources[0])
    last = AuditEntry.objects.filter(subject=assignment.subject).last()
    assert last.action == row.permission
    assert "Đã ghi" in shown(client.get(done.headers["Location"]))


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.verb)
def test_a_verb_that_is_not_possible_now_is_not_offered_and_says_why_when_sent(client, row):
    wrong = next(status for status in Status if status not in row.sources)
    assignment = orders.in_state(wrong)
    n_events = AssignmentEvent.objects.count()
    refused = do(client, assignment, row.verb, who(row), note="Đã viết rất lâu")
    assert refused.status_code == 409
    assert say(f"directives.verb_{row.verb}", "vi") in shown(refused)
    assert "Đã viết rất lâu" in shown(refused)
    form = f'action="{reverse("assignment-act", args=[assignment.pk, row.verb])}"'
    assert form not in refused.content.decode()
    assert AssignmentEvent.objects.count() == n_events


def test_whoever_comes_second_is_told_who_was_first_and_keeps_what_they_wrote(client):
    assignment = orders.in_state(Status.ACCEPTED)
    seen = assignment.version
    orders.walk(assignment, Verb.REPORT)
    second = do(client, assignment, Verb.REPORT, cast.duc(), version=seen, note="Phun xong 4/6 ổ dịch")
    assert second.status_code == 409
    assert re.search(r"Võ Minh Đức đã báo cáo tiến độ lúc \d\d:\d\d", shown(second))
    assert ">Phun xong 4/6 ổ dịch</textarea>" in second.content.decode()


def test_another_agency_reads_nothing_of_it_and_does_nothing(client):
    assignment = orders.ordered()
    refused = do(client, assignment, Verb.ACCEPT, cast.binh())
    assert refused.status_code == 404
    assert Assignment.objects.get().status == Status.NEW


# --- evidence


def test_a_file_comes_back_as_it_was_sent_and_to_nobody_else(client):
    assignment = orders.in_state(Status.ACCEPTED)
    file = SimpleUploadedFile("biên bản.pdf", PDF)
    assert do(client, assignment, Verb.SUBMIT, cast.duc(), link="", files=file).status_code == 302
    kept = AssignmentEvent.objects.get(verb=Verb.SUBMIT).evidence.get()
    answer = client.get(reverse("directive-evidence", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == PDF
    client.force_login(cast.binh())
    assert client.get(reverse("directive-evidence", args=[kept.pk])).status_code == 404


def test_a_bad_file_is_said_in_place_and_the_good_one_need_not_be_sent_again(client):
    assignment = orders.in_state(Status.ACCEPTED)
    files = [SimpleUploadedFile("tốt.pdf", PDF), SimpleUploadedFile("virus.exe", b"MZ")]
    refused = do(client, assignment, Verb.SUBMIT, cast.duc(), link="", note="Xong cả sáu ổ", files=files)
    assert refused.status_code == 409
    assert "Không nhận tệp “virus.exe”" in shown(refused)
    assert ">Xong cả sáu ổ</textarea>" in refused.content.decode()
    (token,) = re.findall(r'name="kept" value="([^"]+)"', refused.content.decode())
    assert do(client, assignment, Verb.SUBMIT, cast.duc(), link="", kept=token).status_code == 302
    assert AssignmentEvent.objects.get(verb=Verb.SUBMIT).evidence.get().filename == "tốt.pdf"


def test_a_kept_file_that_we_did_not_sign_is_none(client):
    assignment = orders.in_state(Status.ACCEPTED)
    refused = do(client, assignment, Verb.SUBMIT, cast.duc(), link="", kept="Wy4uLl0:forged")
    assert refused.status_code == 400
    assert "minh chứng" in shown(refused)


def test_nobody_who_may_not_act_stores_a_file(client, tmp_path):
    assignment = orders.in_state(Status.COMPLETED)
    do(client, assignment, Verb.SUBMIT, cast.duc(), files=SimpleUploadedFile("a.pdf", PDF))
    assert not (tmp_path / "evidence").exists()


# --- a new directive


def test_the_due_moments_are_shown_before_anything_is_ordered(client):
    client.force_login(cast.lan())
    page = shown(client.post("/directives/new/", new_order()))
    assert "Kiểm tra rồi ban hành" in page
    assert len(re.findall(r"17:00\s\d\d/\d\d/20\d\d", page)) == 2
    assert not Directive.objects.exists()
    made = client.post("/directives/new/", new_order(confirmed="yes"))
    directive = Directive.objects.get()
    assert made.headers["Location"] == reverse("directive", args=[directive.pk])
    assert [(a.agency.code, a.is_lead) for a in directive.assignments.all()] == [
        (cast.HEALTH, True),
        (cast.TRANSPORT, False),
    ]
    assert AuditEntry.objects.filter(action="directive.issue", subject=directive.subject).exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"document_no": ""}, "Văn bản cần có số"),
        ({"issued_on": "31/02/2026"}, "31/02/2026"),
        ({"issued_on": "20/11/2099"}, "còn ở phía trước"),
        ({"to-0-part": "support"}, "đúng một cơ quan chủ trì"),
        ({"to-1-agency": cast.HEALTH}, "đã được giao trong chỉ đạo này"),
        ({"to-1-text": ""}, "bỏ trống cả cơ quan"),
        ({"to-0-amount": "0"}, "1"),
    ],
)
def test_what_is_wrong_is_said_and_everything_written_stays(client, changed, said):
    client.force_login(cast.lan())
    page = client.post("/directives/new/", new_order(**changed, confirmed="yes"))
    assert page.status_code in {400, 422}
    assert said in shown(page)
    assert "Khoanh vùng các ổ dịch." in page.content.decode()
    assert not Directive.objects.exists()


def test_rows_are_added_without_scripts_and_nothing_is_judged_yet(client):
    client.force_login(cast.minh())
    page = client.post("/directives/new/", new_order(more="yes", document_no="")).content.decode()
    assert 'name="to-3-agency"' in page
    assert "Phun hóa chất" in page
    assert 'class="wrong"' not in page


def test_evidence_that_was_changed_on_its_way_orders_nothing(client):
    client.force_login(cast.lan())
    refused = client.post("/directives/new/", new_order(evidence="Wy4uLl0:forged", confirmed="yes"))
    assert refused.status_code == 400
    assert not Directive.objects.exists()


def test_an_agency_cannot_order(client):
    client.force_login(cast.duc())
    assert client.post("/directives/new/", new_order(confirmed="yes")).status_code == 403
    assert not Directive.objects.exists()


# --- the board


def test_the_board_counts_each_order_once_and_prints_both_numbers_of_a_share(client):
    orders.in_state(Status.COMPLETED)
    late = orders.ordered(at=timezone.now() - timedelta(days=40))
    waiting = orders.in_state(Status.SUBMITTED)
    client.force_login(cast.lan())
    page = shown(client.get("/directives/"))
    assert "1/1 nhiệm vụ đã xong" in page
    assert "1/2 nhiệm vụ đang mở" in page
    for name, wanted in (("overdue", late), ("office", waiting)):
        alone = client.get(f"/directives/?show={name}").content.decode()
        assert re.findall(r"#assignment-(\d+)", alone) == [str(wanted.pk)]


def test_the_address_of_the_board_narrows_it(client):
    orders.ordered(title="Việc của Sở Y tế")
    orders.ordered(title="Việc của Sở Xây dựng", assignments=(orders.to(cast.TRANSPORT, is_lead=True),))
    client.force_login(cast.lan())
    page = shown(client.get(f"/directives/?agency={cast.TRANSPORT}"))
    assert "Việc của Sở Xây dựng" in page
    assert "Việc của Sở Y tế" not in page


def test_an_agency_sees_its_own_part_of_the_board_only(client, rf):
    orders.ordered()
    assert board_of(rf.get("/directives/"), orders.duc()).total.n_open == 1
    client.force_login(cast.binh())
    assert "Chưa có chỉ đạo nào trong phạm vi của bạn." in shown(client.get("/directives/"))


def test_the_board_takes_the_same_questions_for_one_order_and_for_many(client, django_assert_max_num_queries):
    for _ in range(8):
        orders.ordered()
    client.force_login(cast.lan())
    with django_assert_max_num_queries(25):
        client.get("/directives/")


def test_what_an_agency_must_do_stands_by_deadline_with_what_comes_next(client):
    orders.ordered(
        title="Gấp",
        assignments=(orders.to(cast.HEALTH, "Việc gấp", is_lead=True),),
        at=timezone.now() - timedelta(days=30),
    )
    orders.ordered(
        title="Sau", assignments=(orders.to(cast.HEALTH, "Việc sau", is_lead=True),), at=timezone.now()
    )
    client.force_login(cast.duc())
    page = shown(client.get("/directives/mine/"))
    assert page.index("Việc gấp") < page.index("Việc sau")
    assert "Việc tiếp theo: nhận nhiệm vụ" in page


def test_an_officer_of_a_commune_finds_the_work_of_the_commune(client):
    orders.ordered(assignments=(orders.to(orders.COMMUNE, "Diệt lăng quăng", is_lead=True),))
    client.force_login(cast.sau())
    assert "Diệt lăng quăng" in shown(client.get("/directives/mine/"))
    assert do(client, Assignment.objects.get(), Verb.ACCEPT, cast.sau()).status_code == 302


# --- one directive


def test_the_page_tells_who_ordered_whom_and_every_event_and_to_the_auditor_every_entry(client):
    assignment = orders.in_state(Status.COMPLETED)
    client.force_login(cast.yen())
    page = client.get(reverse("directive", args=[assignment.directive_id]))
    assert re.search(r"Nguyễn Thị Lan\s+giao\s+Sở Y tế\s+chủ trì", shown(page))
    for verb in ("issue", *orders.WAYS[Status.COMPLETED]):
        assert say(f"directives.verb_{verb}", "vi").capitalize() in shown(page)
    assert "xác nhận hoàn thành nhiệm vụ" in shown(page)
    assert '<form method="post" class="fields deed"' not in page.content.decode()


def test_the_leader_judges_when_all_is_done_and_a_second_verdict_on_an_old_view_is_told(client):
    assignment = orders.in_state(Status.COMPLETED)
    directive = assignment.directive
    assert completed_on(directive) is not None
    client.force_login(cast.lan())
    address = reverse("directive-judge", args=[directive.pk])
    given = {"verdict": "effective", "note": "Ca mắc giảm", "version": directive.version}
    assert client.post(address, given).status_code == 302
    assert "Ca mắc giảm" in shown(client.get(reverse("directive", args=[directive.pk])))
    second = client.post(address, {**given, "verdict": "not_effective", "note": "Chưa thấy"})
    assert second.status_code == 409
    assert "Nguyễn Thị Lan đã đánh giá" in shown(second)
    assert "Chưa thấy</textarea>" in second.content.decode()
    assert AuditEntry.objects.filter(action="directive.judge").count() == 1


def test_a_series_is_ended_from_its_page(client):
    assignment = orders.ordered(recurrence="weekly")
    client.force_login(cast.minh())
    address = reverse("directive", args=[assignment.directive_id])
    assert "Thôi lặp lại" in shown(client.get(address))
    client.post(reverse("directive-end", args=[assignment.directive_id]))
    assert "Thôi lặp lại" not in shown(client.get(address))


# --- the calendar and the weekly list


def test_a_calendar_with_a_key_needs_no_sign_in_and_shows_what_its_person_may_read(client):
    orders.ordered(title="Dập dịch")
    client.force_login(cast.duc())
    (feed,) = re.findall(
        r'value="http://testserver(/directives/calendar\.ics[^"]+)"',
        client.get("/directives/mine/").content.decode(),
    )
    client.logout()
    told = client.get(feed)
    assert told.headers["Content-Type"].startswith("text/calendar")
    assert "Dập dịch" in told.content.decode()
    assert client.get("/directives/calendar.ics?key=forged").status_code == 403


def test_a_new_password_makes_the_old_calendar_address_void(client):
    person = cast.duc()
    client.force_login(person)
    (feed,) = re.findall(
        r'(/directives/calendar\.ics[^"]+)"', client.get("/directives/mine/").content.decode()
    )
    person.set_password("dòng-sông-khác-hẳn-2")
    person.save()
    assert client.get(feed).status_code == 403


def test_the_weekly_list_is_a_workbook_and_a_page(client):
    orders.ordered()
    client.force_login(cast.minh())
    assert client.get("/directives/weekly.xlsx").content.startswith(b"PK")
    assert client.get("/directives/weekly.pdf").content.startswith(b"%PDF")


def test_roles_without_an_agency_are_led_to_the_board_and_not_to_work(client):
    person = cast.minh()
    assert not Grant.objects.filter(person=person, role=Role.STEWARD).exists()
    client.force_login(person)
    assert client.get("/directives/mine/").status_code == 403
    assert "Việc được giao" not in shown(client.get("/directives/"))


# --- where an order begins


def test_an_incident_brings_its_sealed_evidence_and_the_usual_assignments_along(client):
    cast.lan()
    (incident,) = raise_alerts(DENGUE, LONG_AN)
    client.force_login(cast.minh())
    page = client.get(f"/directives/new/?incident={incident.pk}").content.decode()
    (token,) = re.findall(r'name="evidence" value="([^"]+)"', page)
    assert "UBND Phường Long An" in page
    client.post("/directives/new/", new_order(evidence=token, confirmed="yes"))
    (frozen,) = Directive.objects.get().prompted_by
    assert is_intact(frozen)
    assert frozen["alert"]["id"] == incident.alerts.get().pk
    told = shown(client.get(reverse("directive", args=[Directive.objects.get().pk])))
    assert "Phường Long An, Tháng 10/2026" in told
    assert frozen["sha256"][:12] in told


def test_a_figure_brings_its_passport_as_known_then(client):
    client.force_login(cast.lan())
    asked = "indicator=health.dengue_cases_monthly&unit=27694&period=2026-10"
    page = client.get(f"/directives/new/?{asked}")
    assert page.status_code == 200
    (token,) = re.findall(r'name="evidence" value="([^"]+)"', page.content.decode())
    client.post("/directives/new/", new_order(evidence=token, confirmed="yes"))
    told = client.get(reverse("directive", args=[Directive.objects.get().pk])).content.decode()
    (passport,) = re.findall(r'href="(/passports/\?[^"]+as_known_at=[^"]+)"', told)
    assert client.get(passport.replace("&amp;", "&")).status_code == 200


def test_an_order_below_another_says_so_on_both_pages(client):
    above = orders.ordered(title="Chỉ đạo gốc").directive
    client.force_login(cast.lan())
    assert "Chỉ đạo gốc" in shown(client.get(f"/directives/new/?parent={above.pk}"))
    client.post("/directives/new/", new_order(parent=above.pk, confirmed="yes"))
    below = Directive.objects.get(parent=above)
    assert above.number in shown(client.get(reverse("directive", args=[below.pk])))
    assert below.number in shown(client.get(reverse("directive", args=[above.pk])))


def test_the_pages_speak_english_when_asked(client):
    assignment = orders.ordered()
    client.force_login(cast.minh())
    page = shown(client.get(f"{reverse('directive', args=[assignment.directive_id])}?lang=en"))
    assert re.search(r"ordered\s+Department of Health\s+to lead", page)
    assert re.search(r"working days (left|late)", page)


def test_marks_that_fall_into_one_period_are_one(settings):
    assignment = orders.in_state(Status.COMPLETED)
    months = [Period.parse("2026-10"), Period.parse("2026-11"), Period.parse("2026-12")]
    line = [SimpleNamespace(period=month) for month in months]
    (mark,) = _marks(assignment.directive, line)
    assert mark.at == 1
    assert mark.words == "giao 16/11/2026 · xong 16/11/2026"
    assert _marks(assignment.directive, line[:1]) == ()
