"""The centre's own data: what it says of a day, and that it goes through the one door."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from tests import cast

from vamco.accounts.models import Attendance, AuditEntry, PageUse
from vamco.accounts.uses import add_opens, attend
from vamco.flow.operations import deliveries, exporting
from vamco.flow.operations.deliveries import deliveries_on
from vamco.flow.operations.exporting import deliver_day
from vamco.flow.operations.table import Table, as_csv
from vamco.flow.operations.uses import page_uses_on, sign_ins_on
from vamco.intake import supply
from vamco.intake.contracts import contract_of, packs
from vamco.intake.models import Channel, Delivery, Part, Receipt, State
from vamco.intake.worker import check_one
from vamco.packs.pack import Packs
from vamco.vocabulary.errors import Refused
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db

WEEKLY = "health.notified_cases"
WEEK = "2026-W46"  # 9–15 November, due on Wednesday the 18th at the latest
DAY = date(2026, 11, 17)


@pytest.fixture(autouse=True)
def one_contract(monkeypatch):
    """Only the weekly cases are owed: the supply of all services takes seconds."""
    health = packs().pack("health")
    owed = Packs((replace(health, contracts=(contract_of(WEEKLY),)),))
    for module in (deliveries, supply):
        monkeypatch.setattr(module, "packs", lambda: owed)


def moment(day, hour=9):
    return timezone.make_aware(datetime(2026, 11, day, hour))


def delivery(day, *, outcome=None, decided=None, sha="a", simulated=False):
    """A delivery of the week that came on that day of November, and its receipt if it was decided."""
    period = Period.parse(WEEK)
    made = Delivery.objects.create(
        contract_id=WEEKLY,
        contract_version="1",
        period=WEEK,
        period_start_on=period.start_on,
        period_end_on=period.end_on,
        agency=contract_of(WEEKLY).agency,
        sha256=sha * 64,
        channel=Channel.UPLOAD,
        is_simulated=simulated,
        received_at=moment(day),
        state=outcome or State.RECEIVED,
    )
    part = Part.objects.create(
        delivery=made,
        number=1,
        sha256=sha * 64,
        n_bytes=1,
        filename="a.csv",
        sender="hoa",
        received_at=moment(day),
    )
    if outcome:
        Receipt.objects.create(
            part=part,
            outcome=outcome,
            contract_version="1",
            checked_at=moment(decided or day, 10),
            check_seconds=1,
            n_received=10,
            n_accepted=8,
            n_rejected=2,
            score=97.26,
        )
    return made


def rows_of(day):
    """Rows of the week on that day of November."""
    found = deliveries_on(date(2026, 11, day)).rows
    return [r for r in found if r["contract"] == WEEKLY and r["period_start_on"] == date(2026, 11, 9)]


def test_a_missing_delivery_is_written_every_day_until_it_arrives():
    due = next(r for r in rows_of(30))["due_on"]
    delivery(25, outcome=State.ACCEPTED)
    days = [due.day - 1, due.day, due.day + 1, 24, 25, 26]
    outcomes = [[r["outcome"] for r in rows_of(day)] for day in days]
    assert outcomes == [[], ["expected"], ["expected"], ["expected"], ["accepted"], []]
    assert rows_of(24)[0]["received_at"] == "chưa nhận"


def test_a_day_is_told_as_it_was_known_then_not_as_it_is_known_now():
    delivery(17, outcome=State.PARTLY_ACCEPTED, decided=18)
    (then,), (later,) = rows_of(17), rows_of(18)
    assert (then["outcome"], then.get("rows_delivered"), then["accepted_at"]) == (
        "received",
        None,
        "chưa chấp nhận",
    )
    assert (later["outcome"], later["rows_delivered"], later["rows_rejected"]) == ("partly_accepted", 10, 2)
    assert later["quality_score"] == 97.3


def test_a_refused_delivery_is_owed_again_and_only_an_accepted_one_is_restated():
    delivery(16, outcome=State.REJECTED)
    assert [r["outcome"] for r in rows_of(16)] == ["refused"]
    assert [r["outcome"] for r in rows_of(25)] == ["expected"]
    delivery(26, outcome=State.ACCEPTED, sha="b")
    delivery(27, outcome=State.ACCEPTED, sha="c")
    assert [r["sequence_no"] for day in (26, 27) for r in rows_of(day)] == [1, 2]


def test_what_rests_on_made_up_deliveries_is_marked_and_what_does_not_is_not():
    assert not deliveries_on(DAY).is_simulated
    delivery(17, outcome=State.ACCEPTED, simulated=True)
    assert deliveries_on(DAY).is_simulated


def test_sign_ins_count_people_by_role_without_names():
    today = timezone.localdate()
    assert sign_ins_on(today) is None  # nothing was traced yet: unknown, not zero
    lan, minh = cast.lan(), cast.minh()
    for name in ("lan", "lan", "minh"):
        AuditEntry.objects.create(
            at=timezone.now(),
            actor=name,
            action="sign-in.success",
            subject="",
            sha256=f"{AuditEntry.objects.count():064}",
        )
    assert attend(lan.pk, "leader", today)
    assert not attend(lan.pk, "leader", today)
    table = sign_ins_on(today)
    said = {row["role"]: (row["people"], row["people_at_screens"], row["sign_ins"]) for row in table.rows}
    assert said["leader"] == (1, 1, 2)
    assert said["operator"] == (1, 0, 1)
    assert said["auditor"] == (0, 0, 0)
    assert minh.username not in str(table.rows)
    assert sign_ins_on(today - timedelta(days=1)) is None
    assert Attendance.objects.count() == 1


def test_page_uses_have_zeros_since_counting_began_and_nothing_before():
    assert page_uses_on(DAY) is None
    add_opens({(DAY, "briefing", "leader"): 2})
    add_opens({(DAY, "briefing", "leader"): 3})
    rows = page_uses_on(DAY).rows
    assert PageUse.objects.get().opens == 5
    assert len(rows) == 11 * 7
    assert sum(row["opens"] for row in rows) == 5
    assert page_uses_on(DAY - timedelta(days=1)) is None


def test_a_day_that_is_not_over_is_refused():
    with pytest.raises(Refused, match="day_not_over"):
        deliver_day(timezone.localdate())


def test_a_day_is_delivered_once_through_the_one_door_and_every_row_is_accepted(monkeypatch):
    add_opens({(DAY, "passport", "leader"): 2})
    delivery(17, outcome=State.ACCEPTED)
    short = Table(rows_of(17))
    monkeypatch.setitem(exporting._TABLES, "operations.deliveries", lambda _on: short)
    made = deliver_day(DAY)
    assert deliver_day(DAY) == []
    assert {d.contract_id for d in made} == {"operations.deliveries", "operations.page_uses"}
    checked = [check_one(d, "test") for d in made]
    assert {d.state for d in checked} == {State.ACCEPTED}
    assert [d.receipt.n_rejected for d in checked] == [0, 0]
    assert not any(d.is_simulated for d in checked)


def test_the_clock_delivers_each_day_since_the_first_trace_once():
    today = timezone.localdate()
    assert exporting.deliver_due() == []
    AuditEntry.objects.create(
        at=timezone.now() - timedelta(days=1), action="x", actor="x", subject="", sha256="x"
    )
    add_opens({(today - timedelta(days=1), "desk", "leader"): 1})
    noon = timezone.make_aware(datetime.combine(today, datetime.min.time())) + timedelta(hours=12)
    assert len(exporting.deliver_due(noon)) == 3
    assert exporting.deliver_due(noon) == []


def test_what_became_known_of_a_day_later_restates_it(monkeypatch):
    monkeypatch.setattr(exporting, "_TABLES", {"operations.page_uses": page_uses_on})
    add_opens({(DAY, "desk", "leader"): 1})
    (first,) = deliver_day(DAY)
    check_one(first, "test")
    add_opens({(DAY, "desk", "leader"): 1})
    (again,) = deliver_day(DAY)
    assert check_one(again, "test").supersedes == first


def test_a_made_up_day_came_when_it_would_have_come(monkeypatch):
    table = Table(list(page_uses_of(DAY)), is_simulated=True)
    monkeypatch.setattr(exporting, "_TABLES", {"operations.page_uses": lambda _on: table})
    (made,) = deliver_day(DAY)
    assert made.is_simulated
    assert timezone.localdate(made.received_at) == date(2026, 11, 18)


def page_uses_of(day):
    yield {"used_on": day, "page": "desk", "role": "leader", "opens": 1}


def test_the_file_is_written_as_people_write():
    row = {"used_on": DAY, "page": "desk", "role": "leader", "opens": 0}
    header, line = csv.reader(
        io.StringIO(as_csv(contract_of("operations.page_uses"), [row]).decode("utf-8-sig"))
    )
    assert header == ["Ngày mở", "Trang", "Vai trò", "Số lượt mở"]
    assert line == ["17/11/2026", "desk", "leader", "0"]
