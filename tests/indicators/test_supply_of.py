"""What a figure rests on, and which agency owes what has not come."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.indicators.facts import CASES, PEOPLE, POPULATION, case, indicator, people
from tests.indicators.ledger import TRIAL, formula

from vamco.indicators import declared
from vamco.indicators.supply_of import contracts_behind, datasets_behind, lacks
from vamco.packs.contract import Contract, OpenData
from vamco.packs.pack import Pack, Packs
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db

RATE = indicator(denominator=POPULATION, name="rate")
LINE = replace(indicator(name="line"), definitions=(formula("A / PREVIOUS(A, 1)", A=RATE.id),))


@pytest.fixture(autouse=True)
def owed(monkeypatch):
    """Cases are owed by one agency, people by another."""

    def contract(dataset, agency):
        return Contract(dataset, "1", TRIAL, TRIAL, agency, (), (), "discard_value", None, (), OpenData("none"), None, Path("trial"))  # fmt: skip

    contracts = (contract(CASES, "so-y-te"), contract(PEOPLE, "cuc-thong-ke"))
    pack = Pack("trial", TRIAL, "so-y-te", "1", (), (), contracts, Path("trial"), indicators=(RATE, LINE))
    monkeypatch.setattr(declared, "_loaded", lambda _folder: Packs((pack,)))


def said(one, period):
    return {(lack.agency, *map(str, lack.periods)) for lack in lacks(one, Period.parse(period))}


def test_a_formula_rests_on_what_its_inputs_rest_on():
    assert datasets_behind(LINE) == (CASES, PEOPLE)
    assert [contract.agency for contract in contracts_behind(LINE)] == ["so-y-te", "cuc-thong-ke"]


def test_the_agency_that_owes_is_named_and_no_other(deliver):
    assert said(RATE, "2026-01") == {("so-y-te", "2026-01"), ("cuc-thong-ke", "2026-01")}
    deliver(PEOPLE, "2025", *people(2025, of={"25459@2025-07-01": 1000}))
    deliver(CASES, "2026-01", case("2026-01-05"))
    assert said(RATE, "2026-01") == set()
    assert said(RATE, "2026-Q1") == {("so-y-te", "2026-02", "2026-03")}
    assert said(RATE, "2028-01") == {("so-y-te", "2028-01"), ("cuc-thong-ke", "2028-01")}
    assert said(LINE, "2026-02") == {("so-y-te", "2026-02")}
