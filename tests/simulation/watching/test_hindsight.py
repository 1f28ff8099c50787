"""What a replay may know at a moment: nothing of which the deliveries had not come."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.alerts import panels
from tests.alerts.conftest import a_rule

from vamco.alerts import watching_figures
from vamco.alerts.lifecycle import Verdict
from vamco.intake.contracts import contract_of
from vamco.intake.models import Channel, Delivery, State
from vamco.packs.alert_rule import Condition, Kind
from vamco.simulation.watching.hindsight import Hindsight

pytestmark = pytest.mark.django_db
SOURCE = "health.notified_cases"  # what health.dengue_cases is made from
START = timezone.make_aware(datetime(2026, 11, 2, 6))
END = timezone.make_aware(datetime(2026, 11, 22, 12))
RULE = replace(a_rule(), when=Condition(Kind.THRESHOLD, comparator=">", bound=10.0))


@pytest.fixture
def late_bad_week(monkeypatch):
    """Weeks are calm but for the first of November, of which nothing came before the 12th, four days late."""

    def panel(_rule, periods, first=0):
        values = [[99.0 if period.end_on == date(2026, 11, 8) else 1.0 for period in periods]]
        return panels.panel(values, periods=tuple(periods), first=first)

    monkeypatch.setattr(watching_figures, "panel", panel)
    monday = date(2026, 9, 7)
    while monday < date(2026, 11, 15):
        days = 4 if monday == date(2026, 11, 2) else 2
        Delivery.objects.create(
            contract_id=SOURCE,
            contract_version="1",
            period=f"{monday}",
            period_start_on=monday,
            period_end_on=monday + timedelta(days=6),
            agency=contract_of(SOURCE).agency,
            sha256=f"{monday}".ljust(64, "0"),
            channel=Channel.COMMAND_LINE,
            is_simulated=True,
            received_at=timezone.make_aware(datetime.combine(monday, datetime.min.time()))
            + timedelta(days=6 + days, hours=9, minutes=3),
            state=State.ACCEPTED,
        )
        monday += timedelta(days=7)


def test_a_bad_week_is_bad_from_when_its_delivery_came_and_until_the_next(late_bad_week):
    past = Hindsight([RULE], START, END)
    said = {
        (day, hour): past.look(RULE, timezone.make_aware(datetime(2026, 11, day, hour)))[0]
        for day, hour in ((11, 18), (12, 9), (12, 10), (16, 18), (17, 10))
    }
    bad = [moment for moment, finding in said.items() if finding.verdict is Verdict.BAD]
    assert bad == [(12, 10), (16, 18)]


def test_rules_are_looked_at_when_something_came_and_each_morning_and_none_before_it_is_taken_up(
    late_bad_week,
):
    moments = dict(Hindsight([RULE, replace(RULE, id="trial.other")], START, END).moments())
    local = {timezone.localtime(at): [rule.id for rule in rules] for at, rules in moments.items()}
    first, second, *_ = local.values()
    assert (first, second) == (["trial.many"], ["trial.other"])
    came = [at for at in local if at.hour == 9]
    assert [(at.day, at.minute) for at in came] == [(3, 10), (12, 10), (17, 10)]
    assert sum(at.hour == 7 for at in local) == 20
    assert list(moments) == sorted(moments)
