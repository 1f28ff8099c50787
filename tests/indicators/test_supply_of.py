"""What a figure rests on, and which agency owes what has not come."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from tests.indicators.facts import CASES, PEOPLE, POPULATION, case, indicator, people
from tests.indicators.ledger import TRIAL, formula

from vamco.geography.unit import Level
from vamco.indicators import declared
from vamco.indicators.catching_up import catch_up
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.supply_of import contracts_behind, datasets_behind, lacks
from vamco.packs.contract import Contract, OpenData
from vamco.packs.indicator import Additivity
from vamco.packs.pack import Pack, Packs
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.warehouse import ledger

pytestmark = pytest.mark.django_db

RATE = indicator(denominator=POPULATION, name="rate", over_units=Additivity.RATIO, over_time=Additivity.RATIO)
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


def test_what_is_withdrawn_blanks_its_month_alone_and_names_the_agency(deliver):
    deliver(PEOPLE, "2025", *people(2025, of={"25459@2025-07-01": 1000}))
    january = deliver(CASES, "2026-01", case("2026-01-05"))
    deliver(CASES, "2026-02", case("2026-02-05"))
    catch_up()
    with transaction.atomic():
        ledger.supersede(CASES, [january.seq], why="withdrawn")
    catch_up()
    months = tuple(map(Period.parse, ("2026-01", "2026-02")))
    blank, whole = figures(Question(RATE, months, Level.COMMUNE, ("25459",)), sees_cells=True)
    assert (blank.value, blank.status, blank.why) == (None, ObservationStatus.LATE, "withdrawn")
    assert (whole.value, whole.status) == (0.001, ObservationStatus.NORMAL)
    assert said(RATE, "2026-01") == {("so-y-te", "2026-01")}
