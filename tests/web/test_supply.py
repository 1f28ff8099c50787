"""The supply board: gaps first, and zero rows on time are not silence."""

from datetime import date

import pytest
from tests import cast
from tests.web import scenes

from vamco.intake.contracts import packs
from vamco.intake.gaps import N_RUNS
from vamco.intake.models import State
from vamco.intake.supply import SupplyState
from vamco.web.supply.reading import N_PERIODS, board_of
from vamco.web.templatetags.supply_words import LOOKS

pytestmark = pytest.mark.django_db
WEEKLY = "health.notified_cases"
ON = date(2026, 11, 20)


def board(on: date = ON):
    return board_of(on, [packs().contract(WEEKLY)])


def test_what_never_came_is_one_gap_from_the_oldest_to_the_newest():
    (gap,) = board().gaps
    assert gap.state is SupplyState.SILENT
    assert gap.oldest.due_on < gap.newest.due_on
    assert board().n_missing == len(gap.missing)


def test_a_gap_says_each_run_of_missing_periods_and_what_came_between():
    scenes.delivery("2026-W40", State.ACCEPTED, contract_id=WEEKLY, received_at=scenes.NOW)
    (gap,) = board().gaps
    assert [run.state for run in gap.runs] == [SupplyState.SILENT, SupplyState.SILENT, SupplyState.OVERDUE]
    assert (str(gap.runs[0].last.period), str(gap.runs[1].first.period)) == ("2026-W39", "2026-W41")
    assert gap.missing == tuple(entry for run in gap.runs for entry in run.missing)


def test_many_runs_are_cut_and_what_is_cut_is_counted():
    for week in range(28, 44, 3):
        scenes.delivery(f"2026-W{week}", State.ACCEPTED, contract_id=WEEKLY, received_at=scenes.NOW)
    (gap,) = board().gaps
    assert len(gap.shown_runs) == N_RUNS < len(gap.runs)
    assert gap.n_earlier + sum(len(run.missing) for run in gap.shown_runs) == len(gap.missing)


def test_a_delivery_without_rows_on_time_is_no_gap():
    made = scenes.delivery(
        "2026-W45", State.ACCEPTED, contract_id=WEEKLY, received_at=scenes.NOW.replace(day=9)
    )
    scenes.receipt(made, 0, 0, 0)
    assert "2026-W45" not in {str(entry.period) for entry in board().gaps[0].missing}


def test_a_row_holds_the_last_periods_only():
    (row,) = board().rows
    assert len(row.periods) == N_PERIODS
    assert row.periods[-1].period.contains(ON)


def test_the_board_can_be_asked_for_another_day_and_agency(client):
    client.force_login(cast.lan())
    shown = client.get("/supply/?on=2026-11-20&agency=trung-tam-kiem-soat-benh-tat").text
    assert "20/11/2026" in shown
    assert "Ca bệnh truyền nhiễm được báo cáo" in shown
    assert "Hồ sơ thủ tục hành chính" not in shown


def test_each_state_of_supply_has_a_shape_and_a_level_of_its_own():
    assert set(LOOKS) == set(SupplyState)
    assert len(set(LOOKS.values())) == len(LOOKS)


def test_the_first_page_says_what_its_reader_owes(client):
    steward = cast.hoa()
    cast.steward_of(steward, "trung-tam-kiem-soat-benh-tat")
    client.force_login(steward)
    shown = client.get("/").text
    assert "Phải cấp" in shown
    assert "im lặng" in shown
    assert "Hồ sơ thủ tục hành chính" not in shown


def test_the_ledger_speaks_json_too(client):
    client.force_login(cast.lan())
    rows = client.get("/api/v1/supply?on=2026-11-20&agency=trung-tam-kiem-soat-benh-tat&state=silent").json()
    assert rows
    owed = {c.id for c in packs().contracts if c.agency == "trung-tam-kiem-soat-benh-tat"}
    assert {WEEKLY} <= {row["contract"] for row in rows} <= owed
    assert {row["state"] for row in rows} == {"silent"}
