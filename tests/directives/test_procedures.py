"""An alert of a kind proposes a directive with its usual assignments, for the place that it is about."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.directives import orders

from vamco.accounts.people import load_agencies
from vamco.directives.drafts import term
from vamco.directives.issuing import issue
from vamco.directives.procedures import proposal_for
from vamco.directives.reading import standings
from vamco.indicators.declared import packs
from vamco.worktime.policy import Unit

pytestmark = pytest.mark.django_db

RULE = "health.dengue_above_threshold"
ON = date(2026, 11, 20)


def test_the_communes_committee_is_told_when_the_alert_is_about_a_commune():
    proposal = proposal_for(RULE, {"unit": orders.COMMUNE}, on=ON)
    assert proposal.title == "Xử lý ổ dịch sốt xuất huyết tại Phường Long An"
    assert [one.agency for one in proposal.assignments] == [
        cast.HEALTH, "trung-tam-kiem-soat-benh-tat", "ubnd-phuong-long-an",
    ]  # fmt: skip
    lead = proposal.assignments[0]
    assert (lead.is_lead, lead.deadline.amount, lead.deadline.unit) == (True, 5, Unit.WORKING_DAYS)
    assert "Phường Long An" in lead.text


def test_of_the_whole_province_no_commune_is_told():
    proposal = proposal_for(RULE, {}, "en", on=ON)
    assert len(proposal.assignments) == 2
    assert "Tây Ninh" in proposal.title


def test_a_rule_without_a_procedure_proposes_nothing():
    assert proposal_for("health.no_such_rule", {}) is None


def test_every_shipped_proposal_can_be_issued_as_it_stands(settings):
    load_agencies(settings.PROVINCES_DIR / settings.PROVINCE / "agencies.yaml")
    for procedure in packs().procedures:
        proposal = proposal_for(procedure.rules[0], {"unit": f"{orders.COMMUNE}@2025-07-01"})
        facts = {"title": proposal.title, "text": proposal.text, "assignments": proposal.assignments}
        made = issue(orders.lan(), orders.draft(**facts, procedure=procedure.id))
        assert made.assignments.count() == len(procedure.assignments)


@pytest.mark.parametrize(
    ("unit", "due"),
    [
        (Unit.CALENDAR_HOURS, "22:00 16/11"),
        (Unit.WORKING_HOURS, "11:30 17/11"),
        (Unit.WORKING_DAYS, "17:00 20/11"),
    ],
)
def test_hours_run_from_the_order_itself_and_days_from_the_day_after(unit, due):
    """Civil Code 2015, art. 147: a night's order of four hours is not due the next morning."""
    evening = orders.MONDAY + timedelta(hours=10)
    assignment = orders.ordered(
        evening, assignments=(orders.to(cast.HEALTH, deadline=term(unit, 4), is_lead=True),)
    )
    (standing,) = standings([assignment], evening)
    assert f"{timezone.localtime(standing.due_at):%H:%M %d/%m}" == due
