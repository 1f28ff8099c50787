"""Derived indicators: evaluated on each period's own map, touched by what they reach, and no more."""

from datetime import UTC, date, datetime

import pytest
from tests.indicators.ledger import TAY_NINH, TODAY, declare, formula, indicator, run, write

from vamco.geography.unit import Level
from vamco.indicators.derived import in_order, recompute, touched
from vamco.indicators.models import Observation, Why
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Additivity, Band
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MAY = Period.parse("2026-05")
MERGED = "25486@2025-07-01"  # Xã Tân Biên, of several whole communes
CASES = indicator()
ratio = {"over_units": Additivity.RATIO, "over_time": Additivity.RATIO}
MEAN = indicator("mean", definitions=(formula("SAME_MONTH_MEAN(A, 5)", A=CASES.id),), **ratio)
TWICE = indicator("twice", definitions=(formula("2 * A", A=MEAN.id),), **ratio)


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    declare(monkeypatch, CASES, MEAN, TWICE)


def ask(one, period=MAY, **more):
    known = {"units": ("25486",), "as_known_at": NOW, "level": Level.COMMUNE, **more}
    (figure,) = figures(Question(one, (period,), **known), sees_cells=True)
    return figure


def write_five_mays(n=10):
    """So many cases in each former commune of the merged one."""
    register = territory_now().register
    for year in range(2021, 2026):
        day = date(year, 5, 31)
        for old in register.kin_on(register.get(MERGED), day):
            write(CASES, old.unit_id, f"{year}-05", n)
    return len(register.kin_on(register.get(MERGED), date(2025, 5, 31)))


def test_a_commune_that_did_not_exist_has_a_past_on_todays_map():
    n_former = write_five_mays()
    figure = ask(MEAN)
    assert n_former > 1
    assert (figure.value, figure.status) == (10 * n_former, ObservationStatus.NORMAL)
    Observation.objects.filter(period="2023-05").delete()
    missing = ask(MEAN)
    assert (missing.value, missing.status) == (None, ObservationStatus.MISSING)
    assert missing.reason.details["inputs"] == ["trial.cases 2023-05"]


def test_one_part_missing_makes_the_derived_figure_partial():
    write_five_mays()
    Observation.objects.filter(period="2023-05").first().delete()
    assert ask(MEAN).status is ObservationStatus.PARTIAL


def test_a_change_touches_the_periods_that_reach_it_and_no_others():
    changed = {CASES.id: {Period.parse("2023-05")}}
    found = touched(MEAN, changed, today=TODAY)
    assert {str(period) for period in found} == {"2024-05", "2025-05", "2026-05"}
    assert touched(TWICE, changed, today=TODAY) == set()


def test_what_is_derived_of_the_derived_comes_after_it():
    assert [one.id for one in in_order([TWICE, MEAN])] == [MEAN.id, TWICE.id]


def test_recomputing_records_what_changed_with_the_reason_of_the_input():
    n_former = write_five_mays()
    changed = {CASES.id: {Period.parse("2021-05")}}
    made = recompute(run(), changed)
    assert made[MEAN.id] == made[TWICE.id] == {MAY}
    row = Observation.objects.get(indicator=TWICE.id, unit_id=MERGED, superseded_at=None)
    assert (row.value, row.why, row.map_on) == (20 * n_former, Why.FIRST, MAY.end_on)
    assert recompute(run(), changed) == {}
    Observation.objects.filter(period="2021-05").update(
        numerator=20, value=20, why=Why.RESTATED, known_since_at=NOW
    )
    assert recompute(run(), changed)[MEAN.id] == {MAY}
    row = Observation.objects.get(indicator=MEAN.id, unit_id=MERGED, superseded_at=None)
    assert (row.value, row.why) == (12 * n_former, Why.RESTATED)


def test_stored_figures_are_read_as_they_were_known():
    write_five_mays()
    recompute(run(), {CASES.id: {Period.parse("2021-05")}})
    stored = ask(MEAN, as_known_at=None)
    kept = Observation.objects.get(indicator=MEAN.id, unit_id=MERGED)
    assert stored.vintages == (kept.pk,)
    assert ask(MEAN, as_known_at=NOW).value == stored.value


def test_a_unit_that_lacks_an_input_is_kept_as_missing_beside_those_that_do_not():
    write_five_mays()
    recompute(run(), {CASES.id: {Period.parse("2021-05")}})
    lacking = ask(MEAN, units=("25489",), as_known_at=None)
    assert (lacking.value, lacking.status) == (None, ObservationStatus.MISSING)
    assert lacking.reason.key == "indicators.reason_inputs_missing"
    assert not Observation.objects.filter(indicator=MEAN.id, period="2022-05").exists()


def test_a_band_may_begin_at_the_derived_line(monkeypatch):
    watched = indicator("watched", bands=(Band(Severity.SEVERE, ">", MEAN.id, "trial"),))
    declare(monkeypatch, CASES, MEAN, watched)
    n_former = write_five_mays()
    write(watched, MERGED, "2026-05", 10 * n_former + 1)
    assert ask(watched).severity is Severity.SEVERE
    Observation.objects.filter(indicator=watched.id).update(numerator=10 * n_former)
    assert ask(watched).severity is None


def test_the_formula_is_evaluated_anew_for_the_province():
    write(CASES, TAY_NINH, "2026-05", 3)
    double = indicator("double", definitions=(formula("2 * A", A=CASES.id),), **ratio)
    assert ask(double, level=Level.PROVINCE, units=None).value == 6
