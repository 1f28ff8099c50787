"""An accepted delivery is taken out of its dataset: from now on, for a reason, by those who may."""

import io
import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone
from sqlglot import parse_one
from tests import cast
from tests.intake.test_deliveries import CASES, HEADER, rows
from tests.intake.test_supply import MONTHLY, came, june

from vamco.accounts.models import AuditEntry
from vamco.accounts.policy import PROGRAM, actor_of
from vamco.flow.commands import deliveries
from vamco.intake.models import Delivery, State
from vamco.intake.replay import replay
from vamco.intake.supply import SupplyState
from vamco.intake.withdrawing import withdraw
from vamco.vocabulary.errors import Forbidden, Misused, Refused
from vamco.warehouse.engine import engine
from vamco.warehouse.models import LedgerEntry

pytestmark = pytest.mark.django_db

ONE, TWO = HEADER + "A1,01/06/2026,3\n", HEADER + "A1,01/06/2026,3\nA2,02/06/2026,4\n"
COUNT = "SELECT count(*) FROM trial.cases"


def test_withdrawn_rows_are_gone_and_history_stays_readable(deliver):
    delivery = deliver(CASES, TWO)
    before = timezone.now()
    assert rows(COUNT) == [(2,)]
    withdraw(actor_of(cast.hoa()), delivery, "  gửi nhầm\ntỉnh ")
    assert rows(COUNT) == [(0,)]
    then = engine().table(parse_one(COUNT, dialect="duckdb"), as_known_at=before).to_pylist()
    assert [*then[0].values()] == [2]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.is_live, delivery.withdrawn_why) == (
        State.WITHDRAWN,
        False,
        "gửi nhầm tỉnh",
    )
    assert LedgerEntry.objects.get().superseded_why == "withdrawn"
    entry = AuditEntry.objects.get(action="delivery.withdraw")
    assert (entry.actor, entry.subject) == ("hoa", f"delivery:{delivery.pk}")
    assert entry.details == {"why": "gửi nhầm tỉnh", "n_rows": 2}


def test_only_the_owing_agencys_steward_or_an_administrator_withdraws(deliver):
    delivery = deliver(CASES, ONE)
    for person in (cast.binh, cast.minh, cast.duc, cast.yen, cast.lan):
        with pytest.raises(Forbidden):
            withdraw(actor_of(person()), delivery, "vì sao")
    assert delivery.is_live
    assert not withdraw(actor_of(cast.quan()), delivery, "vì sao").is_live


@pytest.mark.parametrize("why", ["", "  \n", "x" * 501])
def test_a_withdrawal_says_why(deliver, why):
    delivery = deliver(CASES, ONE)
    with pytest.raises(Misused, match="withdrawn_why"):
        withdraw(PROGRAM, delivery, why)
    assert delivery.is_live


def test_what_is_not_in_use_cannot_be_withdrawn(deliver):
    first = deliver(CASES, ONE)
    second = deliver(CASES, TWO)
    rejected = deliver(CASES, HEADER + "A1,no day,1\n", period="2026-07")
    withdraw(PROGRAM, second, "nhầm")
    for delivery in (first, second, rejected):
        with pytest.raises(Refused, match="nothing_in_use"):
            withdraw(PROGRAM, delivery, "nhầm")
    Delivery.objects.filter(pk=first.pk).update(state=State.CHECKING)
    with pytest.raises(Refused, match="still_checking"):
        withdraw(PROGRAM, first, "nhầm")


def test_the_bytes_of_what_was_withdrawn_are_not_silently_taken_for_known(deliver):
    deliver(CASES, ONE)
    second = deliver(CASES, TWO)
    withdraw(PROGRAM, second, "nhầm")
    for content in (ONE, TWO):
        with pytest.raises(Refused, match="was_withdrawn"):
            deliver(CASES, content)
    with pytest.raises(Refused, match="was_withdrawn"):
        replay(PROGRAM, Delivery.objects.get(pk=second.pk), io.BytesIO(b"x"), "x.csv")
    assert deliver(CASES, TWO + "\n").state == State.ACCEPTED
    assert rows(COUNT) == [(2,)]


def test_a_period_whose_delivery_was_withdrawn_counts_as_not_received(deliver):
    first = deliver(MONTHLY, ONE)
    second = deliver(MONTHLY, TWO)
    for delivery in (first, second):
        came(delivery, date(2026, 7, 3))
    withdraw(PROGRAM, second, "nhầm")
    today = timezone.localdate()
    assert june(today) == SupplyState.SILENT
    assert june(today - timedelta(days=1)) == SupplyState.ON_TIME  # as that day knew it
    deliver(MONTHLY, TWO + "\n")
    assert june(today) == SupplyState.LATE


def test_the_command_withdraws_and_says_so(deliver):
    delivery = deliver(CASES, ONE)
    asked = ["withdraw", str(delivery.pk), "--why", "trùng với báo cáo tuần"]
    said = CliRunner().invoke(deliveries.command, asked, catch_exceptions=False)
    assert "đã rút" in said.output
    assert "Đã rút khỏi bộ dữ liệu: trùng với báo cáo tuần" in said.output
    shown = CliRunner().invoke(deliveries.command, ["show", str(delivery.pk), "--json"])
    assert json.loads(shown.output)["withdrawn_why"] == "trùng với báo cáo tuần"
    assert rows(COUNT) == [(0,)]
