from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from tests.warehouse.deliveries import CASES, rows_of

from vamco.vocabulary.errors import Misused, NotFound, Refused
from vamco.warehouse.cleaning import clean
from vamco.warehouse.compaction import compact
from vamco.warehouse.retention import Rule, apply, plan
from vamco.warehouse.storage import store
from vamco.warehouse.verification import verify

pytestmark = pytest.mark.django_db


def retain(**days):
    done = plan(Rule(CASES, **days))
    with transaction.atomic():
        apply(done)
    return done


def test_rows_leave_the_present_when_their_period_is_long_past(deliveries):
    old, new = deliveries(1, [("a", 1)], month=1), deliveries(2, [("a", 2)], month=9)
    days = (timezone.localdate() - old.end_on).days
    assert retain(keep_days=days).expired == ()
    done = retain(keep_days=days - 1)
    assert (done.expired, done.erased, done.n_rows) == ((old.seq,), (), 1)
    assert [row[0] for row in rows_of()] == [2]
    assert [row[0] for row in rows_of(as_known_at=new.known_since_at)] == [1, 2]


def test_erased_history_is_refused_and_never_read_as_fewer_rows(deliveries):
    first = deliveries(1, [("a", 1)])
    second = deliveries(2, [("a", 2)], supersedes=[first])
    assert retain(keep_history_days=1).erased == ()
    assert retain(keep_history_days=0).erased == (first.seq,)
    with pytest.raises(Refused, match="history_erased"):
        rows_of(as_known_at=first.known_since_at)
    assert rows_of(as_known_at=second.known_since_at) == rows_of() == [(2, 0, 1, "a", 2)]


def test_erased_rows_leave_the_disk_with_the_next_compaction_and_cleaning(deliveries):
    first = deliveries(1, [("erased-for-good", 1)])
    kept = deliveries(2, [("b", 2)])
    compact(CASES)
    deliveries(3, [("a", 3)], supersedes=[first])
    retain(keep_history_days=0)
    compact(CASES)
    clean(grace=timedelta(0))
    assert not any(b"erased-for-good" in (store().root / f.path).read_bytes() for f in store().stored())
    assert verify().is_clean
    assert [row[0] for row in rows_of()] == [kept.delivery_id, 3]


def test_a_file_of_erased_rows_only_is_deleted(deliveries):
    first = deliveries(1, [("a", 1)])
    deliveries(2, [("a", 2)], supersedes=[first])
    retain(keep_history_days=0)
    assert compact(CASES).n_files_after == 1
    clean(grace=timedelta(0))
    assert len(list(store().stored())) == 1
    assert verify().is_clean


def test_retention_without_days_keeps_everything(deliveries):
    first = deliveries(1, [("a", 1)])
    deliveries(2, [("a", 2)], supersedes=[first])
    assert plan(Rule(CASES)).n_rows == 0


def test_a_plan_that_the_ledger_has_overtaken_is_refused(deliveries):
    first = deliveries(1, [("a", 1)])
    outdated = plan(Rule(CASES, keep_days=0))
    deliveries(2, [("a", 2)], supersedes=[first])
    with pytest.raises(Refused, match="not_live"), transaction.atomic():
        apply(outdated)


def test_a_plan_can_be_audited(deliveries):
    deliveries(1, [("a", 1)])
    assert plan(Rule(CASES, keep_days=5)).as_dict() == {
        "rule": {"dataset": CASES, "keep_days": 5, "keep_history_days": None},
        "expired": (2,),
        "erased": (),
        "n_rows": 1,
    }


def test_negative_days_and_unknown_datasets_are_refused():
    with pytest.raises(Misused):
        Rule(CASES, keep_days=-1)
    with pytest.raises(NotFound):
        plan(Rule(CASES, keep_days=1))
