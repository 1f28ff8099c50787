"""What a restatement changed, row by row."""

import pytest
from tests.intake.conftest import column, contract
from tests.intake.test_deliveries import CASES, HEADER

from vamco.intake.difference import difference
from vamco.vocabulary.errors import Refused

pytestmark = pytest.mark.django_db

BEFORE = HEADER + "A1,01/06/2026,1\nA2,02/06/2026,2\nA3,03/06/2026,3\n"
AFTER = HEADER + "A1,01/06/2026,1\nA2,02/06/2026,5\nA4,04/06/2026,\n"


def test_rows_added_removed_and_changed_are_told_apart(deliver):
    before, after = deliver(CASES, BEFORE), deliver(CASES, AFTER)
    found = [(row.change.value, row.key, dict(row.cells).get("n")) for row in difference(before, after)]
    assert found == [("changed", ("A2",), (2, 5)), ("removed", ("A3",), (3, None)), ("added", ("A4",), None)]


def test_the_difference_can_be_cut_short(deliver):
    before, after = deliver(CASES, BEFORE), deliver(CASES, AFTER)
    assert len(list(difference(before, after, limit=1))) == 1


def test_a_delivery_does_not_differ_from_itself(deliver):
    only = deliver(CASES, BEFORE)
    assert list(difference(only, only)) == []


def test_without_a_key_rows_are_only_added_and_removed(deliver):
    loose = contract(column("a"), column("b"))
    before, after = deliver(loose, "a,b\n1,2\n3,4\n"), deliver(loose, "a,b\n1,2\n3,5\n")
    assert sorted(row.change.value for row in difference(before, after)) == ["added", "removed"]


def test_deliveries_of_two_contracts_are_not_compared(deliver):
    other = contract(*CASES.columns, name="other")
    first, second = deliver(CASES, BEFORE), deliver(other, BEFORE)
    with pytest.raises(Refused, match="different_contracts"):
        next(difference(first, second))
