"""The board, the weekly list and the calendar: who sees what, and that the files say what the tables hold."""

import io
import shutil
import subprocess
from datetime import datetime, timedelta

import icalendar
import openpyxl
import pytest
from django.utils import timezone
from tests import cast
from tests.directives import orders
from tests.directives.orders import MONDAY

from vamco.accounts.policy import NOBODY, PROGRAM, actor_of
from vamco.directives.calendar_feed import as_ics, calendar_key, person_of_key
from vamco.directives.follow_up import (
    awaiting_office,
    by_agency,
    by_leader,
    due_within,
    open_standings,
    overdue,
    week,
)
from vamco.directives.issuing import issue
from vamco.directives.reading import assignments_for, choices, directive_for, directives_for, standings
from vamco.directives.timing import Light, Timing
from vamco.directives.transitions import Status, Verb
from vamco.directives.weekly_list import as_pdf, as_xlsx, weekly_list
from vamco.vocabulary.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db

LATE = timezone.make_aware(datetime(2026, 12, 1, 9))


@pytest.fixture
def both():
    """One directive to Sở Y tế and a commune; another to Sở Y tế alone, done in time."""
    cast.health()
    told = (orders.to(cast.HEALTH, is_lead=True), orders.to(orders.COMMUNE, text="Diệt lăng quăng"))
    made = issue(orders.lan(), orders.draft(assignments=told, leader=cast.lan()), MONDAY)
    orders.walk(orders.ordered(document_no="2"), Verb.ACCEPT, Verb.SUBMIT, Verb.CONFIRM)
    return made


def test_everybody_sees_what_the_own_agency_was_told_and_the_office_sees_all(both):
    seen = {
        "lan": 2, "minh": 2, "yen": 2, "quan": 2, "duc": 2, "hoa": 2, "binh": 0, "sau": 1,
    }  # fmt: skip
    found = {name: directives_for(actor_of(getattr(cast, name)())).count() for name in seen}
    assert found == seen
    assert assignments_for(actor_of(cast.sau())).count() == 1
    assert (directives_for(PROGRAM).count(), directives_for(NOBODY).count()) == (2, 0)


def test_a_directive_that_one_may_not_read_is_not_there(both):
    with pytest.raises(NotFound):
        directive_for(actor_of(cast.binh()), both.pk)


def test_a_page_offers_each_agency_its_own_verbs(both):
    lead, commune = choices(actor_of(cast.duc()), both, MONDAY)
    assert [row.verb for row in lead.transitions] == [Verb.ACCEPT, Verb.RETURN]
    assert commune.transitions == ()
    assert lead.standing.as_dict()["timing"] == "not_due"


def test_overdue_comes_first_and_due_is_within_the_span(both):
    assert overdue(PROGRAM, MONDAY) == []
    assert len(due_within(PROGRAM, timedelta(days=7), MONDAY + timedelta(days=1))) == 2
    assert due_within(PROGRAM, timedelta(days=2), MONDAY) == []
    found = overdue(PROGRAM, LATE)
    assert [one.timing for one in found] == [Timing.OVERDUE] * 2
    assert len(open_standings(PROGRAM, LATE)) == 2


def test_the_office_sees_where_it_is_asked():
    orders.walk(orders.ordered(), Verb.ACCEPT, Verb.SUBMIT)
    orders.walk(orders.ordered(document_no="2"), Verb.RETURN)
    orders.walk(orders.ordered(document_no="3"), Verb.ACCEPT, Verb.ASK_EXTENSION)
    orders.ordered(document_no="4")
    found = [one.status for one in awaiting_office(orders.minh())]
    assert sorted(found) == [Status.ACCEPTED, Status.RETURNED, Status.SUBMITTED]


def test_tallies_print_numerator_and_denominator(both):
    found = standings(assignments_for(PROGRAM), LATE)
    of_agency = {one.name: one for one in by_agency(found)}
    health = of_agency["Sở Y tế"]
    assert (health.n_in_time, health.n_done, health.n_open, health.n_overdue) == (1, 1, 1, 1)
    assert (health.share_in_time, health.light) == (1.0, Light.RED)
    assert of_agency["UBND Phường Long An"].share_in_time is None
    assert [one.name for one in by_leader(found)] == ["Nguyễn Thị Lan"]


def test_the_workbook_holds_the_rows_of_the_week_and_its_totals(both):
    said = weekly_list(week(PROGRAM, LATE), "vi")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(said)))
    assert book.sheetnames[0] == "Quá hạn"
    rows = list(book["Quá hạn"].iter_rows(values_only=True))
    assert any("1/1 nhiệm vụ xong đúng hạn" in str(row[0]) for row in rows)
    assert [row[2] for row in rows[5:]] == ["Phun hóa chất diện rộng", "Diệt lăng quăng"]
    assert {row[6] for row in rows[5:]} == {"quá hạn"}


def test_what_is_open_since_last_year_is_counted_with_this_years():
    orders.ordered()
    told = week(PROGRAM, LATE + timedelta(days=60))
    assert (len(told.overdue), told.total.n_overdue, told.total.n_done) == (1, 1, 0)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_is_printed(both, language, tmp_path):
    said = weekly_list(week(PROGRAM, LATE), language)
    paper = as_pdf(said, language)
    assert paper.startswith(b"%PDF-")
    if reader := shutil.which("pdftotext"):
        (tmp_path / "list.pdf").write_bytes(paper)
        text = subprocess.run(
            [reader, "-layout", tmp_path / "list.pdf", "-"], capture_output=True, check=True
        )
        found = " ".join(text.stdout.decode().split())
        assert all(
            words in found for words in (said.title, said.total, "Diệt lăng quăng", "17:00 23/11/2026")
        )


def test_an_empty_week_is_printed_too():
    assert as_pdf(weekly_list(week(PROGRAM, LATE), "vi"), "vi").startswith(b"%PDF-")


def test_text_that_looks_like_a_formula_stays_text():
    orders.ordered(title="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(weekly_list(week(PROGRAM, LATE), "vi"))))
    cell = book["Quá hạn"].cell(6, 2)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_simulated_orders_are_marked_on_the_list():
    orders.ordered(is_simulated=True)
    said = weekly_list(week(PROGRAM, LATE), "vi")
    assert said.simulated == "DỮ LIỆU MÔ PHỎNG"
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(said)))
    assert book["Quá hạn"].cell(1, 1).value == said.simulated


def test_the_calendar_has_an_event_at_each_deadline(both):
    feed = icalendar.Calendar.from_ical(as_ics(open_standings(actor_of(cast.sau()), MONDAY), "vi"))
    (event,) = feed.walk("VEVENT")
    assert event["SUMMARY"] == "Hạn: Dập dịch sốt xuất huyết (UBND Phường Long An)"
    assert event.decoded("DTSTART") == timezone.make_aware(datetime(2026, 11, 23, 17))
    assert len(event.walk("VALARM")) == 1


def test_a_calendar_key_opens_one_persons_feed_until_the_password_changes():
    sau = cast.sau()
    key = calendar_key(sau)
    assert person_of_key(key) == sau
    for forged in (key[:-2] + "xx", "", "a:b:c"):
        with pytest.raises(Forbidden):
            person_of_key(forged)
    sau.set_password("khác hẳn mật khẩu cũ")
    sau.save()
    with pytest.raises(Forbidden):
        person_of_key(key)
