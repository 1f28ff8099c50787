"""Whatever happens to a dataset, each snapshot of its table shows what the ledger shows."""

import tempfile
from pathlib import Path

import duckdb
import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.test import override_settings
from hypothesis import given, settings
from tests.warehouse.deliveries import CASES, Deliveries, rows_of
from tests.warehouse.iceberg.reading import load, metadata, scanned

from vamco.warehouse.compaction import compact
from vamco.warehouse.iceberg.manifests import Listed, groups
from vamco.warehouse.models import LedgerEntry, Version

ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=3)
STEPS = st.lists(st.one_of(st.just("compact"), st.just("load"), st.tuples(st.booleans(), ROWS)), max_size=7)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_every_snapshot_agrees_with_the_ledger(steps):
    with (
        tempfile.TemporaryDirectory() as folder,
        override_settings(HOME=Path(folder), WAREHOUSE_URL=f"{folder}/w"),
        transaction.atomic(),
        duckdb.connect(config={"threads": 1}) as connection,
    ):
        _take(Deliveries(connection), steps)
        _compare()
        transaction.set_rollback(True)


def _take(deliver, steps):
    deliver(1, [("a", 1)])
    for number, step in enumerate(steps, start=2):
        if step == "compact":
            compact(CASES)
        elif step == "load":
            load()
        else:
            restates, rows = step
            newest = LedgerEntry.objects.filter(superseded_seq=None).order_by("-seq")[:1]
            deliver(number, rows, supersedes=list(newest) if restates else ())


def _compare():
    table = load()
    listed = [snapshot["snapshot-id"] for snapshot in metadata(table)["snapshots"]]
    versions = {version.seq: version for version in Version.objects.all()}
    assert listed == sorted(versions)
    for seq in listed:
        assert scanned(table, seq) == rows_of(as_known_at=versions[seq].at)
    assert scanned(load(f"cases__at_version_{listed[0]}")) == scanned(table, listed[0])


@given(
    names=st.lists(st.text("abcdef", min_size=1, max_size=8), unique=True, max_size=300),
    where=st.integers(0, 300),
)
def test_one_file_more_or_less_changes_at_most_two_manifests(names, where):
    files = [Listed(name, None, 1, 1) for name in names]
    without = files[:where] + files[where + 1 :]
    assert [file for group in groups(files) for file in group] == files
    assert len(set(groups(files)) - set(groups(without))) <= 2
    assert len(set(groups(without)) - set(groups(files))) <= 1
