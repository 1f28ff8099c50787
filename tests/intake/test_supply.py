"""The supply ledger: what is owed, by when, and what has not come. Silence is not zero."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.intake.conftest import column, contract
from tests.intake.test_deliveries import CASES, HEADER

from vamco.intake.models import Delivery, Reminder, State
from vamco.intake.reminders import write_reminders
from vamco.intake.supply import SupplyState, late, supplies
from vamco.packs.contract import Schedule

pytestmark = pytest.mark.django_db

MONTHLY = contract(*CASES.columns, schedule=Schedule("month", 5, date(2026, 6, 1), silent_after_days=20))
"""June ends on a Tuesday: five working days later is Tuesday 7 July."""


def came(delivery: Delivery, on: date) -> None:
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    Delivery.objects.filter(pk=delivery.pk).update(received_at=noon)


def june(today: date) -> SupplyState:
    return supplies(today)[0].state


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 6, 30), SupplyState.NOT_YET_DUE),
        (date(2026, 7, 7), SupplyState.DUE),
        (date(2026, 7, 8), SupplyState.OVERDUE),
        (date(2026, 7, 27), SupplyState.OVERDUE),
        (date(2026, 7, 28), SupplyState.SILENT),
    ],
)
def test_a_period_that_did_not_come_is_due_then_overdue_then_silent(contracts_in_use, today, state):
    contracts_in_use(MONTHLY)
    assert june(today) == state


def test_zero_rows_on_time_are_not_silence(deliver):
    came(deliver(MONTHLY, HEADER), date(2026, 7, 3))
    assert june(date(2026, 9, 1)) == SupplyState.ON_TIME


def test_what_comes_after_its_day_is_late_and_says_by_how_much(deliver):
    came(deliver(MONTHLY, HEADER), date(2026, 7, 10))
    entry = supplies(date(2026, 9, 1))[0]
    assert (entry.state, entry.n_days_late, entry.due_on) == (SupplyState.LATE, 3, date(2026, 7, 7))


def test_a_rejected_delivery_leaves_the_period_owed(deliver):
    delivery = deliver(MONTHLY, HEADER + "A1,31/02/2026,1\n")
    assert delivery.state == State.REJECTED
    came(delivery, date(2026, 7, 2))
    assert june(date(2026, 7, 2)) == SupplyState.REJECTED
    assert [entry.agency for entry in late(date(2026, 7, 20))] == ["so-y-te"]


def test_a_partly_accepted_delivery_is_partial(deliver):
    came(deliver(MONTHLY, HEADER + "A1,31/02/2026,1\nA2,01/06/2026,1\n"), date(2026, 7, 2))
    assert june(date(2026, 7, 2)) == SupplyState.PARTIAL


def test_a_restatement_does_not_make_a_punctual_agency_late(deliver):
    came(deliver(MONTHLY, HEADER), date(2026, 7, 2))
    came(deliver(MONTHLY, HEADER + "A2,01/06/2026,1\n"), date(2026, 8, 20))
    assert june(date(2026, 9, 1)) == SupplyState.ON_TIME


def test_the_ledger_of_a_day_does_not_know_what_came_later(deliver):
    came(deliver(MONTHLY, HEADER), date(2026, 7, 10))
    assert june(date(2026, 7, 9)) == SupplyState.OVERDUE


def test_periods_begin_with_the_schedule_and_end_with_it(contracts_in_use):
    contracts_in_use(
        contract(*CASES.columns, schedule=Schedule("month", 5, date(2026, 6, 15), date(2026, 8, 31)))
    )
    assert [str(entry.period) for entry in supplies(date(2027, 1, 1))] == ["2026-07", "2026-08"]


def test_a_contract_without_a_schedule_owes_nothing(contracts_in_use):
    contracts_in_use(contract(column("a")))
    assert supplies(date(2026, 7, 1)) == []


def test_a_reminder_is_written_once_for_each_period_and_step(contracts_in_use):
    contracts_in_use(MONTHLY)
    assert [r.step for r in write_reminders(date(2026, 7, 6))] == ["soon_due"]
    assert write_reminders(date(2026, 7, 7)) == []
    assert [r.step for r in write_reminders(date(2026, 7, 9))] == ["overdue"]
    assert [r.step for r in write_reminders(date(2026, 7, 30))] == ["silent"]
    assert Reminder.objects.filter(period="2026-06").count() == 3
