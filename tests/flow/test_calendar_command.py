"""`vamco calendar` explains a day, works out a deadline, and signs only after saying what moves."""

import json

import pytest
from click.testing import CliRunner
from tests.worktime.drawn import at

from vamco.deadlines.clocks import start
from vamco.deadlines.models import SignedDay
from vamco.flow.command_line import vamco
from vamco.worktime.policy import WORKING_DAYS, ClockPolicy

pytestmark = pytest.mark.django_db
ROW = ("--title", "Nghỉ bù", "--decision", "99/QĐ", "--announced", "2026-11-02")


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")

    def ran(*arguments: str, **options):
        return CliRunner().invoke(vamco, ["calendar", *arguments], **options)

    return ran


def test_a_year_shows_the_days_that_are_not_as_the_week_has_them(run):
    shown = run("show", "--year", "2026").stdout
    assert "02/01/2026  thứ Sáu   nghỉ          Nghỉ hoán đổi dịp Tết Dương lịch" in shown
    days = {each["on"]: each for each in json.loads(run("show", "--year", "2026", "--json").stdout)}
    assert days["2026-01-10"]["decision"] == "12729/VPCP-KGVX"
    assert "2026-11-20" not in days


def test_a_day_is_explained_with_the_document_that_decided_it(run):
    assert "12729/VPCP-KGVX" in run("explain", "02/01/2026").stdout
    assert json.loads(run("explain", "2026-11-20", "--json").stdout)["shifts"] == "07:30-11:30 13:30-17:00"


def test_a_deadline_says_its_rule_and_its_day(run):
    shown = run("deadline", "30/12/2025", "3").stdout
    assert "3 ngày làm việc, tính từ ngày hôm sau" in shown
    assert "17:00 06/01/2026 (thứ Ba)" in shown
    before = run("deadline", "2025-12-30", "3", "--known-on", "2025-12-24", "--json").stdout
    assert json.loads(before)["due_at"].startswith("2026-01-05T17:00")


def test_signing_says_first_how_many_deadlines_move_and_takes_no_for_an_answer(run):
    start("a:1", "answer", ClockPolicy(WORKING_DAYS, 3), at("2026-12-15 09:00"), "lan")
    refused = run("decide", "18/12/2026", "day_off", *ROW, input="n\n")
    assert "1 trong 1 hạn đang mở sẽ được tính lại." in refused.stdout
    assert not SignedDay.objects.exists()
    signed = run("decide", "18/12/2026", "day_off", *ROW, input="y\n")
    assert "Đã ký 18/12/2026. 1 trong 1 hạn đang mở đã đổi." in signed.stdout
    taken = json.loads(run("take-back", "18/12/2026", "--why", "nhầm", "--json").stdout)
    assert (taken["kind"], taken["n_moved"]) == ("taken_back", 1)
