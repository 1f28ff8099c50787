"""Killed at any moment: nothing acknowledged is lost, nothing is doubled, and the warehouse is clean."""

import random
import time

import pytest
from django.db.models import Count
from django.utils import timezone
from sqlglot import parse_one
from tests.intake.crew import N_ROWS, IntakeCrew
from tests.intake.test_deliveries import CASES, HEADER

from vamco.intake.acceptance import write_down
from vamco.intake.deciding import decide
from vamco.intake.models import OPEN_STATES, Delivery, Receipt, State
from vamco.intake.worker import LEASE, check_next, check_one
from vamco.vocabulary.errors import Refused
from vamco.warehouse.engine import engine
from vamco.warehouse.models import LedgerEntry
from vamco.warehouse.verification import verify

EACH = 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "n_kills", [pytest.param(3, id="few"), pytest.param(100, id="many", marks=pytest.mark.slow)]
)
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(contracts_in_use, tmp_path, n_kills):
    contracts_in_use(CASES)
    crew, chance = IntakeCrew(tmp_path), random.Random(8722)
    first = {"east": 0, "west": EACH}

    def acknowledged(name):
        return [int(line) for line in crew.log(name) if line.isdigit()]

    def go_on(name, last):
        begin = max(acknowledged(name), default=first[name])  # the last one again: it may not have been heard
        crew.start("work", name, first=begin, last=last)

    try:
        for name in first:
            go_on(name, first[name] + EACH - 1)
        for _ in range(n_kills):
            time.sleep(chance.uniform(0.02, 0.6))
            name = chance.choice(list(first))
            crew.kill(name)
            go_on(name, first[name] + EACH - 1)
        for name in first:
            crew.kill(name)
            go_on(name, max(acknowledged(name), default=first[name]))
        crew.wait(*first, seconds=120)
        time.sleep(LEASE_OF_CREW)
        crew.start("work", "last", first=first["west"], last=first["west"])
        crew.wait("last", seconds=120)
    finally:
        crew.close()
    assert "failed" not in "".join(line for name in (*first, "last") for line in crew.log(name))
    everything = set(acknowledged("east") + acknowledged("west"))
    _assert_whole(everything)


LEASE_OF_CREW = 2.5


def _assert_whole(numbers):
    deliveries = {int(d.idempotency_key[1:]): d for d in Delivery.objects.all()}
    assert numbers <= set(deliveries)
    assert not Delivery.objects.filter(state__in=OPEN_STATES).exists()
    assert {d.state for d in deliveries.values()} == {State.PARTLY_ACCEPTED}
    receipts = Receipt.objects.values("part").annotate(n=Count("pk"))
    assert {row["n"] for row in receipts} == {1}
    entries = LedgerEntry.objects.values("delivery_id").annotate(n=Count("pk"))
    assert {row["n"] for row in entries} == {1}
    assert len(entries) == len(deliveries)
    counted = "SELECT delivery_id, count(*) AS n FROM trial.cases GROUP BY delivery_id"
    held = {r["delivery_id"]: r["n"] for r in engine().table(parse_one(counted)).to_pylist()}
    live = {d.pk for d in deliveries.values() if d.is_live}
    assert held == dict.fromkeys(live, N_ROWS - 1)
    report = verify()
    assert report.is_clean, report.faults


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
