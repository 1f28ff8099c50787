import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.warehouse.deliveries import CASES, rows_of

from vamco.vocabulary.errors import Misused, Refused
from vamco.warehouse import ledger
from vamco.warehouse.models import Ledger, LedgerEntry, Version
from vamco.warehouse.storage import store
from vamco.warehouse.view import view

pytestmark = pytest.mark.django_db


def test_what_is_recorded_can_be_read(deliveries):
    deliveries(1, [("a", 5), ("b", 6)])
    deliveries(2, [("c", 7)])
    assert rows_of() == [(1, 0, 1, "a", 5), (1, 0, 2, "b", 6), (2, 0, 1, "c", 7)]


def test_a_restatement_replaces_the_rows_and_both_stay_readable(deliveries):
    first = deliveries(1, [("a", 5)])
    second = deliveries(2, [("a", 4)], supersedes=[first])
    assert rows_of() == [(2, 0, 1, "a", 4)]
    assert rows_of(as_known_at=first.known_since_at) == [(1, 0, 1, "a", 5)]
    assert rows_of(as_known_at=second.known_since_at - timedelta(microseconds=1)) == [(1, 0, 1, "a", 5)]
    assert rows_of(as_known_at=second.known_since_at) == [(2, 0, 1, "a", 4)]


def test_corrected_rejects_join_their_delivery_as_a_further_part(deliveries):
    first = deliveries(1, [("a", 5)])
    replay = deliveries(1, [("b", 6)], part=1)
    assert rows_of() == [(1, 0, 1, "a", 5), (1, 1, 1, "b", 6)]
    deliveries(2, [("z", 0)], supersedes=[first, replay])
    assert rows_of() == [(2, 0, 1, "z", 0)]


def test_an_empty_delivery_is_an_entry_without_files(deliveries):
    entry = deliveries(1, [])
    assert entry.n_rows == 0
    assert [e.seq for e in view(CASES).entries] == [entry.seq]
    assert rows_of() == []


def test_the_same_part_is_not_recorded_twice(deliveries):
    deliveries(1, [("a", 5)])
    with pytest.raises(Refused, match="recorded_before"):
        deliveries(1, [("a", 5)])
    assert rows_of() == [(1, 0, 1, "a", 5)]


def test_only_live_entries_can_be_superseded(deliveries):
    first = deliveries(1, [("a", 5)])
    deliveries(2, [("a", 4)], supersedes=[first])
    with pytest.raises(Refused, match="not_live"):
        deliveries(3, [("a", 3)], supersedes=[first])
    assert rows_of() == [(2, 0, 1, "a", 4)]


def test_the_ledger_names_no_file_that_is_gone_or_cut_short(deliveries):
    [staged] = deliveries.stage(1, [("a", 5)])
    (store().root / staged.path).write_bytes(b"PAR1")
    with transaction.atomic(), pytest.raises(Refused, match="staged_file_gone"):
        ledger.record(ledger.Arrival(CASES, 1, 0, "2026", *[timezone.now().date()] * 2), [staged])


def test_supersede_alone_takes_rows_out_from_now_on(deliveries):
    entry = deliveries(1, [("a", 5)])
    with transaction.atomic():
        ledger.supersede(CASES, [entry.seq], why="withdrawn")
    assert rows_of() == []
    assert rows_of(as_known_at=entry.known_since_at) == [(1, 0, 1, "a", 5)]


@pytest.mark.django_db(transaction=True)
def test_the_ledger_is_written_in_a_transaction_only(deliveries):
    deliveries(1, [])
    with pytest.raises(transaction.TransactionManagementError):
        ledger.supersede(CASES, [], why="")


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_leaves_no_version(deliveries):
    deliveries(1, [("a", 5)])
    before = Ledger.objects.get().seq, Version.objects.count()
    with pytest.raises(Refused):
        deliveries(1, [("b", 5)])
    assert (Ledger.objects.get().seq, Version.objects.count()) == before


