"""The command line of deliveries and of the supply ledger."""

import json

import pytest
from click.testing import CliRunner
from tests.intake.test_deliveries import CASES, HEADER

from vamco.flow.commands import deliver as deliver_command
from vamco.flow.commands import deliveries, supply
from vamco.intake.models import Delivery
from vamco.vocabulary.errors import NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(contracts_in_use):
    contracts_in_use(CASES)

    def run(command, *arguments, exit_code=0):
        result = CliRunner().invoke(command, [str(a) for a in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == exit_code, result.output
        return result.output

    return run


@pytest.fixture
def bad_file(tmp_path):
    path = tmp_path / "ca-benh.csv"
    path.write_text(HEADER + "A1,31/02/2026,1\nA2,02/06/2026,2\n", "utf-8")
    return path


def test_a_delivery_is_handed_in_corrected_and_compared(run, bad_file, tmp_path):
    said = run(deliver_command.command, bad_file, "--contract", CASES.id, "--period", "Tháng 6/2026")
    assert "31/02/2026" in said
    assert "chấp nhận một phần" in said
    fixed = tmp_path / "sua.csv"
    first = Delivery.objects.get().pk
    run(deliveries.command, "rejects", first, "-o", fixed)
    fixed.write_text(fixed.read_text("utf-8-sig").replace("31/02", "28/02"), "utf-8")
    shown = json.loads(run(deliveries.command, "replay", first, fixed, "--json"))
    assert (shown["state"], [part["receipt"]["n_accepted"] for part in shown["parts"]]) == (
        "accepted",
        [1, 1],
    )
    assert shown["whole"]["counts"] == {
        "received": 2,
        "accepted": 2,
        "rejected": 0,
        "declared_duplicates": 0,
        "dropped": 0,
    }
    assert shown["whole"]["score"]["value"] == 100
    assert "Cả lần cấp: 2 dòng nhận · 2 vào kho" in run(deliveries.command, "show", first)
    bad_file.write_text(HEADER + "A2,02/06/2026,9\n", "utf-8")
    run(deliver_command.command, bad_file, "--contract", CASES.id, "--period", "2026-06")
    second = Delivery.objects.first().pk
    rows = json.loads(run(deliveries.command, "difference", first, second, "--json"))
    assert {(row["change"], row["key"][0]) for row in rows} == {("removed", "A1"), ("changed", "A2")}
    assert [row["id"] for row in json.loads(run(deliveries.command, "list", "--json"))] == [second, first]
    assert "A2" in run(deliveries.command, "difference", first, second)
    assert CASES.id in run(deliveries.command, "list", "--contract", CASES.id)


def test_the_whole_report_has_every_finding_in_the_language_asked(run, bad_file, monkeypatch):
    shown = run(deliver_command.command, bad_file, "--contract", CASES.id, "--period", "2026-06", "--json")
    made = json.loads(shown)["id"]
    monkeypatch.setenv("VAMCO_LANGUAGE", "en")
    report = json.loads(run(deliveries.command, "receipt", made, "--json"))
    assert [error["note"] for error in report["tasks"][0]["errors"]] == [
        "Column “Ngày khởi phát”: there is no day “31/02/2026”. Check day and month."
    ]
    assert "rows received" in run(deliveries.command, "show", made)


def test_a_delivery_of_which_nothing_is_accepted_exits_with_one(run, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x00\x01")
    run(deliver_command.command, path, "--contract", CASES.id, "--period", "2026-06", exit_code=1)


def test_without_waiting_the_delivery_is_left_to_the_worker(run, bad_file):
    shown = json.loads(
        run(
            deliver_command.command,
            bad_file,
            "--contract",
            CASES.id,
            "--period",
            "2026-06",
            "--no-wait",
            "--json",
        )
    )
    assert shown["state"] == "received"
    with pytest.raises(Refused, match="not_checked_yet"):
        run(deliveries.command, "receipt", shown["id"])


def test_a_delivery_that_is_not_there_is_not_found(run):
    with pytest.raises(NotFound):
        run(deliveries.command, "show", 99)


def test_the_supply_ledger_as_of_a_day(run):
    assert json.loads(run(supply.command, "--on", "2026-07-01", "--all", "--json")) == []


def test_the_receipt_says_what_a_restatement_takes_away_and_why_nothing_is_scored(run, bad_file):
    asked = ("--contract", CASES.id, "--period", "2026-06")
    run(deliver_command.command, bad_file, *asked)
    bad_file.write_text(HEADER, "utf-8")
    said = run(deliver_command.command, bad_file, *asked)
    assert "kỳ này nay trống" in said
    assert "vẫn đọc lại được trong lịch sử" in said
    assert "nộp lại tệp đủ dòng" in said
    assert "không chấm điểm" in said


def test_after_corrections_nobody_could_read_the_rejects_are_still_handed_out(run, bad_file, tmp_path):
    run(deliver_command.command, bad_file, "--contract", CASES.id, "--period", "2026-06")
    number, sent, out = Delivery.objects.get().pk, tmp_path / "sua.csv", tmp_path / "ra.csv"
    sent.write_bytes(b"%PDF-1.4 ...")
    run(deliveries.command, "replay", number, sent, exit_code=1)
    run(deliveries.command, "rejects", number, "-o", out)
    assert "31/02/2026" in out.read_text("utf-8-sig")
    sent.write_text(out.read_text("utf-8-sig").replace("31/02", "30/02"), "utf-8")
    assert "(dòng 2 của tệp sửa)" in run(deliveries.command, "replay", number, sent, exit_code=1)
