import pytest
from tests.warehouse.deliveries import CASES

from vamco.warehouse.compaction import compact
from vamco.warehouse.models import DataFile, Dataset, Ledger, LedgerEntry, Placement
from vamco.warehouse.storage import store
from vamco.warehouse.verification import verify

pytestmark = pytest.mark.django_db


def kinds():
    return [fault.kind.value for fault in verify().faults]


@pytest.fixture
def file(deliveries):
    deliveries(1, [("a", 1), ("b", 2)])
    return DataFile.objects.get()


def test_a_sound_warehouse_is_clean_and_counted(deliveries):
    first = deliveries(1, [("a", 1), ("b", 2)])
    deliveries(2, [("a", 1)], supersedes=[first])
    deliveries(3, [])
    compact(CASES)
    report = verify()
    assert report.is_clean
    assert (report.n_files, report.n_rows, report.n_entries) == (2, 3, 3)
    assert report.n_bytes == sum(found.n_bytes for found in store().stored() if found.path in paths())


def paths():
    return set(DataFile.objects.filter(removed_seq__isnull=True).values_list("path", flat=True))


def test_an_empty_warehouse_is_clean():
    assert verify().is_clean


def test_a_missing_file_is_named(file):
    store().remove(file.path)
    [fault] = verify().faults
    assert (fault.kind, fault.where) == ("missing_file", file.path)


def test_one_changed_byte_is_found_and_the_file_named(file):
    with (store().root / file.path).open("r+b") as opened:
        opened.seek(file.n_bytes // 2)
        byte = opened.read(1)
        opened.seek(-1, 1)
        opened.write(bytes([byte[0] ^ 1]))
    [fault] = verify().faults
    assert (fault.kind, fault.where) == ("altered_file", file.path)


def test_a_file_that_is_no_parquet_is_found(file, tmp_path):
    scratch = store().scratch()
    scratch.write_bytes(b"not a table")
    other = store().keep(scratch, 2)
    DataFile.objects.filter(pk=file.pk).update(path=other.path, sha256=other.sha256)
    assert kinds() == ["unreadable_file"]


def test_rows_that_the_ledger_counts_otherwise_are_found(file):
    DataFile.objects.update(n_rows=3)
    assert kinds() == ["rows_of_file"]


def test_an_entry_whose_rows_are_not_all_placed_is_found(file):
    LedgerEntry.objects.update(n_rows=3)
    assert kinds() == ["rows_of_entry"]
    Placement.objects.all().delete()
    assert kinds() == ["rows_of_file", "rows_of_entry"]


def test_a_row_that_lies_in_two_files_is_found(file):
    copied = DataFile.objects.get()
    other = store().scratch()
    other.write_bytes((store().root / file.path).read_bytes() + b"")
    copied.pk, copied.path = None, "copy.parquet"
    other.rename(store().root / copied.path)
    copied.save()
    Placement.objects.create(entry=LedgerEntry.objects.get(), file=copied, n_rows=2)
    assert kinds() == ["duplicate_rows", "rows_of_entry"]


def test_a_gap_in_the_ledger_is_found(file):
    Ledger.objects.update(seq=9)
    Dataset.objects.update(changed_seq=1)
    assert kinds() == ["ledger_order", "ledger_order"]


def test_progress_counts_the_bytes_checked(file):
    done = []
    verify(progress=done.append)
    assert done == [file.n_bytes]
