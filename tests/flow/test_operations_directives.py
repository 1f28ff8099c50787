"""What the centre tells of its directives: as they stood that day, through the one door, whatever came later."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.directives import orders
from tests.directives.orders import MONDAY
from tests.indicators.ledger import TAY_NINH

from vamco.accounts.policy import PROGRAM
from vamco.directives import effect
from vamco.directives.evidence import freeze_alert
from vamco.directives.models import Assignment
from vamco.directives.transitions import Verb
from vamco.flow.operations import directives
from vamco.flow.operations.directives import assignments_on, directives_on
from vamco.flow.operations.table import as_csv
from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel, State
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)


def row(table):
    (found,) = table.rows
    return found


def test_an_open_assignment_is_told_every_day_and_a_closed_one_on_its_last():
    orders.walk(orders.ordered(), Verb.ACCEPT, Verb.SUBMIT, Verb.CONFIRM, every=timedelta(days=1))
    days = [date(2026, 11, day) for day in (15, 16, 17, 18, 19, 20)]
    found = [table.rows[0]["status"] if (table := assignments_on(day)) else None for day in days]
    assert found == [None, "new", "accepted", "submitted", "completed", None]


def test_a_day_is_told_as_it_stood_then():
    assignment = orders.walk(orders.ordered(), Verb.ACCEPT, every=timedelta(days=1))
    then = row(assignments_on(date(2026, 11, 16)))
    assert (then["status"], then["accepted_at"], then["working_hours_to_accept"]) == (
        "new",
        "chưa nhận",
        None,
    )
    later = row(assignments_on(date(2026, 11, 17)))
    assert (later["accepted_at"], later["working_hours_to_accept"]) == (TUESDAY, 7.5)
    overdue = row(assignments_on(date(2026, 11, 27)))
    assert (overdue["timing"], overdue["due_at"]) == (
        "overdue",
        timezone.make_aware(datetime(2026, 11, 23, 17)),
    )
    assert Assignment.objects.get(pk=assignment.pk).status == "accepted"


def test_the_effect_is_told_while_it_can_still_be_news(monkeypatch):
    judged = effect.Effect(effect.Judgement.MOVED, "directives.effect_back_to_normal", {})
    monkeypatch.setattr(directives, "effect_of", lambda *_, **__: judged)
    alert = freeze_alert(
        {"indicator": "health.dengue_cases_monthly", "unit_id": TAY_NINH, "period": "2026-10"}
    )
    orders.walk(orders.ordered(prompted_by=(alert,)), Verb.ACCEPT, Verb.SUBMIT, Verb.CONFIRM)
    found = row(directives_on(date(2026, 12, 31)))
    assert (found["effect"], found["completed_on"], found["service"]) == (
        "moved",
        date(2026, 11, 16),
        "health",
    )
    assert directives_on(date(2027, 2, 1)) is None


@pytest.mark.parametrize(("name", "table"), [("assignments", assignments_on), ("directives", directives_on)])
def test_what_is_told_is_accepted_at_the_one_door(name, table):
    orders.walk(orders.ordered(), Verb.ACCEPT, Verb.SUBMIT, Verb.CONFIRM)
    orders.walk(orders.ordered(document_no="2", is_simulated=True), Verb.ACCEPT)
    orders.walk(orders.ordered(document_no="3"), Verb.RETURN)
    told = table(MONDAY.date())
    assert told.is_simulated
    contract = contract_of(f"operations.{name}")
    body = io.BytesIO(as_csv(contract, told.rows))
    sent = receive(PROGRAM, contract.id, f"{MONDAY:%Y-%m-%d}", body, "a.csv", Channel.PULL, is_simulated=True)
    assert check_one(sent.delivery, "t").state == State.ACCEPTED
