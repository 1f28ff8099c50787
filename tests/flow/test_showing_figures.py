"""`vamco indicators show` answers on any map, as known at any moment, or says why it does not."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.utils import timezone
from tests.indicators.ledger import LONG_AN, OLD_TAY_NINH, TAY_NINH, indicator, write

from vamco.flow import showing_figures
from vamco.flow.command_line import vamco
from vamco.vocabulary.errors import Refused

pytestmark = pytest.mark.django_db
CASES = indicator(level="province")


@pytest.fixture
def show(monkeypatch):
    monkeypatch.setenv("VAMCO_LANGUAGE", "vi")
    monkeypatch.setattr(showing_figures, "indicator_of", lambda _id: CASES)
    write(CASES, LONG_AN, "2016-05", 30)
    later = datetime(2026, 6, 1, tzinfo=UTC)
    write(CASES, OLD_TAY_NINH, "2016-05", 12, superseded_at=later)
    write(CASES, OLD_TAY_NINH, "2016-05", 13, known_since_at=later, why="late_rows")

    def said(*arguments: str) -> str:
        command = ["indicators", "show", CASES.id, "--period", "2016-05", *arguments]
        done = CliRunner().invoke(vamco, command, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return said


@pytest.mark.parametrize(
    ("arguments", "value", "unit_id"),
    [
        (["--unit", "80", "--on", "2026-11-22"], 43, TAY_NINH),
        (["--unit", "80", "--map", "today"], 43, TAY_NINH),
        (["--unit", "80", "--map", "today", "--as-known-at", "2026-05-31"], 42, TAY_NINH),
        (["--unit", "80", "--on", "2016-05-01"], 30, LONG_AN),
        (["--unit", "72", "--on", "2016-05-01", "--map", "as-reported"], 13, OLD_TAY_NINH),
        (["--unit", "72", "--on", "2016-05-01", "--map", "2020-01-01"], 13, OLD_TAY_NINH),
    ],
)
def test_the_same_code_is_another_unit_on_another_map(show, arguments, value, unit_id):
    said = json.loads(show(*arguments, "--json"))
    assert (said["value"], said["unit_id"], said["status"]) == (value, unit_id, "normal")


def test_people_read_it_in_their_words(show):
    lines = show("--unit", "80", "--map", "today").splitlines()
    assert lines[0] == "Thử · Tỉnh Tây Ninh · Tháng 5/2016"
    assert "  Giá trị: 43 Thử" in lines
    assert "  Tình trạng: đủ số liệu" in lines


def test_a_unit_that_is_not_on_the_map_is_refused_with_those_that_are(show):
    with pytest.raises(Refused) as refused:
        show("--unit", "72", "--on", "2016-05-01", "--map", "today")
    assert refused.value.key == "indicators.unit_not_on_map"
    assert [other["unit_id"] for other in refused.value.details["candidates"]] == [TAY_NINH]
    said = refused.value.say("vi")["what"]
    assert f"{timezone.localdate():%d/%m/%Y}" in said
