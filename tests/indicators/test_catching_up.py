"""Figures follow deliveries: exactly those that a delivery touches, and each change says why."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from tests.indicators.facts import (
    BY_SEX,
    CASES,
    COUNT,
    MERGED,
    NEW,
    PEOPLE,
    POPULATION,
    case,
    indicator,
    people,
)

from vamco.geography.unit import Level
from vamco.indicators import catching_up
from vamco.indicators.catching_up import catch_up, compute_anew
from vamco.indicators.leasing import alone
from vamco.indicators.models import Digest, Lease, Observation, Run
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.supply_of import lacks
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType
from vamco.warehouse import ledger as deliveries

pytestmark = pytest.mark.django_db


def live(name="health.cases", unit=NEW):
    rows = Observation.objects.filter(indicator=name, unit_id=unit, breakdown="", superseded_at=None)
    return {row.period: (row.value, row.status, row.why) for row in rows}


def everything():
    rows = Observation.objects.filter(superseded_at=None).order_by("indicator", "unit_id", "period")
    return list(rows.values_list("indicator", "unit_id", "period", "breakdown", "value", "status", "n_rows"))


def test_a_delivery_brings_its_period_and_late_rows_say_so(deliver, installed):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05"))
    catch_up()
    assert live() == {"2026-01": (1, "normal", "first")}
    deliver(CASES, "2026-02", case("2026-02-05"), case("2026-01-30"))
    done = catch_up()
    assert live() == {"2026-01": (2, "normal", "late_rows"), "2026-02": (1, "normal", "first")}
    assert {str(period) for period in done.changed["health.cases"]} == {"2026-01", "2026-02"}
    assert Observation.objects.filter(unit_id=NEW, period="2026-01").count() == 2


def test_nothing_new_means_nothing_written(deliver, installed):
    made = indicator()
    installed(made)
    deliver(CASES, "2026-01", case("2026-01-05"))
    catch_up()
    n = Observation.objects.count()
    assert catch_up().run is None
    assert compute_anew([made]).changed == {}
    assert Observation.objects.count() == n


def test_a_restated_delivery_changes_what_it_changes_and_says_so(deliver, installed):
    installed(indicator())
    first = deliver(CASES, "2026-01", case("2026-01-05"), case("2026-01-06"))
    deliver(CASES, "2026-02", case("2026-02-05"))
    catch_up()
    deliver(CASES, "2026-01", case("2026-01-05"), restates=first)
    catch_up()
    assert live() == {"2026-01": (1, "normal", "restated"), "2026-02": (1, "normal", "first")}


def test_withdrawing_the_only_delivery_of_a_month_blanks_that_month_and_no_other(deliver, installed):
    installed(indicator())
    first = deliver(CASES, "2026-01", case("2026-01-05"))
    deliver(CASES, "2026-02", case("2026-02-05"))
    catch_up()
    with transaction.atomic():
        deliveries.supersede(CASES, [first.seq], why="withdrawn")
    catch_up()
    assert live() == {"2026-01": (None, "missing", "withdrawn"), "2026-02": (1, "normal", "first")}
    assert live(unit=MERGED)["2026-01"] == (None, "missing", "withdrawn")


def test_a_new_population_touches_the_rates_of_all_periods_that_it_serves(deliver, installed):
    installed(indicator(denominator=POPULATION, name="rate"))
    deliver(CASES, "2026-01", case("2026-01-05"))
    deliver(CASES, "2026-02", case("2026-02-05"))
    catch_up()
    assert live("health.rate")["2026-02"] == (None, "missing", "first")
    deliver(PEOPLE, "2025", *people(2025, of={NEW: 4}))
    catch_up()
    assert live("health.rate") == {
        "2026-01": (0.25, "normal", "late_rows"),
        "2026-02": (0.25, "normal", "late_rows"),
    }


def test_a_state_that_moves_to_another_month_leaves_the_old_one(deliver, installed):
    installed(indicator(replace(COUNT, latest_by=("code",))))
    deliver(CASES, "2026-01", case("2026-01-05", code="a"), case("2026-01-06", code="b"))
    catch_up()
    deliver(CASES, "2026-02", case("2026-02-01", code="a"))
    catch_up()
    assert {period: said[0] for period, said in live().items()} == {"2026-01": 1, "2026-02": 1}


def test_a_new_definition_is_computed_for_all_periods_and_says_so(deliver, installed):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05", sex="nam"), case("2026-01-05", sex="nữ"))
    catch_up()
    installed(indicator(replace(COUNT, where="sex = 'nữ'")))
    catch_up()
    assert live() == {"2026-01": (1, "normal", "new_definition")}


def test_a_part_that_is_no_longer_there_is_zero_of_a_known_whole(deliver, installed):
    installed(indicator(breakdowns=(BY_SEX,)))
    first = deliver(CASES, "2026-01", case("2026-01-05", sex="nam"), case("2026-01-06", sex="nữ"))
    catch_up()
    deliver(CASES, "2026-01", case("2026-01-05", sex="nam"), restates=first)
    catch_up()
    parts = Observation.objects.filter(unit_id=NEW, superseded_at=None)
    assert dict(parts.values_list("breakdown", "value")) == {"": 1, "sex=nam": 1, "sex=nữ": 0}


def test_a_crash_while_writing_leaves_nothing_half_done(deliver, installed, monkeypatch):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05"))
    with monkeypatch.context() as patch:
        patch.setattr(catching_up, "_advance", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            catch_up()
    assert not Observation.objects.exists()
    catch_up()
    after_crash = everything()
    Observation.objects.all().delete()
    Digest.objects.all().delete()
    catching_up.Reach.objects.all().delete()
    Run.objects.all().delete()
    catch_up()
    assert everything() == after_crash


def test_a_process_that_comes_second_writes_nothing(deliver, installed, monkeypatch):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05"))
    computed = catching_up._computed

    def overtaken(*given):
        rows = computed(*given)
        monkeypatch.setattr(catching_up, "_computed", computed)
        catch_up()
        return rows

    monkeypatch.setattr(catching_up, "_computed", overtaken)
    catch_up()
    assert Observation.objects.filter(unit_id=NEW).count() == 1


def test_an_indicator_that_does_not_fit_its_data_keeps_no_other_from_its_figures(deliver, installed):
    installed(indicator(), indicator(replace(COUNT, where="(SELECT 1)"), name="bad"))
    deliver(CASES, "2026-01", case("2026-01-05"))
    catch_up()
    assert live() == {"2026-01": (1, "normal", "first")}
    assert catch_up().run is None


def test_only_parts_with_rows_are_kept_and_a_reader_knows_the_others_are_zero(deliver, installed):
    watched = indicator(breakdowns=(BY_SEX,))
    installed(watched)
    deliver(CASES, "2026-01", case("2026-01-05", sex="nam"))
    catch_up()
    kept = Observation.objects.filter(level="commune").exclude(breakdown="")
    assert list(kept.values_list("unit_id", "breakdown", "value")) == [(NEW, "sex=nam", 1)]
    january = (Period.parse("2026-01"),)
    for part, n in (("sex=nam", 1), ("sex=nữ", 0)):
        asked = Question(watched, january, Level.COMMUNE, (NEW[:5],), breakdown=part)
        assert [(figure.value, figure.status) for figure in figures(asked)] == [(n, "normal")]


def test_what_is_split_in_the_province_only_is_kept_there_only(deliver, installed):
    watched = indicator(breakdowns=(replace(BY_SEX, by_unit=False),))
    installed(watched)
    deliver(CASES, "2026-01", case("2026-01-05", sex="nam"))
    catch_up()
    kept = Observation.objects.exclude(breakdown="")
    assert list(kept.values_list("unit_id", "breakdown", "value")) == [(MERGED, "sex=nam", 1)]
    asked = Question(watched, (Period.parse("2026-01"),), Level.COMMUNE, (NEW[:5],), breakdown="sex=nam")
    assert [figure.status for figure in figures(asked)] == ["not_applicable"]


def test_figures_are_known_since_their_data_and_a_new_definition_only_since_now(deliver, installed):
    installed(indicator())
    then = timezone.now() - timedelta(days=30)
    deliver(CASES, "2026-01", case("2026-01-05"), at=then)
    catch_up()
    (first,) = set(Observation.objects.values_list("known_since_at", flat=True))
    assert first - then < timedelta(minutes=1)
    installed(indicator(replace(COUNT, where="n > 1")))
    catch_up()
    changed = Observation.objects.filter(why="new_definition").first()
    assert timezone.now() - changed.known_since_at < timedelta(minutes=1)


def test_while_one_has_the_figures_to_itself_no_other_computes(deliver, installed):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05"))
    with alone("demo"):
        assert catch_up("worker").run is None
        assert live() == {}
        catch_up("demo")
        assert live() == {"2026-01": (1, "normal", "first")}
    deliver(CASES, "2026-02", case("2026-02-05"))
    assert catch_up("worker").run is not None


def test_a_holder_that_died_is_in_nobodys_way_for_long(deliver, installed):
    installed(indicator())
    deliver(CASES, "2026-01", case("2026-01-05"))
    Lease.objects.create(holder="demo", until=timezone.now() - timedelta(seconds=1))
    assert catch_up().run is not None


def test_a_count_of_the_period_itself_is_gone_with_its_delivery_and_no_older_one_takes_its_place(
    deliver, installed
):
    counted = indicator(replace(POPULATION, at_most_years_old=0), period_type=PeriodType.YEAR)
    installed(counted)
    deliver(PEOPLE, "2025", *people(2025, of={NEW: 10}))
    last = deliver(PEOPLE, "2026", *people(2026, of={NEW: 12}))
    catch_up()
    assert {period: said[:2] for period, said in live().items()} == {
        "2025": (10, "normal"),
        "2026": (12, "normal"),
    }
    with transaction.atomic():
        deliveries.supersede(PEOPLE, [last.seq], why="withdrawn")
    catch_up()
    assert live()["2026"] == (None, "missing", "withdrawn")
    assert [lack.dataset for lack in lacks(counted, Period.parse("2026"))] == [PEOPLE]
    assert lacks(counted, Period.parse("2025")) == []
    assert live()["2025"][:2] == (10, "normal")
