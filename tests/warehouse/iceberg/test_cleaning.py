"""Generated files go when no table loaded of late names them."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from tests.warehouse.deliveries import CASES, rows_of
from tests.warehouse.iceberg.reading import load, scanned

from vamco.warehouse.compaction import compact
from vamco.warehouse.iceberg.cleaning import clean
from vamco.warehouse.iceberg.shelf import shelf

pytestmark = pytest.mark.django_db


def age(table):
    """As if the table had been loaded two hours ago."""
    path = Path(table.location.removeprefix("file://"))
    os.utime(path, (path.stat().st_mtime - 7200,) * 2)


def two_versions(deliveries):
    entries = [deliveries(n, [("a", n), ("b", n)]) for n in (1, 2)]
    compact(CASES)
    old = load()
    deliveries(3, [("a", 3)], supersedes=[entries[0]])
    return old, load()


def test_tables_loaded_of_late_keep_all_their_files(deliveries):
    old, new = two_versions(deliveries)
    assert clean() == ()
    assert len(scanned(old)) == 4
    assert len(scanned(new)) == 3


def test_what_only_old_tables_name_goes(deliveries):
    old, new = two_versions(deliveries)
    age(old)
    assert Path(old.location).name in clean()
    assert scanned(new) == rows_of()


def test_a_table_whose_files_went_is_generated_again(deliveries):
    _, new = two_versions(deliveries)
    age(new)
    clean(grace=timedelta(0))
    assert list(shelf().files()) == []
    assert load() == new
    assert scanned(new) == rows_of()


def test_loading_a_table_again_keeps_it(deliveries):
    _, new = two_versions(deliveries)
    age(new)
    load()
    clean()
    assert scanned(new) == rows_of()


def test_what_a_killed_writer_left_goes_after_a_day(deliveries):
    deliveries(1, [("a", 1)])
    load()
    left = shelf().root / "unfinished" / "left"
    left.touch()
    assert clean() == ()
    os.utime(left, (0, 0))
    assert clean() == ("left",)
