"""What the expression of a rule may say."""

import pytest

from vamco.packs.contract import Rule
from vamco.packs.lint.expression import objections
from vamco.vocabulary.text import Text

COLUMNS = {"a", "b", "day_on", "status"}


def objected(holds, scope="row"):
    return list(objections(Rule("r", Text("v", "e"), scope, holds), COLUMNS))


@pytest.mark.parametrize(
    "holds",
    [
        "a >= b",
        "NOT (a > 0) OR status IN ('x', 'y') AND b IS NOT NULL",
        "date_diff('day', day_on, day_on) <= 60",
        "day(day_on) = 1 AND day_on = last_day(day_on)",
        "coalesce(a, b) BETWEEN 0 AND 10",
        "CASE WHEN a > 0 THEN b > 0 ELSE true END",
        "regexp_matches(status, '^x')",
    ],
)
def test_a_row_rule_compares_the_cells_of_a_row(holds):
    assert objected(holds) == []


@pytest.mark.parametrize(
    "holds", ["count(*) > 0", "sum(a) <= sum(b)", "count(DISTINCT a) = 1 AND max(b) > 0"]
)
def test_a_delivery_rule_compares_aggregates(holds):
    assert objected(holds, "delivery") == []
    assert objected(holds, "row") != []


@pytest.mark.parametrize(
    "holds",
    [
        *("a >", "a b c", "", "a > 0; DROP TABLE x", "a > 0, b > 0", "a FROM x", "a WHERE a > 0"),
        *("nowhere > 0", "t.a > 0", "(SELECT 1) > 0", "a IN (SELECT b FROM x)", "EXISTS (SELECT 1)"),
        *("secret(a) > 0", "read_csv('x')", "row_number() OVER () > 1", "*", "a AS b", "getenv('HOME') = a"),
    ],
)
def test_what_reads_more_than_the_row_is_refused(holds):
    assert objected(holds)


def test_a_delivery_rule_has_no_loose_column():
    assert objected("a > 0", "delivery") == ["a"]
    assert objected("max(a) > b", "delivery") == ["b"]


def test_the_objection_is_the_part_at_fault():
    assert objected("a > 0 AND nowhere > 0") == ["nowhere"]
