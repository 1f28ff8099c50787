"""What somebody signs stands over the file and the library; what stood before is kept."""

from datetime import date

import pytest
from tests import cast

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import actor_of
from vamco.deadlines.calendar import calendar_known_on, calendar_now, schedule_now, standing_days
from vamco.deadlines.deciding import decide, take_back
from vamco.deadlines.models import SignedDay
from vamco.intake import timeliness
from vamco.vocabulary.errors import Forbidden, Misused, Refused
from vamco.worktime.calendar import Basis
from vamco.worktime.calendar_day import CalendarDay, DayKind
from vamco.worktime.shifts import read_shifts

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 12, 18)


def day_off(on=FRIDAY, **changed) -> CalendarDay:
    row = {
        "kind": DayKind.DAY_OFF,
        "title": "Nghỉ bù",
        "decision": "99/QĐ",
        "announced_on": date(2026, 11, 2),
    }
    return CalendarDay(**{"on": on, "source": "", "verified": True, **row, **changed})


@pytest.fixture
def administrator():
    return actor_of(cast.quan())


def test_the_rows_of_the_province_stand_until_somebody_signs_another(administrator):
    assert not calendar_now().is_working_day(date(2026, 1, 2))
    take_back(administrator, date(2026, 1, 2), "nhập nhầm")
    assert calendar_now().explain(date(2026, 1, 2)).basis is Basis.WEEK


def test_a_signed_row_decides_at_once_also_when_deliveries_are_due(administrator):
    assert timeliness.calendar().is_working_day(FRIDAY)
    decide(administrator, day_off())
    assert not timeliness.calendar().is_working_day(FRIDAY)
    assert not schedule_now().is_working_day(FRIDAY)


def test_the_last_row_of_a_day_stands_and_every_row_is_kept(administrator):
    decide(administrator, day_off())
    decide(administrator, day_off(kind=DayKind.WORKDAY, shifts=read_shifts("07:30-11:30"), decision="100/QĐ"))
    assert [str(s) for s in schedule_now().shifts_on(FRIDAY)] == ["07:30-11:30"]
    take_back(administrator, FRIDAY, "văn bản bị thu hồi")
    assert FRIDAY not in {day.on for day in standing_days()}
    kept = SignedDay.objects.filter(on=FRIDAY).values_list("kind", "signed_by")
    assert list(kept) == [(kind, "quan") for kind in ("day_off", "workday", "taken_back")]


def test_what_was_known_on_a_day_is_not_changed_by_what_came_later(administrator):
    decide(administrator, day_off())
    decide(administrator, day_off(kind=DayKind.WORKDAY, announced_on=date(2026, 11, 20), decision="100/QĐ"))
    known = [calendar_known_on(date(2026, 11, n)).is_working_day(FRIDAY) for n in (1, 2, 19, 20)]
    assert known == [True, False, False, True]


def test_signing_is_in_the_audit_log_with_the_decision(administrator):
    decide(administrator, day_off())
    entry = AuditEntry.objects.get(action="calendar.decide")
    assert (entry.actor, entry.subject) == ("quan", f"calendar:{FRIDAY}")
    assert entry.details["decision"] == "99/QĐ"


def test_nobody_but_the_administrator_signs():
    with pytest.raises(Forbidden):
        decide(actor_of(cast.lan()), day_off())
    assert not SignedDay.objects.exists()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"decision": " "}, "incomplete"),
        ({"title": ""}, "incomplete"),
        ({"announced_on": date(2999, 1, 1)}, "not_announced"),
        ({"shifts": read_shifts("07:30-11:30")}, "hours_of_a_day_off"),
    ],
)
def test_a_row_that_says_too_little_or_too_much_is_refused(administrator, changed, key):
    with pytest.raises(Misused, match=key):
        decide(administrator, day_off(**changed))


def test_the_same_row_is_not_signed_twice_and_nothing_is_not_taken_back(administrator):
    decide(administrator, day_off())
    with pytest.raises(Refused, match="already_stands"):
        decide(administrator, day_off())
    with pytest.raises(Refused, match="nothing_stands"):
        take_back(administrator, date(2026, 12, 17), "nhầm")
