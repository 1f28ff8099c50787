"""Killed at any moment: nothing acknowledged is lost, nothing is doubled, and the warehouse is clean."""

import random
import time
from pathlib import Path

import pytest
from django.db.models import Count
from django.utils import timezone
from sqlglot import parse_one
from tests.intake.crew import FEW_ROWS, IntakeCrew, n_rows_of
from tests.intake.test_deliveries import CASES, HEADER

from vamco.intake.acceptance import write_down
from vamco.intake.deciding import decide
from vamco.intake.models import OPEN_STATES, Delivery, Receipt, State
from vamco.intake.own_folder import own_folder
from vamco.intake.worker import LEASE, check_next, check_one
from vamco.vocabulary.errors import Refused
from vamco.warehouse.engine import engine
from vamco.warehouse.models import LedgerEntry
from vamco.warehouse.verification import verify

EACH = 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("n_kills", "n_rows", "pause", "lease"),
    [
        pytest.param(3, FEW_ROWS, 0.3, 0.8, id="few"),
        pytest.param(40, FEW_ROWS, 0.6, 2, id="many", marks=pytest.mark.slow),
        pytest.param(8, 200_000, 2.0, 4, id="large", marks=pytest.mark.slow),
    ],
)
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(
    contracts_in_use, tmp_path, settings, n_kills, n_rows, pause, lease
):
    contracts_in_use(CASES)
    crew, chance = IntakeCrew(tmp_path, lease), random.Random(8722)
    first = {"east": 0, "west": EACH}
    checking = Path(settings.HOME) / "checking"
    n_inside = 0

    def acknowledged(name):
        return [int(line) for line in crew.log(name) if line.isdigit()]

    def go_on(name, last):
        begin = max(acknowledged(name), default=first[name])  # the last one again: it may not have been heard
        crew.start("work", name, first=begin, last=last, n_rows=n_rows)

    try:
        for name in first:
            go_on(name, first[name] + EACH - 1)
        for _ in range(n_kills):
            time.sleep(chance.uniform(0.02, pause))
            name = chance.choice(list(first))
            before = set(checking.glob("delivery-*"))
            crew.kill(name)
            n_inside += bool(before & set(checking.glob("delivery-*")))
            go_on(name, first[name] + EACH - 1)
        for name in first:
            crew.kill(name)
            go_on(name, max(acknowledged(name), default=first[name]))
        crew.wait(*first, seconds=300)
        time.sleep(lease + 0.3)
        crew.start("work", "last", first=first["west"], last=first["west"], n_rows=n_rows)
        crew.wait("last", seconds=300)
    finally:
        crew.close()
    assert "failed" not in (
        said := "\n".join(line for name in (*first, "last") for line in crew.log(name))
    ), said
    everything = set(acknowledged("east") + acknowledged("west"))
    _assert_whole(everything, n_rows)
    assert n_rows == FEW_ROWS or n_inside > n_kills / 3
    assert not [path for path in checking.iterdir() if path.is_dir()]
    assert not [path for path in (Path(settings.HOME) / "raw" / "unfinished").iterdir() if path.is_dir()]


def _assert_whole(numbers, most):
    deliveries = {int(d.idempotency_key[1:]): d for d in Delivery.objects.all()}
    assert numbers <= set(deliveries)
    assert not Delivery.objects.filter(state__in=OPEN_STATES).exists()
    assert {d.state for d in deliveries.values()} == {State.PARTLY_ACCEPTED}
    receipts = Receipt.objects.values("part").annotate(n=Count("pk"))
    assert {row["n"] for row in receipts} == {1}
    entries = LedgerEntry.objects.values("delivery_id", "part").annotate(n=Count("pk"))
    assert {row["n"] for row in entries} == {1}
    assert len({row["delivery_id"] for row in entries}) == len(deliveries)
    counted = "SELECT delivery_id, count(*) AS n FROM trial.cases GROUP BY delivery_id"
    held = {r["delivery_id"]: r["n"] for r in engine().table(parse_one(counted)).to_pylist()}
    assert held == {d.pk: n_rows_of(number, most) - 1 for number, d in deliveries.items() if d.is_live}
    report = verify()
    assert report.is_clean, report.faults


def test_folders_of_the_dead_are_cleared_and_those_of_the_living_kept(tmp_path):
    with own_folder(tmp_path, "mine") as mine:
        (tmp_path / "dead").mkdir()
        (tmp_path / "dead" / "spill").write_bytes(b"x")
        with own_folder(tmp_path, "other") as other:
            assert {path for path in tmp_path.iterdir() if path.is_dir()} == {mine, other}
        assert mine.is_dir()
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


@pytest.mark.django_db
def test_a_worker_that_lost_its_claim_decides_nothing(deliver, contracts_in_use):
    contracts_in_use(CASES)
    done = deliver(CASES, HEADER + "A1,01/06/2026,3\n")
    part = done.first_part
    decision = decide(part)
    Delivery.objects.filter(pk=done.pk).update(state=State.CHECKING, claimed_by="another")
    with pytest.raises(Refused, match="claim_lost"):
        write_down(part, decision, "me")
    assert Receipt.objects.count() == 1


@pytest.mark.django_db
def test_a_claim_holds_until_its_lease_ends(deliver):
    done = deliver(CASES, HEADER)
    now = timezone.now()
    Delivery.objects.filter(pk=done.pk).update(state=State.CHECKING, lease_until=now + LEASE)
    assert check_next("other") is None
    Delivery.objects.filter(pk=done.pk).update(lease_until=now - LEASE)
    Receipt.objects.all().delete()
    LedgerEntry.objects.all().delete()
    assert check_next("other").state == State.ACCEPTED


@pytest.mark.django_db
def test_what_the_program_cannot_check_is_said_after_a_few_attempts(deliver, monkeypatch):
    from vamco.intake import worker

    def broken(_part):
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "decide", broken)
    delivery = deliver(CASES, HEADER)
    assert delivery.state == State.RECEIVED
    for _ in range(worker.MOST_ATTEMPTS - 1):
        check_one(delivery, "test")
    delivery.refresh_from_db()
    assert delivery.state == State.UNREADABLE
    assert delivery.receipt.report["errors"][0]["reason"] == "intake.check_failed"


@pytest.mark.django_db
def test_a_restatement_waits_for_the_delivery_before_it(deliver, contracts_in_use):
    first = deliver(CASES, HEADER)
    second = deliver(CASES, HEADER + "A1,01/06/2026,3\n")
    Delivery.objects.filter(pk__in=[first.pk, second.pk]).update(state=State.RECEIVED)
    Delivery.objects.filter(pk=first.pk).update(state=State.CHECKING, lease_until=timezone.now() + LEASE)
    assert check_next("other") is None
