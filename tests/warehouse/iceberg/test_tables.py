"""A generated table shows exactly the rows of its version of the ledger, in every listed snapshot."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from tests.warehouse.deliveries import CASES, COLUMNS, rows_of
from tests.warehouse.iceberg.reading import data_files, footer, load, metadata, scanned

from vamco.vocabulary.errors import Misused, NotFound, Refused
from vamco.warehouse import ledger
from vamco.warehouse.cleaning import clean
from vamco.warehouse.compaction import compact
from vamco.warehouse.iceberg import tables
from vamco.warehouse.iceberg.shelf import shelf
from vamco.warehouse.models import Ledger, LedgerEntry, Version
from vamco.warehouse.schema import declare
from vamco.warehouse.storage import store

pytestmark = pytest.mark.django_db


def declared_at(moment):
    """The dataset, declared in the past, so that deliveries can be recorded at any moment since."""
    declare(CASES, COLUMNS, sort=["commune"])
    Ledger.objects.update(at=moment)
    Version.objects.update(at=moment)


def copies():
    return [path for path in shelf().files() if path.suffix == ".parquet"]


def test_a_table_shows_the_live_rows(deliveries):
    first = deliveries(1, [("Tân An", 1), ("Bến Lức", 2)])
    deliveries(2, [("Cần Đước", 3)], month=2)
    deliveries(3, [("Tân An", 10)], supersedes=[first])
    assert scanned(load()) == rows_of() == [(2, 0, 1, "Cần Đước", 3), (3, 0, 1, "Tân An", 10)]


def test_a_file_that_is_live_in_whole_is_named_where_it_lies(deliveries):
    deliveries(1, [("Tân An", 1)])
    [file] = data_files(load())
    assert file.file_path.removeprefix("file://").startswith(str(store().root))
    assert copies() == []


def test_superseded_rows_of_a_merged_file_are_in_no_file_that_the_table_names(deliveries):
    entries = [deliveries(n, [(name, n) for name in "abc"]) for n in (1, 2, 3)]
    compact(CASES)
    deliveries(4, [("a", 4)], supersedes=[entries[1]])
    table = load()
    assert scanned(table) == rows_of()
    assert sum(footer(file).num_rows for file in data_files(table)) == len(rows_of()) == 7
    copied = [path for path in copies() if any(path.name in file.file_path for file in data_files(table))]
    assert len(copied) == 1


def test_past_versions_are_snapshots_under_their_numbers(deliveries):
    first = deliveries(1, [("a", 1)])
    deliveries(2, [("b", 2)])
    deliveries(3, [("a", 3)], supersedes=[first])
    compact(CASES)
    deliveries(4, [("c", 4)])
    table = load()
    listed = [snapshot["snapshot-id"] for snapshot in metadata(table)["snapshots"]]
    assert listed == list(Version.objects.order_by("seq").values_list("seq", flat=True))
    for version in Version.objects.all():
        assert scanned(table, version.seq) == rows_of(as_known_at=version.at)


def test_engines_see_as_of_a_moment_what_we_know_as_known_at_it(deliveries):
    start = timezone.now().replace(microsecond=0) - timedelta(seconds=1)
    declared_at(start)
    for n in range(1, 7):  # some of them within one millisecond
        deliveries(n, [("a", n)], at=start + timedelta(microseconds=700 * n))
    log = metadata(load())["snapshot-log"]
    for n_milliseconds in range(7):
        moment = start + timedelta(milliseconds=n_milliseconds)
        seen = [
            logged["snapshot-id"] for logged in log if logged["timestamp-ms"] <= moment.timestamp() * 1000
        ]
        assert seen[-1] == ledger.seq_at(moment), moment


def test_a_moment_and_a_version_can_be_asked_for_in_the_name(deliveries):
    declared_at(datetime(2026, 1, 1, tzinfo=UTC))
    first = deliveries(1, [("a", 1)], at=datetime(2026, 3, 1, 8, tzinfo=UTC))
    second = deliveries(2, [("a", 2)], supersedes=[first], at=datetime(2026, 4, 1, 8, tzinfo=UTC))
    assert scanned(load("cases__as_known_at_20260315t000000z")) == [(1, 0, 1, "a", 1)]
    assert scanned(load("cases__AS_KNOWN_AT_20260401T080000Z")) == [(2, 0, 1, "a", 2)]
    assert scanned(load(f"cases__at_version_{second.seq - 1}")) == [(1, 0, 1, "a", 1)]
    assert len(metadata(load(f"cases__at_version_{second.seq}"))["snapshots"]) == 1


def test_what_was_not_known_yet_is_no_table(deliveries):
    deliveries(1, [("a", 1)])
    with pytest.raises(NotFound, match="not_known_yet"):
        load("cases__as_known_at_20200101t000000z")
    with pytest.raises(NotFound, match="no_version"):
        load("cases__at_version_99")
    with pytest.raises(Misused, match="future"):
        load("cases__as_known_at_29990101t000000z")


def test_a_later_column_is_null_in_earlier_rows_and_absent_from_earlier_schemas(deliveries):
    early = deliveries(1, [("a", 1)])
    declare(CASES, [*COLUMNS, ("deaths", "DECIMAL(9,2)")], sort=["commune"])
    deliveries(2, [("b", 2)])
    table = load()
    assert scanned(table) == rows_of()
    schemas = {schema["schema-id"]: schema for schema in metadata(table)["schemas"]}
    by_snapshot = {s["snapshot-id"]: schemas[s["schema-id"]] for s in metadata(table)["snapshots"]}
    names = [field["name"] for field in by_snapshot[early.seq]["fields"]]
    assert "deaths" not in names
    assert by_snapshot[Version.objects.latest("seq").seq]["fields"][2] == {
        "id": 102, "name": "deaths", "type": "decimal(9, 2)", "required": False,
    }  # fmt: skip


def test_a_column_left_out_is_in_no_file_and_no_statistic(deliveries):
    deliveries(1, [("Tân An", 1), ("Bến Lức", 2)])
    table = load(without=["commune"])
    [file] = data_files(table)
    assert footer(file).schema.names == ["n", "delivery_id", "delivery_part", "row_no"]
    assert set(file.lower_bounds) == {101, 1, 2, 3}
    assert "commune" not in table.metadata.decode()


def test_statistics_tell_the_truth_about_each_file(deliveries):
    deliveries(1, [("Tân An", 1), ("Bến Lức", None), ("Cần Đước", 7)])
    [file] = data_files(load())
    assert (file.record_count, file.null_value_counts[101]) == (3, 1)
    assert file.lower_bounds[101] == (1).to_bytes(4, "little")
    assert file.upper_bounds[101] == (7).to_bytes(4, "little")
    assert file.file_size_in_bytes == len(
        store().root.joinpath(file.file_path.removeprefix("file://")).read_bytes()
    )


def test_a_dataset_without_a_row_is_an_empty_table(deliveries):
    declare(CASES, COLUMNS)
    assert scanned(load()) == []


def test_the_same_version_is_generated_once(deliveries):
    deliveries(1, [("a", 1)])
    table = load()
    made = sorted(shelf().files())
    assert load() == table
    assert sorted(shelf().files()) == made


def test_one_more_delivery_writes_a_handful_of_files_however_many_there_are(deliveries, monkeypatch):
    monkeypatch.setattr("vamco.warehouse.iceberg.manifests.FILES_PER_MANIFEST", 4)
    for n in range(1, 16):
        deliveries(n, [("a", n)])
    load()
    before = set(shelf().files())
    deliveries(16, [("a", 16)])
    load()
    suffixes = sorted("".join(path.suffixes) for path in set(shelf().files()) - before)
    assert suffixes in (
        [".avro", ".list.avro", ".metadata.json", ".snapshot.json"],
        [".list.avro", ".metadata.json", ".snapshot.json"],
    )


def test_only_the_last_versions_are_listed(deliveries, monkeypatch):
    monkeypatch.setattr(tables, "LISTED_VERSIONS", 3)
    entries = [deliveries(n, [("a", n)]) for n in range(1, 6)]
    listed = [snapshot["snapshot-id"] for snapshot in metadata(load())["snapshots"]]
    assert listed == [entry.seq for entry in entries[-3:]]
    assert scanned(load(f"cases__at_version_{entries[0].seq}")) == [(1, 0, 1, "a", 1)]


def test_versions_that_would_need_many_copies_are_not_listed_but_can_be_asked_for(deliveries, monkeypatch):
    monkeypatch.setattr(tables, "LISTED_COPIES", 0)
    first, second = deliveries(1, [("a", 1)]), deliveries(2, [("b", 2)])
    compact(CASES)
    third = deliveries(3, [("c", 3)])
    listed = [snapshot["snapshot-id"] for snapshot in metadata(load())["snapshots"]]
    assert first.seq not in listed
    assert {second.seq, third.seq} <= set(listed)
    assert scanned(load(f"cases__at_version_{first.seq}")) == [(1, 0, 1, "a", 1)]


def test_erased_history_is_neither_listed_nor_given(deliveries):
    first = deliveries(1, [("a", 1)])
    second = deliveries(2, [("b", 2)], supersedes=[first])
    before = load()
    with transaction.atomic():
        ledger.erase(CASES, [first.seq])
    assert first.seq in [snapshot["snapshot-id"] for snapshot in metadata(before)["snapshots"]]
    assert first.seq not in [snapshot["snapshot-id"] for snapshot in metadata(load())["snapshots"]]
    assert scanned(load()) == [(2, 0, 1, "b", 2)]
    with pytest.raises(Refused, match="history_erased"):
        load(f"cases__at_version_{first.seq}")
    assert scanned(load(f"cases__at_version_{second.seq}")) == [(2, 0, 1, "b", 2)]


def test_a_missing_data_file_is_refused_and_not_left_out(deliveries):
    deliveries(1, [("a", 1)])
    store().remove(LedgerEntry.objects.get().files.get().path)
    with pytest.raises(Refused, match="unreadable_file"):
        load()


def test_nothing_on_the_disk_looks_like_a_table(deliveries, home):
    deliveries(1, [("a", 1)])
    compact(CASES)
    deliveries(2, [("a", 1)])
    load()
    folders = {path.name for path in home.rglob("*") if path.is_dir()}
    assert folders.isdisjoint({"metadata", "_delta_log", "data"})
    assert not list(home.rglob("version-hint.text"))
    assert not any(store().root in path.parents for path in home.rglob("*.metadata.json"))


def test_a_table_loaded_before_compaction_stays_readable_after_the_old_files_are_gone(deliveries):
    first = deliveries(1, [("a", 1)])
    deliveries(2, [("b", 2)])
    load()
    compact(CASES)
    clean(grace=timedelta(0))
    table = load()
    assert scanned(table) == rows_of()
    assert scanned(table, first.seq) == [(1, 0, 1, "a", 1)]


def test_no_delivery_slips_in_before_a_moment_that_an_engine_has_read(deliveries):
    deliveries(1, [("a", 1)])
    asked_at = timezone.now()
    load()
    assert deliveries(2, [("b", 2)], at=asked_at).known_since_at > asked_at


def test_statistics_of_an_earlier_version_name_no_later_column(deliveries):
    deliveries(1, [("a", 1)])
    early = deliveries(2, [("b", 2)])
    declare(CASES, [*COLUMNS, ("deaths", "INTEGER")], sort=["commune"])
    compact(CASES)
    [file] = data_files(load(), early.seq)
    assert "deaths" in footer(file).schema.names
    assert set(file.value_counts) == {100, 101, 1, 2, 3}
    assert scanned(load(), early.seq) == rows_of(as_known_at=early.known_since_at)
