"""The briefing's page: one's own, others' for the auditor, and on paper; and the counting of pages."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from tests import cast
from tests.briefings.test_writing import content

from vamco.accounts.models import Attendance, PageUse
from vamco.briefings.models import Briefing
from vamco.briefings.mornings import moment_of
from vamco.web.counting import OPENS, kind_of

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def nothing_counted():
    OPENS.__init__()


@pytest.fixture
def lan():
    person = cast.lan()
    facts = {
        "known_at": moment_of(ON),
        "written_at": timezone.now(),
        "content": content(1, "Số ca ≈ 12").as_dict(),
    }
    Briefing.objects.create(person=person, on=ON, **facts)
    return person


def browser_of(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_leader_reads_the_newest_briefing_and_any_earlier_one(lan):
    leader = browser_of(lan)
    for address in ("/briefing/", "/briefing/2026-11-22/"):
        page = leader.get(address).content.decode()
        assert "Bản tin buổi sáng Chủ\N{NO-BREAK SPACE}nhật, 22/11/2026" in page
        assert "Số ca ≈ 12" in page
        assert "MÔ PHỎNG" in page
    assert "Morning briefing, Sunday" in leader.get("/briefing/?lang=en").content.decode()
    assert leader.get("/briefing/2026-11-21/").status_code == 404
    assert leader.get("/briefing/2026-13-40/").status_code == 404


def test_the_printed_page_is_a_pdf(lan):
    answer = browser_of(lan).get("/briefing/2026-11-22.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_only_the_auditor_reads_what_another_was_told(lan):
    assert browser_of(cast.yen()).get("/briefing/2026-11-22/?person=lan").status_code == 200
    other = cast._person("nam", "Nam", "leader")
    assert browser_of(other).get("/briefing/2026-11-22/?person=lan").status_code == 403
    assert "Chưa có bản tin nào" in browser_of(other).get("/briefing/").content.decode()


def test_pages_are_counted_by_kind_and_role_and_people_at_screens_once(lan):
    leader = browser_of(lan)
    for _ in range(2):
        leader.get("/briefing/")
    leader.get("/supply/?agency=nobody")
    leader.get("/briefing/", headers={"Sec-Fetch-Mode": "cors"})  # what a page asks for by itself
    leader.get("/healthz")
    assert not PageUse.objects.exists()  # in memory until it is written
    OPENS.write()
    OPENS.write()
    today = timezone.localdate()
    assert set(PageUse.objects.values_list("on", "page", "role", "opens")) == {
        (today, "briefing", "leader", 2),
        (today, "desk", "leader", 1),
    }
    assert list(Attendance.objects.values_list("on", "role", "people")) == [(today, "leader", 1)]


@pytest.mark.parametrize(
    ("url_name", "kind"),
    [("home", "desk"), ("supply-wall", "wall"), ("service-section", "service"), ("units", "unit"),
     ("delivery-new", "deliveries"), ("passport", "passport"), ("passport-rows", "other"), ("account", "other")],
)  # fmt: skip
def test_each_address_belongs_to_a_kind_of_page(url_name, kind):
    assert kind_of(url_name) == kind
