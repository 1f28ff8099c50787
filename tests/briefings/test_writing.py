"""A briefing is written once, kept as it was said, and fits one page."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.briefings.conftest import MORNING

from vamco.accounts.models import AuditEntry
from vamco.briefings import writing
from vamco.briefings.line import Line, Section
from vamco.briefings.models import Briefing
from vamco.briefings.mornings import moment_of
from vamco.briefings.printing import pages, pdf
from vamco.briefings.told import summary, told
from vamco.briefings.writing import Content, Part, write, write_due
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.severity import Severity

pytestmark = pytest.mark.django_db

LONG = "Tỷ lệ hồ sơ được tiếp nhận và trả kết quả đúng hạn ở cấp xã, tuần 46/2026, ẫ ợ Ễ ≈: " + "số " * 60


def content(n=None, said=LONG, on=MORNING):
    """With so many lines in each part, or as many as it has room for."""
    line = Line({"vi": said, "en": said}, {"vi": "Vì sao.", "en": "Why."}, severity=Severity.SEVERE)
    room = {section: n or most for section, (_, most) in writing._FINDERS.items()}
    parts = tuple(Part(section, (line,) * room[section], room[section] + 3) for section in Section)
    at = moment_of(on)
    return Content(on, at, at - timedelta(days=1), True, parts)


@pytest.fixture
def composed(monkeypatch):
    """What there is to tell is made up; how often it was asked for."""
    asked = []

    def compose(audience):
        asked.append(audience)
        return content(1, on=audience.on)

    monkeypatch.setattr(writing, "compose", compose)
    return asked


def kept(person, **facts):
    said = {"known_at": moment_of(MORNING), "written_at": timezone.now(), "content": content().as_dict()}
    return Briefing.objects.create(person=person, on=MORNING, **(said | facts))


def test_the_same_morning_is_written_once_and_read_as_it_was(composed):
    first = write(cast.lan(), date(2026, 11, 20))
    again = write(first.person, date(2026, 11, 20))
    assert again == first
    assert len(composed) == 1
    assert AuditEntry.objects.filter(action="briefing.write").count() == 1


def test_a_morning_that_has_not_come_is_refused(composed):
    with pytest.raises(Refused, match="too_early"):
        write(cast.lan(), timezone.localdate() + timedelta(days=2))


def test_who_is_no_leader_gets_none(composed):
    with pytest.raises(Refused, match="no_leader"):
        write(cast.minh(), date(2026, 11, 20))


def test_before_seven_the_clock_writes_nothing_and_after_it_each_leader_once(composed):
    lan = cast.lan()
    at = timezone.make_aware(datetime(2026, 11, 22, 6, 59))
    assert write_due(at) == []
    assert [b.person for b in write_due(at + timedelta(minutes=1))] == [lan]
    assert write_due(at + timedelta(minutes=2)) == []
    assert Briefing.objects.get().sent_at is None  # it waits in the outbox


def test_leaders_who_may_know_the_same_are_told_the_same_at_one_cost(composed):
    cast.lan()
    cast._person("nam", "Nam", "leader")
    assert len(write_due(moment_of(MORNING))) == 2
    assert len(composed) == 1


def test_the_page_says_what_it_left_out(composed):
    sections = told(kept(cast.lan()), "vi")["sections"]
    assert {section["rest"] for section in sections} == {"Còn 3 mục nhẹ hơn không in ở đây."}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_however_long_the_sentences_are_they_fit_one_sheet(language):
    briefing = kept(cast.lan())
    assert len(pages(briefing, language, "png")) == 1
    assert pdf(briefing, language).startswith(b"%PDF-")


def test_made_up_data_is_marked_on_paper(monkeypatch):
    briefing = kept(cast.lan())
    assert told(briefing, "vi")["simulated"].startswith("MÔ PHỎNG")
    briefing.content["is_simulated"] = False
    assert told(briefing, "vi")["simulated"] == ""


def test_the_summary_counts_what_the_briefing_looked_at_and_nothing_else():
    said = content(1).as_dict()
    assert summary(said, "vi").startswith("4 sự cố nghiêm trọng, 4 nhiệm vụ quá hạn, 4 lượt qua ngưỡng, ")
    said["parts"] = [part for part in said["parts"] if part["section"] in ("late", "unseen")]
    assert summary(said, "vi") == "4 bộ dữ liệu đang nợ, 4 nhóm chỉ tiêu chưa thấy."
