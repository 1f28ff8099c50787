"""The calendar page says who decided each day, and tells what moves before anybody signs."""

from datetime import date

import pytest
from tests import cast
from tests.worktime.drawn import at

from vamco.deadlines.calendar import calendar_now
from vamco.deadlines.clocks import start
from vamco.deadlines.models import SignedDay
from vamco.web.calendar.reading import rows_of, year_of
from vamco.worktime.policy import WORKING_DAYS, ClockPolicy

pytestmark = pytest.mark.django_db
ROW = {
    "on": "18/12/2026",
    "kind": "day_off",
    "title": "Nghỉ bù",
    "decision": "99/QĐ",
    "announced_on": "02/11/2026",
}


@pytest.fixture
def administrator(client):
    client.force_login(cast.quan())
    return client


def post(client, **changed):
    return client.post("/calendar/sign/", {**ROW, **changed})


def test_a_year_has_every_day_once_and_counts_the_worked_ones():
    year = year_of(2026)
    days = [day for month in year.months for week in month.weeks for day in week if day]
    assert [day.on for day in days] == [
        date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)
    ]
    assert all(
        day.on.weekday() == n for m in year.months for week in m.weeks for n, day in enumerate(week) if day
    )
    assert year.n_working == sum(calendar_now().is_working_day(day.on) for day in days)
    assert year.n_signed == 2


def test_everybody_signed_in_reads_it_and_only_the_administrator_is_shown_the_form(client):
    client.force_login(cast.lan())
    page = client.get("/calendar/?year=2026").content.decode()
    assert "12729/VPCP-KGVX" in page
    assert "/calendar/sign/" not in page
    assert client.get("/calendar/sign/").status_code == 403
    assert client.post("/calendar/sign/", ROW).status_code == 403


def test_what_moves_is_told_before_anything_is_signed(administrator):
    start("a:1", "answer", ClockPolicy(WORKING_DAYS, 3), at("2026-12-15 09:00"), "lan")
    assert "1 trong 1 hạn đang mở sẽ đổi." in post(administrator).content.decode()
    assert not SignedDay.objects.exists()
    signed = post(administrator, confirmed="yes")
    assert signed.headers["Location"] == "/calendar/?year=2026&signed=2026-12-18#rows"
    page = administrator.get(signed.headers["Location"]).content.decode()
    assert "Đã ký ngày 18/12/2026." in page
    assert "99/QĐ" in page
    assert SignedDay.objects.get().signed_by == "quan"


def test_a_row_is_taken_back_with_a_reason_and_kept(administrator):
    post(administrator, confirmed="yes")
    post(administrator, kind="taken_back", title="bị thu hồi", decision="", announced_on="", confirmed="yes")
    assert [(row.day.kind, row.stands) for row in rows_of(2026)[:2]] == [
        ("taken_back", True),
        ("day_off", False),
    ]
    assert calendar_now().is_working_day(date(2026, 12, 18))


@pytest.mark.parametrize(
    "changed",
    [{"on": "31/02/2026"}, {"decision": ""}, {"announced_on": ""}, {"hours": "8-12"}, {"title": ""}],
)
def test_a_row_that_is_not_complete_comes_back_with_a_word_beside_its_field(administrator, changed):
    answer = post(administrator, **changed, confirmed="yes")
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()
    assert not SignedDay.objects.exists()


def test_what_the_calendar_refuses_is_said_above_the_form(administrator):
    answer = post(administrator, announced_on="01/01/2999")
    assert answer.status_code == 400
    assert "chưa tới" in answer.content.decode()


def test_going_back_keeps_what_was_typed(administrator):
    page = post(administrator, again="yes").content.decode()
    assert 'value="Nghỉ bù"' in page
    assert 'name="confirmed"' not in page


@pytest.mark.parametrize("year", ["1900", "2101", "99999", "x"])
def test_a_year_that_nobody_reckoned_is_refused_in_words(administrator, year):
    assert administrator.get(f"/calendar/?year={year}").status_code == 400
