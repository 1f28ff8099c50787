from datetime import timedelta

import pytest
from django.db import transaction
from tests.warehouse.deliveries import CASES, ask, rows_of

from vamco.vocabulary.errors import Refused
from vamco.warehouse import cleaning, compaction, ledger
from vamco.warehouse.cleaning import clean
from vamco.warehouse.compaction import compact
from vamco.warehouse.models import DataFile, Placement
from vamco.warehouse.storage import store
from vamco.warehouse.verification import verify
from vamco.warehouse.view import view

pytestmark = pytest.mark.django_db
NOW = timedelta(0)


def on_disk():
    return {file.path for file in store().stored()}


def test_many_small_files_become_one_and_the_rows_stay(deliveries):
    for n in range(1, 6):
        deliveries(n, [("b", n), ("a", n)])
    before = rows_of()
    done = compact(CASES)
    assert (done.n_files_before, done.n_files_after, done.n_rows_rewritten) == (5, 1, 10)
    assert rows_of() == before
    assert verify().faults == ()


def test_a_large_file_is_sorted_once_even_by_itself(deliveries, monkeypatch):
    monkeypatch.setattr(compaction, "_SMALL", 2)
    deliveries(1, [("b", 1), ("a", 1)])
    assert ask(f"SELECT commune FROM {CASES}") == [("b",), ("a",)]
    assert compact(CASES).n_rows_rewritten == 2
    assert ask(f"SELECT commune FROM {CASES}") == [("a",), ("b",)]
    assert compact(CASES).n_rows_rewritten == 0


def test_a_second_compaction_finds_nothing_to_do(deliveries):
    first = deliveries(1, [("a", 1)])
    deliveries(2, [("a", 2)])
    compact(CASES)
    deliveries(3, [("a", 3)], supersedes=[first])
    compact(CASES)
    assert compact(CASES).n_rows_rewritten == 0


def test_a_restated_row_in_a_merged_file_is_hidden_and_its_history_is_kept_apart(deliveries):
    first = deliveries(1, [("a", 1)])
    second = deliveries(2, [("b", 2)])
    compact(CASES)
    deliveries(3, [("a", 3)], supersedes=[first])
    assert [f.is_mixed for f in view(CASES).files] == [True, False]
    present, past = rows_of(), rows_of(as_known_at=second.known_since_at)
    assert (present, past) == ([(2, 0, 1, "b", 2), (3, 0, 1, "a", 3)], [(1, 0, 1, "a", 1), (2, 0, 1, "b", 2)])
    compact(CASES)
    assert [f.is_mixed for f in view(CASES).files] == [False]
    assert rows_of() == present
    assert rows_of(as_known_at=second.known_since_at) == past


def test_a_reader_that_planned_before_finds_its_files_until_they_are_cleaned(deliveries):
    for n in (1, 2):
        deliveries(n, [("a", n)])
    planned = {file.path for file in view(CASES).files}
    compact(CASES)
    assert clean() == cleaning.Cleaned((), ())
    assert planned < on_disk()
    assert set(clean(grace=NOW).replaced) == planned
    assert on_disk() == {file.path for file in view(CASES).files}
    assert rows_of() == [(1, 0, 1, "a", 1), (2, 0, 1, "a", 2)]


def test_the_compaction_that_comes_second_gives_up(deliveries, monkeypatch):
    for n in (1, 2):
        deliveries(n, [("a", n)])
    swap = compaction._swap

    def late(*arguments):
        monkeypatch.setattr(compaction, "_swap", swap)
        assert compact(CASES).n_files_after == 1
        return swap(*arguments)

    monkeypatch.setattr(compaction, "_swap", late)
    assert compact(CASES).n_overtaken == 1
    assert rows_of() == [(1, 0, 1, "a", 1), (2, 0, 1, "a", 2)]
    assert DataFile.objects.filter(removed_seq__isnull=True).count() == 1


def test_a_restatement_during_a_compaction_is_not_undone(deliveries, monkeypatch):
    first = deliveries(1, [("a", 1)])
    deliveries(2, [("b", 2)])
    swap = compaction._swap

    def restated_meanwhile(*arguments):
        monkeypatch.setattr(compaction, "_swap", swap)
        deliveries(3, [("a", 3)], supersedes=[first])
        return swap(*arguments)

    monkeypatch.setattr(compaction, "_swap", restated_meanwhile)
    compact(CASES)
    assert rows_of() == [(2, 0, 1, "b", 2), (3, 0, 1, "a", 3)]
    assert rows_of(as_known_at=first.known_since_at) == [(1, 0, 1, "a", 1)]


@pytest.mark.parametrize(("n_first", "n_second"), [(3, 1), (1, 2)])
def test_files_that_hold_other_rows_than_the_ledger_says_are_not_compacted_away(
    deliveries, n_first, n_second
):
    first = deliveries(1, [("a", 1), ("b", 1)])
    second = deliveries(2, [("b", 2)])
    Placement.objects.filter(entry_id=first.seq).update(n_rows=n_first)
    Placement.objects.filter(entry_id=second.seq).update(n_rows=n_second)
    with pytest.raises(Refused, match="files_disagree"):
        compact(CASES)
    assert DataFile.objects.filter(removed_seq__isnull=True).count() == 2


def withdraw(entry):
    with transaction.atomic():
        ledger.supersede(CASES, [entry.seq], why="withdrawn")
    compact(CASES)


def test_rewriting_to_the_same_bytes_keeps_the_file(deliveries):
    deliveries(1, [("a", 1)])
    for n in (2, 3):
        other = deliveries(n, [("b", 2)])
        compact(CASES)
        withdraw(other)
        paths = {file.path for file in view(CASES).files}
    once_replaced = DataFile.objects.filter(path__in=paths, removed_seq__isnull=False)
    assert once_replaced.exists()
    assert clean(grace=NOW).replaced
    assert paths <= on_disk()
    assert rows_of() == [(1, 0, 1, "a", 1)]
    assert rows_of(as_known_at=other.known_since_at) == [(1, 0, 1, "a", 1), (3, 0, 1, "b", 2)]


def test_progress_counts_the_rows_rewritten(deliveries):
    for n in (1, 2):
        deliveries(n, [("a", n)])
    done = []
    compact(CASES, progress=done.append)
    assert done == [2]


def test_leftovers_of_a_crash_are_named_and_deleted_when_old_enough(deliveries):
    deliveries(1, [("a", 1)])
    [staged] = deliveries.stage(9, [("z", 9)])
    unfinished = store().scratch()
    unfinished.write_bytes(b"half")
    assert verify().faults == ()
    assert set(verify().leftovers) == {staged.path, f"staging/{unfinished.name}"}
    assert clean().leftovers == ()
    assert set(clean(leftover_age=NOW).leftovers) == {staged.path, f"staging/{unfinished.name}"}
    assert verify().leftovers == ()
    assert rows_of() == [(1, 0, 1, "a", 1)]
