"""The frictionless library, slow and careful, finds the same bad cells as our SQL."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from frictionless import Detector, Resource, Schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.intake.conftest import column, contract
from tests.intake.test_cells import checked

from vamco.packs.contract import Kind

MADE = contract(
    column("code", Kind.CODE, required=True, pattern="[A-Z][0-9]{3}"),
    column("day", Kind.DATE),
    column("n", Kind.INTEGER, minimum="0", maximum="500"),
    column("status", choices=("open", "shut")),
    column("note", max_length=5),
)
SCHEMA = {
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "[A-Z][0-9]{3}"}},
        {"name": "day", "type": "date", "format": "%d/%m/%Y"},
        {"name": "n", "type": "integer", "constraints": {"minimum": 0, "maximum": 500}},
        {"name": "status", "type": "string", "constraints": {"enum": ["open", "shut"]}},
        {"name": "note", "type": "string", "constraints": {"maxLength": 5}},
    ]
}
ROWS = st.lists(  # a row without any cell is set aside before the check
    st.tuples(
        st.sampled_from(["A123", "Z999", "A12", "a123", ""]),
        st.sampled_from(["15/06/2026", "31/02/2026", "soon", ""]),
        st.sampled_from(["0", "17", "501", "-1", "12a", "1.5", ""]),
        st.sampled_from(["open", "shut", "ajar", ""]),
        st.sampled_from(["ok", "a bit longer", ""]),
    ).filter(any),
    min_size=1,
    max_size=40,
)


def by_frictionless(content: str, path: Path) -> set[tuple[int, str, str]]:
    path.write_text(content, "utf-8")
    schema = Schema.from_descriptor(SCHEMA)
    resource = Resource(
        path=path.name, basepath=str(path.parent), schema=schema, detector=Detector(sample_size=20)
    )
    errors = resource.validate().flatten(["type", "rowNumber", "fieldName"])
    return {(row, field, type_) for type_, row, field in errors}


def by_us(content: str) -> Iterator[tuple[int, str, str]]:
    rows, _, found = checked(MADE, content, "SELECT row_no, fault FROM findings")
    for row_no, number in rows:
        fault = found.faults[number]
        yield row_no, fault.column, fault.error_type


def alike(found: set[tuple[int, str, str]]) -> set[tuple[int, str]]:
    """Row and column: what an unlisted choice is called differs."""
    return {(row, column) for row, column, _ in found}


def as_csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([c.name for c in MADE.columns])
    writer.writerows(rows)
    return text.getvalue()


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS)
def test_frictionless_finds_the_same_cells(rows, tmp_path_factory):
    assert_the_same_is_found(rows, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS)
def test_frictionless_finds_the_same_cells_of_many_files(rows, tmp_path_factory):
    assert_the_same_is_found(rows, tmp_path_factory)


def assert_the_same_is_found(rows, tmp_path_factory):
    content = as_csv([("A001", "01/06/2026", "1", "open", "ok"), *rows])
    theirs = by_frictionless(content, tmp_path_factory.mktemp("oracle") / "in.csv")
    ours = set(by_us(content))
    assert alike(ours) == alike(theirs)
    assert {error for error in ours if error[2] == "type-error"} == {
        e for e in theirs if e[2] == "type-error"
    }
