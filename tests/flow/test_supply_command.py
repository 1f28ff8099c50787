"""`vamco supply` says what is missing as the page does: one line a dataset, in words, with totals."""

import json

import pytest
from click.testing import CliRunner

from vamco.accounts.models import Agency
from vamco.flow.command_line import vamco
from vamco.intake.supply import SupplyState
from vamco.vocabulary.messages import catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def say(monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")
    Agency.objects.create(code="trung-tam-kiem-soat-benh-tat", name_vi="Trung tâm KSBT", name_en="CDC")

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(vamco, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return said


def test_each_dataset_has_one_line_with_its_runs_under_a_header(say):
    header, *lines, total = say("supply", "--on", "22/11/2026").splitlines()
    assert header.startswith("Trạng thái")
    (weekly,) = (line for line in lines if "health.notified_cases" in line)
    assert weekly.startswith("im lặng")
    assert "  Trung tâm KSBT  " in weekly
    assert "Tuần 19/2024 đến Tuần 44/2026 (130 kỳ im lặng); Tuần 45/2026 đến Tuần 46/2026" in weekly
    assert total.startswith("Tính đến 22/11/2026: thiếu ")
    assert f"{len(lines)} bộ dữ liệu" in total


def test_a_day_is_read_as_people_and_as_iso_write_it(say):
    assert say("supply", "--on", "22/11/2026") == say("supply", "--on", "2026-11-22")


def test_all_lists_every_period_and_counts_them_by_state(say):
    periods = json.loads(say("supply", "--on", "2026-11-22", "--all", "--json"))
    _, *lines, counts, _ = say("supply", "--on", "2026-11-22", "--all").splitlines()
    assert len(lines) == len(periods)
    assert "chưa hết kỳ: " in counts


def test_english_is_spoken_where_it_is_asked_for(say):
    assert "silent" in say("--lang", "en", "supply", "--on", "2026-11-22")


def test_a_day_before_anything_is_owed_is_said_to_be_complete(say):
    assert say("supply", "--on", "2020-01-01") == "Tính đến 01/01/2020: không thiếu kỳ nào.\n"


def test_the_words_of_each_state_are_written_once_for_the_command_line_and_the_pages():
    assert {f"supply_{state}" for state in SupplyState} <= set(catalogue("intake"))
    assert not any(f"supply_{state}" in catalogue(door) for door in ("flow", "web") for state in SupplyState)
