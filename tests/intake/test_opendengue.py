"""OpenDengue's Vietnam extract is delivered whole, provinces judged on the map of each row's first day."""

import pytest
from sqlglot import parse_one

from vamco.accounts.policy import PROGRAM
from vamco.intake.models import Channel, State
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one
from vamco.warehouse.engine import engine

pytestmark = pytest.mark.django_db

N_ROWS = 12_687


def rows(query: str) -> list[tuple]:
    return [tuple(row.values()) for row in engine().table(parse_one(query, dialect="duckdb")).to_pylist()]


@pytest.fixture
def delivery(shared):
    file = shared / "epidemic" / "opendengue" / "vietnam_spatial_extract_V1_3.csv"
    with file.open("rb") as stream:
        received = receive(
            PROGRAM,
            "health.provincial_disease_counts",
            "1960-01-01..2025-12-31",
            stream,
            file.name,
            Channel.COMMAND_LINE,
        )
    return check_one(received.delivery, "test")


def test_every_row_is_accepted_and_the_two_provinces_add_up(delivery):
    receipt = delivery.receipt
    assert delivery.state == State.ACCEPTED, receipt.report["tasks"][0]["errors"][:5]
    assert (receipt.n_received, receipt.n_accepted, receipt.n_duplicates) == (N_ROWS, N_ROWS, 0)
    monthly = """
        SELECT unit, count(*) AS n_months, sum(n_cases) AS n_cases
        FROM health.provincial_disease_counts
        WHERE period_type = 'Month' AND unit IN ('LONG AN', 'TAY NINH') GROUP BY unit ORDER BY unit"""
    assert rows(monthly) == [("LONG AN", 202, 42_125), ("TAY NINH", 203, 22_361)]


def test_names_are_units_of_the_map_of_their_time_and_missing_months_are_missing(delivery):
    units = "SELECT DISTINCT unit__unit FROM health.provincial_disease_counts WHERE unit = 'LONG AN'"
    assert [unit.partition("@")[0] for (unit,) in rows(units)] == ["80"]
    zeros = """
        SELECT count(*) FROM health.provincial_disease_counts
        WHERE unit = 'LONG AN' AND period_type = 'Month' AND n_cases IS NULL"""
    assert rows(zeros) == [(0,)]
    country = "SELECT count(*) FROM health.provincial_disease_counts WHERE unit__unit LIKE 'VN@%'"
    assert rows(country)[0][0] > 0


def test_a_province_named_before_it_was_founded_is_marked_and_kept(delivery):
    errors = delivery.receipt.report["tasks"][0]["errors"]
    early = [error for error in errors if error["cell"] == "BINH DUONG"]
    assert early
    assert {error["strictness"] for error in early} == {"warning"}
    unnamed = """
        SELECT min(year(period_start_on)) AS first, max(year(period_start_on)) AS last
        FROM health.provincial_disease_counts WHERE unit = 'BINH DUONG' AND unit__unit IS NULL"""
    assert rows(unnamed) == [(1994, 1996)]
