"""Laws of a check: conservation, every bad cell explained, and units found on the map of their day."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.conftest import column, contract
from tests.intake.test_cells import checked

from vamco.geography.loading import province_register
from vamco.geography.resolver import Resolver
from vamco.intake.checking.check import check
from vamco.intake.checking.terms import Terms
from vamco.intake.checking.workspace import workspace
from vamco.intake.reading.reader import read
from vamco.intake.scoring import RuleScore, score_of
from vamco.packs.contract import Dimension, Kind, UnitReference, Weights
from vamco.packs.heading import written_names
from vamco.vocabulary.period import Period

PROVINCES = Path(__file__).parents[2] / "provinces"
MADE = contract(
    column("k", Kind.CODE, key_position=1, required=True),
    column("n", Kind.INTEGER, minimum="0"),
    column("d", Kind.DATE),
)
CELLS = st.tuples(
    st.sampled_from(["A", "B", "C", ""]),
    st.sampled_from(["1", "2", "-1", "x"]),
    st.sampled_from(["01/06/2026", "31/02/2026", ""]),
)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(CELLS, min_size=1, max_size=40))
def test_rows_received_are_accepted_rejected_or_declared_duplicates(rows):
    assert_conserved(rows)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(CELLS, min_size=1, max_size=15))
def test_many_files_are_conserved(rows):
    assert_conserved(rows)


def assert_conserved(rows):
    content = "k;n;d\n" + "".join(";".join(row) + "\n" for row in rows)
    accepted, reasons, found = checked(MADE, content, "SELECT row_no, k, n FROM accepted ORDER BY row_no")
    assert found.n_received == len(rows)
    assert len(accepted) == found.n_accepted
    refused = {row_no for row_no, _ in reasons}
    assert found.n_rejected == len(refused)
    bad = {
        n + 2
        for n, row in enumerate(rows)
        if row[0] == "" or row[1] in ("-1", "x") or row[2].startswith("31")
    }
    assert bad <= refused
    keys = [key for _, key, _ in accepted]
    assert len(keys) == len(set(keys))


def test_rows_keep_their_numbers_whatever_their_cells_are_compared_with():
    choices = tuple(f"choice {n}" for n in range(20))
    made = contract(column("k", Kind.INTEGER), column("b", Kind.BOOLEAN), column("c", choices=choices))
    n_rows, beside = 250_000, "x" * 300  # enough to be read in parallel
    lines = (f"{n};{'có' if n % 2 else 'không'};choice {n % 20};{beside}\n" for n in range(n_rows))
    content = "k;b;c;beside\n" + "".join(lines)
    wrong, _, found = checked(made, content, "SELECT count(*) FROM rows WHERE row_no <> k + 2")
    assert (wrong, found.n_accepted) == ([(0,)], n_rows)


@pytest.mark.parametrize(
    ("day", "code", "expected"),
    [
        ("30/06/2025", "27694", "27694@"),
        ("01/07/2025", "27694", "27694@2025-07-01"),
        ("01/07/2025", "99999", "unit_unknown"),
    ],
)
def test_a_code_is_looked_up_on_the_map_of_its_row(day, code, expected):
    unit = UnitReference("code", "commune", map_column="d")
    made = contract(column("u", Kind.UNIT, unit=unit), column("d", Kind.DATE))
    found, reasons = units_of(made, f"u,d\n{code},{day}\n")
    assert next(unit for unit in [*found, *reasons] if unit).startswith(expected)
    if day == "30/06/2025":
        assert found != ["27694@2025-07-01"]


def test_a_name_with_its_parent_is_a_unit_and_a_homonym_is_refused_with_its_candidates():
    unit = UnitReference("name", "commune", map_on=date(2025, 1, 1), parent_column="p")
    made = contract(column("u", Kind.UNIT, unit=unit), column("p"))
    found, reasons = units_of(made, "u,p\nxã Tân Thành,\n")
    assert (found, reasons) == ([], ["unit_ambiguous"])


def units_of(made, content):
    with workspace("test") as (connection, folder):
        path = folder / "in.csv"
        path.write_text(content, "utf-8")
        known = {name for c in made.columns for name in written_names(c)}
        table = read(path, filename="in.csv", known_headers=known, staging=folder)
        resolver = Resolver(province_register(PROVINCES, "tay-ninh"))
        check(connection, table, Terms(made, Period.parse("2026-06"), resolver))
        found = connection.execute("SELECT u__unit FROM accepted").fetchall()
        reasons = connection.execute("SELECT reason FROM findings").fetchall()
    return [unit for (unit,) in found], [reason for (reason,) in reasons]


def test_the_score_is_built_from_the_bottom_up_and_identifiers_must_be_whole():
    rules = [
        RuleScore("id", Dimension.CORRECT, "type", 100, 99),
        RuleScore("id", Dimension.COMPLETE, "required", 100, 100),
        RuleScore("n", Dimension.CORRECT, "type", 10, 5),
        RuleScore("n", Dimension.CORRECT, "range", 10, 10),
        RuleScore("n", Dimension.CLEAN, "unused", 0, 0),
    ]
    made = contract(column("id", identifier=True), column("n", identifier=True))
    score = score_of(rules, made)
    assert score.fields == {"id": 99.5, "n": 75.0}
    assert (score.value, score.level) == (87.25, "amber")
    assert score.serious == ("id", "n")
    weighed = replace(made, weights=Weights({"type": 3}, {Dimension.COMPLETE: 3}, {"id": 3}))
    assert score_of(rules, weighed).fields == {"id": 99.75, "n": 62.5}
    assert score_of(rules, weighed).value == (3 * 99.75 + 62.5) / 4
    assert score_of([], made).level is None
