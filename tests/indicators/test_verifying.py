import pytest
from click.testing import CliRunner
from tests.indicators.facts import BY_SEX, CASES, NEW, PEOPLE, POPULATION, case, indicator, people

from vamco.flow.commands.indicators import group
from vamco.indicators.catching_up import catch_up
from vamco.indicators.models import Observation
from vamco.indicators.verifying import Outcome, verify

pytestmark = pytest.mark.django_db


def test_every_figure_can_be_recomputed_from_its_passport_however_much_came_later(deliver, installed):
    installed(indicator(breakdowns=(BY_SEX,)), indicator(denominator=POPULATION, name="rate"))
    first = deliver(CASES, "2026-01", case("2026-01-05", sex="nữ"), case("2026-01-06", sex="nam"))
    deliver(PEOPLE, "2025", *people(2025, of={NEW: 2000}))
    catch_up()
    deliver(CASES, "2026-01", case("2026-01-05", sex="nữ"), restates=first)
    deliver(CASES, "2026-02-01..2026-02-10", case("2026-02-05", sex="nữ"))
    catch_up()
    found = list(verify(10_000))
    assert len(found) == Observation.objects.filter(superseded_at=None).count()
    assert {one.outcome for one in found} == {Outcome.SAME}


def test_a_figure_that_was_tampered_with_is_found(deliver, installed):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05"))
    catch_up()
    Observation.objects.filter(unit_id=NEW).update(value=7)
    result = CliRunner().invoke(group, ["verify", "--sample", "500"])
    assert result.exit_code == 1
    assert f"{NEW} · 2026-01: value đang lưu 7.0, tính lại được 1.0" in result.output


def test_a_figure_by_an_earlier_declaration_is_not_called_wrong(deliver, installed):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05"))
    catch_up()
    installed(indicator(breakdowns=(BY_SEX,)))
    assert {one.outcome for one in verify(10)} == {Outcome.REDEFINED}
