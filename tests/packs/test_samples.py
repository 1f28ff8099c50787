"""Rows in, results out: each pack says what must become of its samples, and it does."""

from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
from tests.packs.shipped import shipped_packs

from vamco.geography.loading import province_register
from vamco.geography.resolver import Resolver
from vamco.intake.checking.check import check
from vamco.intake.checking.tables import FINDINGS
from vamco.intake.checking.terms import Terms
from vamco.intake.reading.reader import read
from vamco.packs.document import read_document
from vamco.packs.loading import load_packs
from vamco.vocabulary.period import Period

ROOT = Path(__file__).parents[2]
PACKS = shipped_packs()
NOTHING_ELSE = {"duplicates": 0, "rejected": {}, "warned": {}}
EXPECTED = [
    pytest.param(pack, name, wanted, id=f"{pack.slug}/{name}")
    for pack in PACKS
    for name, wanted in read_document(pack.folder / "tests" / "samples.yaml").value.items()
]


@pytest.fixture(scope="module")
def resolver():
    return Resolver(province_register(ROOT / "provinces", "tay-ninh"))


def rows_with_findings(connection, checked, *, rejecting):
    found = defaultdict(list)
    for row_no, fault in connection.execute(f"SELECT row_no, fault FROM {FINDINGS}").fetchall():
        if checked.faults[fault].rejects is rejecting:
            found[str(row_no)].append(checked.faults[fault].reason)
    return dict(found)


def outcome(contract, path, period, resolver, staging):
    known = [name for c in contract.columns for name in (c.name, c.title.vi, *c.aliases)]
    table = read(path, filename=path.name, known_headers=known, staging=staging)
    connection = duckdb.connect()
    checked = check(connection, table, Terms(contract, Period.parse(str(period)), resolver))
    return {
        "period": period,
        "accepted": checked.n_accepted,
        "duplicates": checked.n_duplicates,
        "rejected": rows_with_findings(connection, checked, rejecting=True),
        "warned": rows_with_findings(connection, checked, rejecting=False),
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("pack", "name", "wanted"), EXPECTED)
def test_a_sample_ends_as_its_pack_says(pack, name, wanted, resolver, tmp_path):
    contract = PACKS.contract(f"{pack.slug}.{name.partition('.')[0]}")
    found = outcome(contract, pack.folder / "samples" / name, wanted["period"], resolver, tmp_path)
    assert found == NOTHING_ELSE | wanted


@pytest.mark.django_db
def test_the_samples_of_a_new_pack_end_as_it_says(pack, resolver, tmp_path):
    contract = load_packs(pack.parent).contract("trial.records")
    for name, wanted in read_document(pack / "tests" / "samples.yaml").value.items():
        found = outcome(contract, pack / "samples" / name, wanted["period"], resolver, tmp_path)
        assert found == NOTHING_ELSE | wanted, name


def test_every_sample_has_a_result_that_it_must_have():
    named = {(param.values[0].slug, param.values[1]) for param in EXPECTED}
    held = {(pack.slug, path.name) for pack in PACKS for path in pack.folder.glob("samples/*.csv")}
    assert named == held
