"""What was ordered and is late, in whole sentences, as it stood at seven o'clock."""

from datetime import timedelta

import pytest
from tests import cast
from tests.briefings.conftest import MORNING
from tests.directives.orders import MONDAY, draft, duc, given, lan, ordered, to

from vamco.briefings.mornings import moment_of
from vamco.briefings.orders import overdue
from vamco.directives.acting import act
from vamco.directives.issuing import issue
from vamco.directives.transitions import Verb
from vamco.indicators.declared import packs
from vamco.worktime.policy import ClockPolicy, Starts, Unit

pytestmark = pytest.mark.django_db
SEVEN, HOUR, DAY = moment_of(MORNING), timedelta(hours=1), timedelta(days=1)


def late(at=MONDAY, amount=1, **facts):
    """An assignment of Sở Y tế with so many working days from that moment."""
    deadline = ClockPolicy(Unit.WORKING_DAYS, amount)
    return ordered(at, assignments=(to(cast.HEALTH, deadline=deadline, is_lead=True),), **facts)


def vietnamese(lines):
    return [line.said["vi"] for line in lines]


def test_a_late_assignment_is_told_with_its_agency_its_deadline_and_by_how_much_in_working_time(reader):
    assignment = late()
    (line,) = overdue(reader(), packs())
    number = assignment.directive.number
    assert line.said == {
        "vi": f"Sở Y tế chưa báo cáo hoàn thành “Dập dịch sốt xuất huyết” (chỉ đạo số {number}): "
        "hạn 17:00 17/11/2026, trễ 3 ngày làm việc.",
        "en": f"Department of Health has not handed in “Dập dịch sốt xuất huyết” (directive {number}): "
        "due 17:00 17 Nov 2026, 3 working days late.",
    }
    assert line.why["vi"] == "Trạng thái: mới giao. Lãnh đạo giao: Nguyễn Thị Lan."
    assert not line.is_new


def test_what_fell_late_since_yesterday_comes_first_and_less_than_a_unit_is_said_so(reader):
    cast.health()
    late(title="cũ")
    hours = ClockPolicy(Unit.CALENDAR_HOURS, 24, Starts.AT_ONCE)
    told = draft(title="mới", assignments=(to(cast.HEALTH, deadline=hours, is_lead=True),))
    issue(lan(), told, SEVEN - DAY - HOUR / 2)
    first, second = overdue(reader(), packs())
    assert first.is_new
    assert "“mới”" in first.said["vi"]
    assert first.said["vi"].endswith("trễ chưa đến 1 giờ.")
    assert "“cũ”" in second.said["vi"]


def test_what_was_handed_in_by_seven_is_not_owed_and_what_came_after_still_was(reader):
    before, after = late(title="trước"), late(title="sau")
    for assignment, at in ((before, SEVEN - HOUR), (after, SEVEN + HOUR)):
        accepted = act(duc(), assignment.pk, Verb.ACCEPT, 1, given(), MONDAY + HOUR)
        act(duc(), accepted.pk, Verb.SUBMIT, 2, given(), at)
    (line,) = overdue(reader(), packs())
    assert "“sau”" in line.said["vi"]
    assert line.why["vi"].startswith("Trạng thái: đã nhận.")


def test_what_is_not_due_yet_is_nobodys_news(reader):
    late(amount=30)
    assert overdue(reader(), packs()) == []


def test_a_leader_is_told_of_the_agencies_that_are_theirs(reader):
    late()
    assert overdue(reader(cast._person("nam", "Nam", "leader", cast.transport())), packs()) == []
