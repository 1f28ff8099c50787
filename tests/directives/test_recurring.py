"""Orders that come round, and the leader's word on what is done."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.directives import orders
from tests.directives.orders import MONDAY

from vamco.accounts.models import AuditEntry
from vamco.directives.judging import judge
from vamco.directives.models import Directive, LeaderVerdict, Recurrence
from vamco.directives.reading import standings
from vamco.directives.recurring import day_of, end_recurrence, issue_due
from vamco.directives.transitions import Status, Verb
from vamco.vocabulary.errors import Forbidden, Misused, Refused

pytestmark = pytest.mark.django_db


def first(recurrence=Recurrence.WEEKLY, **facts):
    return orders.ordered(recurrence=recurrence, **facts).directive


def test_each_occurrence_is_issued_once_when_its_day_has_come():
    one = first()
    assert issue_due(MONDAY + timedelta(days=6)) == []
    (made,) = issue_due(MONDAY + timedelta(days=7))
    assert (made.series, made.occurs_on, made.recurrence) == (one, date(2026, 11, 23), Recurrence.ONCE)
    (told,) = standings(made.assignments.all(), MONDAY + timedelta(days=7))
    assert (told.status, told.assignment.agency.code) == (Status.NEW, cast.HEALTH)
    assert told.due_at == timezone.make_aware(datetime(2026, 12, 1, 17))
    assert issue_due(MONDAY + timedelta(days=8)) == []
    assert AuditEntry.objects.filter(action="directive.recur").count() == 1


def test_days_that_were_missed_are_made_good():
    first()
    assert [one.occurs_on.day for one in issue_due(MONDAY + timedelta(days=15))] == [23, 30]


def test_a_series_ends_on_its_last_day_or_when_somebody_ends_it():
    first(recurs_until_on=date(2026, 11, 24))
    assert len(issue_due(MONDAY + timedelta(days=30))) == 1
    endless = first(document_no="2")
    end_recurrence(orders.minh(), endless)
    assert issue_due(MONDAY + timedelta(days=30)) == []
    with pytest.raises(Refused):
        end_recurrence(orders.minh(), endless)
    with pytest.raises(Forbidden):
        end_recurrence(orders.duc(), endless)


def test_whoever_took_over_is_told_again():
    one = first()
    assignment = one.assignments.get()
    orders.walk(assignment, Verb.RETURN)
    from vamco.directives.acting import act, assignment_of

    returned = assignment_of(assignment.pk)
    act(
        orders.minh(),
        returned.pk,
        Verb.REASSIGN,
        returned.version,
        orders.given(),
        MONDAY + timedelta(days=1),
    )
    (made,) = issue_due(MONDAY + timedelta(days=7))
    assert [told.agency.code for told in made.assignments.all()] == [cast.TRANSPORT]


@pytest.mark.parametrize(("recurrence", "began", "days"), [
    (Recurrence.MONTHLY, date(2026, 1, 31), ["2026-02-28", "2026-03-31", "2026-04-30"]),
    (Recurrence.QUARTERLY, date(2026, 11, 30), ["2027-02-28", "2027-05-30", "2027-08-30"]),
    (Recurrence.WEEKLY, date(2026, 12, 28), ["2027-01-04", "2027-01-11", "2027-01-18"]),
])  # fmt: skip
def test_months_are_counted_from_the_first_day(recurrence, began, days):
    directive = Directive(recurrence=recurrence, occurs_on=began)
    assert [day_of(directive, n).isoformat() for n in (1, 2, 3)] == days


def test_the_leader_judges_what_is_done():
    done = orders.in_state(Status.COMPLETED).directive
    judged = judge(orders.lan(), done, LeaderVerdict.EFFECTIVE, 1, "Ổ dịch đã hết")
    assert (judged.verdict, judged.verdict_by, judged.version) == ("effective", "lan", 2)
    with pytest.raises(Refused) as told:
        judge(orders.lan(), done, LeaderVerdict.NOT_EFFECTIVE, 1)
    assert told.value.say("vi")["what"].startswith("Nguyễn Thị Lan đã đánh giá “có hiệu quả” lúc")


def test_open_work_is_not_judged_and_nobody_else_judges():
    open_one = orders.ordered().directive
    with pytest.raises(Refused):
        judge(orders.lan(), open_one, LeaderVerdict.EFFECTIVE, 1)
    with pytest.raises(Forbidden):
        judge(orders.minh(), open_one, LeaderVerdict.EFFECTIVE, 1)
    with pytest.raises(Misused):
        judge(orders.lan(), open_one, LeaderVerdict.NONE, 1)
