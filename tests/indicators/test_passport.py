"""The passport says where a figure comes from, down to the rows, and what was said before."""

from dataclasses import replace

import pytest
from tests.indicators.facts import (
    BY_SEX,
    CASES,
    COUNT,
    LONG_AN,
    MERGED,
    NEW,
    OLD,
    POPULATION,
    SUM,
    case,
    indicator,
    moment,
    people,
)
from tests.indicators.facts import PEOPLE as PEOPLE_DATASET
from tests.indicators.ledger import declare, formula

from vamco.geography.unit import Level
from vamco.indicators.catching_up import catch_up
from vamco.indicators.passport import passport
from vamco.indicators.question import Question
from vamco.packs.indicator import Additivity
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db

CASES_OF_MONTH = indicator()
RATE = indicator(denominator=POPULATION, name="rate", over_units=Additivity.RATIO, over_time=Additivity.RATIO)
TWICE = indicator(name="twice", over_units=Additivity.RATIO, over_time=Additivity.RATIO)
OF_DENGUE = indicator(replace(COUNT, where="code = 'A90'"), name="dengue", breakdowns=(BY_SEX,))
SUM_OF_MONTH = indicator(SUM, name="sum")
TWICE = replace(TWICE, definitions=(formula("2 * A", A=CASES_OF_MONTH.id),))


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    declare(monkeypatch, CASES_OF_MONTH, OF_DENGUE, SUM_OF_MONTH, RATE, TWICE)


def of(one, code="25459", period="2026-01", level=Level.COMMUNE, sees_cells=True, **more):
    question = Question(one, (Period.parse(period),), level, (code,), **more)
    return passport(question, sees_cells=sees_cells)


def test_it_names_the_deliveries_and_the_rows_that_count(deliver):
    deliver(CASES, "2026-01", case("2026-01-05"), case("2026-01-09", "25480@2025-07-01"))
    deliver(CASES, "2026-02", case("2026-01-31"), case("2026-02-05"))
    catch_up()
    found = of(CASES_OF_MONTH)
    assert (found.figure.value, found.delivery_ids) == (2, (1, 2))
    (side,) = found.sides
    assert side.deliveries == {1: 1, 2: 1}
    rows = side.evidence.rows(limit=10)
    assert [(row["delivery_id"], row["row_no"]) for row in rows] == [(1, 1), (2, 1)]
    assert {row["place__unit"] for row in rows} == {NEW}
    assert len(side.evidence.rows(limit=1, offset=1)) == 1
    province = of(CASES_OF_MONTH, "80", level=Level.PROVINCE)
    assert sum(province.sides[0].deliveries.values()) == province.figure.n_rows == 3
    assert "COUNT(*)" in side.evidence.sql


def test_both_sides_of_a_rate_have_their_own_deliveries(deliver):
    deliver(CASES, "2026-01", case("2026-01-05"))
    deliver(PEOPLE_DATASET, "2026", *people(2026, of={NEW: 1000}))
    catch_up()
    said = of(RATE).as_dict()
    assert [(side["name"], side["value"]) for side in said["sides"]] == [
        ("numerator", 1),
        ("denominator", 1000),
    ]
    assert [side["deliveries"][0]["id"] for side in said["sides"]] == [1, 2]
    assert "chia cho" in said["definition"]["formula"]["vi"]


def test_a_restated_figure_keeps_what_was_said_before_and_why(deliver):
    first = deliver(CASES, "2026-01", case("2026-01-05"), at=moment("2026-02-01T08:00:00+07:00"))
    catch_up()
    deliver(CASES, "2026-01", case("2026-01-05"), case("2026-01-06"), restates=first)
    catch_up()
    found = of(CASES_OF_MONTH)
    assert [(v.value, v.why) for v in found.vintages] == [(2, "restated"), (1, "first")]
    assert found.vintages[1].superseded_at == found.vintages[0].known_since_at
    assert found.delivery_ids == (2,)
    before = of(CASES_OF_MONTH, as_known_at=found.vintages[1].known_since_at)
    assert (before.figure.value, len(before.vintages)) == (1, 1)


def test_the_words_are_made_from_the_numbers(deliver):
    deliver(CASES, "2026-01", case("2026-01-05", n=1234))
    catch_up()
    said = of(SUM_OF_MONTH).as_dict()["sentence"]
    assert said["vi"] == "Tháng 1/2026, Phường Tân Ninh: Thử là 1.234 Thử (số chính thức)."
    assert said["en"] == "January 2026, Phường Tân Ninh: Trial is 1,234 Trial (official)."


def test_a_small_count_has_no_evidence_for_those_who_may_not_see_cells(deliver):
    discreet = replace(CASES_OF_MONTH, minimum_count=5)
    deliver(CASES, "2026-01", case("2026-01-05"))
    catch_up()
    found = of(discreet, sees_cells=False)
    assert (found.figure.status, found.sides) == (ObservationStatus.SUPPRESSED, ())
    assert [(v.value, v.status) for v in found.vintages] == [(None, ObservationStatus.SUPPRESSED)]


def test_a_formula_shows_its_inputs(deliver):
    deliver(CASES, "2026-01", case("2026-01-05"))
    catch_up()
    found = of(TWICE)
    assert (found.figure.value, [figure.value for figure in found.inputs]) == (2, [1])
    assert found.as_dict()["definition"]["formula"]["en"] == "2 × A, where A = Trial"


def test_rows_of_a_former_commune_stand_behind_the_figure_on_todays_map(deliver):
    deliver(CASES, "2025-06", case("2025-06-05", OLD), case("2025-06-05", LONG_AN))
    catch_up()
    old = of(CASES_OF_MONTH, period="2025-06", map_on=Period.parse("2026-01").end_on)
    assert old.unit.unit_id == NEW
    assert [row["place__unit"] for row in old.sides[0].evidence.rows(limit=9)] == [OLD]
    whole = of(CASES_OF_MONTH, "80", "2025-06", Level.PROVINCE, map_on=Period.parse("2026-01").end_on)
    assert (whole.unit.unit_id, whole.figure.value) == (MERGED, 2)
    assert whole.sides[0].deliveries == {1: 2}


def test_only_rows_that_the_measure_and_the_part_count_stand_behind_it(deliver):
    rows = [
        case("2026-01-05", sex=sex, code=code) for sex, code in (("F", "A90"), ("F", "B01"), ("M", "A90"))
    ]
    deliver(CASES, "2026-01", *rows)
    catch_up()
    (side,) = of(OF_DENGUE).sides
    assert [row["row_no"] for row in side.evidence.rows(limit=9)] == [1, 3]
    women = of(OF_DENGUE, breakdown="sex=F")
    assert (women.figure.value, women.sides[0].deliveries) == (1, {1: 1})
