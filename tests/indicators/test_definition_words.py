"""How indicators are made, said without a name of a column and without the query language."""

import re

import pytest
import sqlglot
from tests.packs.shipped import shipped_packs

from vamco.indicators.definition_words import formula_in_words, measure_in_words
from vamco.indicators.expression_words import Words
from vamco.packs.indicator import Aggregation, Measure
from vamco.vocabulary.messages import LANGUAGES

SQL = re.compile(
    r"\b(?:NULL|AND|OR|NOT|IS|IN|CASE|WHEN|THEN|ELSE|END|CAST|BETWEEN|DATE_?DIFF|[A-Z]+_[A-Z_]+)\b"
)
CODE = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b|[<>=]")
QUOTED = re.compile(r"“[^”]*”")
LETTERS = re.compile(r"\b[A-Z] = ")
INDICATORS = shipped_packs().indicators


def said_of(indicator, language):
    for definition in indicator.definitions:
        yield formula_in_words(definition, language)
        for measure in (definition.numerator, definition.denominator):
            if measure:
                yield measure_in_words(measure, language)


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.id)
def test_no_indicator_shows_how_its_query_is_written(indicator):
    for language in LANGUAGES:
        for said in said_of(indicator, language):
            assert SQL.search(said) is None, said
            assert CODE.search(LETTERS.sub("", QUOTED.sub("", said))) is None, said


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda one: one.id)
def test_no_column_goes_by_its_name(indicator):
    names = {column.name for contract in shipped_packs().contracts for column in contract.columns}
    for said in said_of(indicator, "vi"):
        assert names.isdisjoint(re.findall(r"\w+", QUOTED.sub("", said))), said


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (
            "returned_at IS NOT NULL AND has_electronic_result",
            "đã có “Thời điểm trả kết quả” và “Có kết quả điện tử” là có",
        ),
    ],
)
def test_a_condition_is_a_sentence(where, words):
    measure = Measure("public-administration.dossiers", Aggregation.COUNT, where=where)
    assert measure_in_words(measure, "vi").endswith(f"với điều kiện {words}")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("SAME_MONTH_MEAN(A, 5) + 2 * B", "trung bình của A cùng kỳ 5 năm trước + 2 × B"),
        ("LEAST(2, 2.5*A/0.80)", "số nhỏ nhất trong (2; 2,5 × A chia 0,8)"),
        ("CASE WHEN N = 0 THEN 6 ELSE 6*B END", "(6 nếu N bằng 0; còn lại 6 × B)"),
        ("(A - PREVIOUS(A, 1)) / 1200000", "(A − A của 1 kỳ trước đó) chia 1.200.000"),
        ("NOT (a OR b IN ('x', 'y'))", "không phải (a là có hoặc b là “x” hoặc “y”)"),
    ],
)
def test_operators_and_functions_are_words(expression, words):
    tree = sqlglot.parse_one(expression, dialect="duckdb")
    assert Words({}, "vi").value(tree) == words