def test_moments_rise_with_versions_even_when_a_clock_runs_back(deliveries):
    now = timezone.now()
    entries = [deliveries(n, [], at=now - timedelta(hours=n)) for n in (1, 2, 3)]
    [first, second, third] = [entry.known_since_at for entry in entries]
    assert third - second == second - first == timedelta(microseconds=1)
    moments = Version.objects.order_by("seq").values_list("at", flat=True)
    assert list(moments) == sorted(set(moments))


def test_a_moment_that_was_given_is_kept_where_history_allows_it(deliveries):
    deliveries(1, [])
    moment = timezone.now()
    assert deliveries(2, [], at=moment).known_since_at == moment


def test_only_history_can_be_erased_and_only_once(deliveries):
    entry = deliveries(1, [("a", 5)])
    with pytest.raises(Refused, match="not_history"), transaction.atomic():
        ledger.erase(CASES, [entry.seq])
    deliveries(2, [], supersedes=[entry])
    with transaction.atomic():
        ledger.erase(CASES, [entry.seq])
    with pytest.raises(Refused, match="not_history"), transaction.atomic():
        ledger.erase(CASES, [entry.seq])


def test_the_future_is_unknown(deliveries):
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(Misused, match="moment_in_the_future"):
        deliveries(1, [], at=tomorrow)
    with pytest.raises(Misused, match="moment_in_the_future"):
        ledger.seq_at(tomorrow)


def test_a_moment_that_was_read_stays_as_it_was_read(deliveries):
    deliveries(1, [("a", 5)])
    started_at = timezone.now()
    read_at = timezone.now()
    assert rows_of(as_known_at=read_at) == [(1, 0, 1, "a", 5)]
    late = deliveries(2, [("b", 6)], at=started_at)
    assert late.known_since_at > read_at
    assert rows_of(as_known_at=read_at) == [(1, 0, 1, "a", 5)]


class UnderWay(threading.Thread):
    """A delivery whose transaction has its version and is not committed before `land` is called."""

    def __init__(self, deliveries):
        super().__init__()
        self.staged = deliveries.stage(1, [("a", 5)])
        self.has_version, self.may_land = threading.Event(), threading.Event()
        self.start()
        assert self.has_version.wait(10)

    def run(self):
        with contextlib.closing(connection), transaction.atomic():
            arrival = ledger.Arrival(CASES, 1, 0, "2026-01", date(2026, 1, 1), date(2026, 1, 31))
            self.entry = ledger.record(arrival, self.staged)
            self.has_version.set()
            self.may_land.wait(10)

    def land(self):
        self.may_land.set()
        self.join()


def in_thread(work):
    def run():
        with contextlib.closing(connection):
            return work()

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run)
    pool.shutdown(wait=False)
    return future


@pytest.mark.django_db(transaction=True)
def test_versions_are_committed_in_the_order_of_their_numbers(deliveries):
    other = deliveries.stage(2, [("b", 6)])
    first = UnderWay(deliveries)

    def record_second():
        with transaction.atomic():
            return ledger.record(ledger.Arrival(CASES, 2, 0, "2026", *[date(2026, 1, 1)] * 2), other)

    second = in_thread(record_second)
    time.sleep(0.2)
    assert not second.done()
    first.land()
    assert second.result(20).seq == first.entry.seq + 1


@pytest.mark.django_db(transaction=True)
def test_who_asks_for_a_moment_waits_for_what_took_an_earlier_one(deliveries):
    first = UnderWay(deliveries)
    moment = timezone.now()
    assert first.entry.known_since_at < moment
    read = in_thread(lambda: ledger.seq_at(moment))
    time.sleep(0.2)
    assert not read.done()
    first.land()
    assert read.result(20) == first.entry.seq


def test_before_the_first_version_nothing_is_known(deliveries):
    long_ago = timezone.now() - timedelta(days=1)
    deliveries(1, [("a", 5)])
    with pytest.raises(Refused, match="not_known_yet"):
        rows_of(as_known_at=long_ago)


def test_entries_keep_what_the_receipt_says(deliveries):
    entry = deliveries(7, [("a", 5), ("b", 5)], part=0, month=3)
    stored = LedgerEntry.objects.get(seq=entry.seq)
    assert (stored.delivery_id, stored.part, stored.period, stored.n_rows) == (7, 0, "2026-03", 2)
    assert stored.known_since_at == entry.known_since_at
