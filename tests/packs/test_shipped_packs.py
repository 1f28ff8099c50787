"""The packs that come with the program keep every rule and take the data they were made for."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from tests.packs.shipped import shipped_packs

from vamco.packs.contract import Kind, Sensitivity
from vamco.packs.heading import match_headings
from vamco.packs.lint.check import check_pack
from vamco.packs.loading import pack_folders

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "provinces" / "tay-ninh" / "agencies.yaml"
PACKS = shipped_packs()


def agencies():
    return yaml.safe_load(REGISTER.read_text("utf-8"))["agencies"]


@pytest.mark.parametrize("folder", pack_folders(ROOT / "packs"), ids=lambda folder: folder.name)
def test_a_shipped_pack_breaks_no_rule(folder, monkeypatch):
    monkeypatch.setattr("vamco.packs.lint.check.load_pack", lambda other: shipped_packs().pack(other.name))
    assert [f.say("en") for f in check_pack(folder, {agency["code"] for agency in agencies()})] == []


def test_the_first_packs_are_there():
    assert {contract.id for contract in PACKS.contracts} >= {
        *("health.notified_cases", "health.provincial_disease_counts", "public-administration.dossiers"),
        *("reference.population", "reference.provincial_budget"),
    }


def test_agencies_have_two_names_a_kind_and_a_code_of_their_own():
    listed = agencies()
    assert len({agency["code"] for agency in listed}) == len(listed)
    assert all(agency["name"]["vi"] and agency["name"]["en"] and agency["kind"] for agency in listed)
    codes = {agency["code"] for agency in listed}
    assert {agency["parent"] for agency in listed if "parent" in agency} <= codes


def test_no_contract_asks_for_who_the_person_is():
    asked = {folded for c in PACKS.contracts for column in c.columns for folded in (column.title.vi.lower(),)}
    assert not [t for t in asked if any(word in t for word in ("họ tên", "họ và tên", "cccd", "điện thoại"))]


def test_personal_data_leaves_only_as_counts():
    for contract in PACKS.contracts:
        if any(column.sensitivity is Sensitivity.PERSONAL for column in contract.columns):
            assert contract.open_data.method in {"none", "threshold"}, contract.id


def test_unit_codes_of_recycled_numbers_are_judged_on_the_day_of_the_event():
    for contract in PACKS.contracts:
        for column in contract.columns:
            if column.kind is Kind.UNIT and column.unit.named_by == "code":
                assert column.unit.map_column, f"{contract.id}.{column.name}"


@pytest.fixture(scope="module")
def dengue(shared):
    path = shared / "epidemic" / "opendengue" / "vietnam_spatial_extract_V1_3.csv"
    with path.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    contract = PACKS.contract("health.provincial_disease_counts")
    place_of = match_headings(contract, header).place_of
    named = ", ".join(f'"{header[place]}" AS {name}' for name, place in place_of.items())
    db = duckdb.connect()
    db.execute(f"CREATE TABLE extract AS SELECT {named} FROM read_csv('{path}', all_varchar = true)")
    return contract, place_of, db


def test_the_whole_dengue_extract_fits_its_contract(dengue):
    contract, place_of, db = dengue
    assert {column.name for column in contract.columns} - place_of.keys() == {"disease_code"}
    for column in contract.columns:
        if column.name in place_of:
            if column.required:
                assert db.sql(f"SELECT count(*) FROM extract WHERE {column.name} IS NULL").fetchall() == [
                    (0,)
                ]
            if column.choices:
                held = {row[0] for row in db.sql(f"SELECT DISTINCT {column.name} FROM extract").fetchall()}
                assert held <= set(column.choices)
    key = ", ".join(contract.key)
    assert db.sql(f"SELECT count(*), count(DISTINCT ({key})) FROM extract").fetchall() == [(12_687, 12_687)]


def test_the_rules_on_dengue_hold_in_the_extract(dengue):
    contract, _, db = dengue
    typed = (
        "SELECT * REPLACE (period_start_on::DATE AS period_start_on, period_end_on::DATE AS period_end_on)"
    )
    for rule in contract.rules:
        if rule.scope == "row":
            broken = db.sql(
                f"SELECT count(*) FROM ({typed} FROM extract) WHERE NOT ({rule.holds})"
            ).fetchall()
            assert broken == [(0,)], rule.id


@pytest.fixture(scope="session")
def datacontract():
    """The public checker, in an environment of its own, because it pins another DuckDB."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vamco-tests" / "datacontract"
    command = cache / "bin" / "datacontract"
    if not command.exists():
        _install(cache)
    return command


def _install(folder):
    uv = shutil.which("uv")
    make = [uv, "venv", "-q", folder] if uv else [sys.executable, "-m", "venv", folder]
    pip = (
        [uv, "pip", "install", "-q", "--python", folder] if uv else [folder / "bin" / "pip", "install", "-q"]
    )
    for step in (make, [*pip, "datacontract-cli"]):
        done = subprocess.run(step, capture_output=True, text=True)
        if done.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(f"datacontract-cli cannot be installed here: {done.stderr.strip()[-200:]}")


@pytest.mark.slow
@pytest.mark.xdist_group("datacontract")
@pytest.mark.parametrize("contract", PACKS.contracts, ids=lambda contract: contract.id)
def test_the_public_checker_accepts_the_contract(datacontract, contract):
    done = subprocess.run([datacontract, "lint", contract.source], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.xdist_group("datacontract")
def test_the_public_checker_accepts_the_template(datacontract, pack):
    contract = pack / "contracts" / "records.odcs.yaml"
    done = subprocess.run([datacontract, "lint", contract], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
