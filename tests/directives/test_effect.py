"""Whether the figure moved: judged on made-up observations, and said with what it rests on."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.directives import orders
from tests.indicators.ledger import TAY_NINH, declare, definition, indicator, write

from vamco.directives.effect import (
    Effect,
    Judgement,
    Prompt,
    effect_of,
    effect_since,
    first_period_after,
    line_so_far,
    prompt_of,
    usual_change,
)
from vamco.directives.evidence import freeze_alert, freeze_figure, is_intact
from vamco.directives.issuing import issue
from vamco.directives.transitions import Verb
from vamco.geography.unit import Level
from vamco.indicators.question import Question
from vamco.packs.indicator import Band, Direction
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

pytestmark = pytest.mark.django_db

CASES = indicator(level="province", promise_days=1)
BEFORE = Period.parse("2026-09")
DONE_ON = date(2026, 9, 20)
NOW = timezone.make_aware(datetime(2026, 11, 20))
MONTHS = [f"2025-{n:02}" for n in range(7, 13)] + [f"2026-{n:02}" for n in range(1, 9)]
PROMPT = Prompt(CASES.id, TAY_NINH, BEFORE)


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    declare(monkeypatch, CASES)


def past(swing=10):
    """Fourteen months that go up and down by so much."""
    for n, month in enumerate(MONTHS):
        write(CASES, TAY_NINH, month, 100 + swing * (n % 2))


def effect(before, after, *, prompt=PROMPT, **facts) -> Effect:
    if before is not None:
        write(CASES, TAY_NINH, "2026-09", before)
    if after is not None:
        write(CASES, TAY_NINH, "2026-10", after)
    return effect_since(prompt, DONE_ON, as_known_at=NOW, **facts)


def test_a_fall_beyond_the_usual_of_what_should_be_low_has_moved():
    past(swing=10)
    found = effect(100, 60)
    assert (found.judgement, found.change, found.least, found.n_past) == (Judgement.MOVED, -40, 10, 14)
    assert "Có chuyển biến" in found.say("vi")
    assert found.as_dict()["after"]["value"] == 60


def test_a_fall_within_the_usual_has_not_moved():
    past(swing=10)
    assert effect(100, 92).judgement is Judgement.DID_NOT_MOVE


def test_a_rise_of_what_should_be_low_has_not_moved_and_is_said_to_be_worse():
    past(swing=10)
    found = effect(100, 160)
    assert (found.judgement, found.reason) == (Judgement.DID_NOT_MOVE, "directives.effect_got_worse")


@pytest.mark.parametrize(("direction", "judgement"), [
    (Direction.HIGHER, Judgement.MOVED), (Direction.LOWER, Judgement.DID_NOT_MOVE),
    (Direction.NEITHER, Judgement.NOT_COMPARABLE),
])  # fmt: skip
def test_which_way_is_better_says_the_indicator(monkeypatch, direction, judgement):
    declare(monkeypatch, replace(CASES, direction=direction))
    past(swing=10)
    assert effect(100, 160).judgement is judgement


def test_back_below_the_alerts_bound_has_moved_however_much_it_swings():
    past(swing=90)
    assert effect(100, 70, prompt=replace(PROMPT, bound=80.0)).judgement is Judgement.MOVED


def test_still_above_the_alerts_bound_has_not_moved():
    past(swing=90)
    assert effect(100, 85, prompt=replace(PROMPT, bound=80.0)).judgement is Judgement.DID_NOT_MOVE


def test_out_of_the_indicators_band_has_moved(monkeypatch):
    declare(monkeypatch, replace(CASES, bands=(Band(Severity.SEVERE, ">", Decimal(80), "thử"),)))
    past(swing=90)
    found = effect(100, 70)
    assert (found.judgement, found.is_back_to_normal) == (Judgement.MOVED, True)


def test_too_little_past_says_nothing():
    found = effect(100, 60)
    assert (found.judgement, found.reason) == (Judgement.NOT_COMPARABLE, "directives.effect_too_little_past")


def test_a_period_that_is_not_over_is_too_early():
    past()
    write(CASES, TAY_NINH, "2026-09", 100)
    found = effect_since(PROMPT, date(2026, 11, 3), as_known_at=NOW)
    assert (found.judgement, found.reason) == (Judgement.TOO_EARLY, "directives.effect_period_not_over")


def test_a_period_that_was_not_delivered_is_too_early():
    past()
    found = effect(100, None)
    assert (found.judgement, found.reason) == (Judgement.TOO_EARLY, "directives.effect_not_delivered")


def test_another_definition_since_is_not_comparable(monkeypatch):
    versions = (definition(valid_to_on=date(2026, 9, 30)), definition(2, valid_from_on=date(2026, 10, 1)))
    declare(monkeypatch, replace(CASES, definitions=versions))
    past()
    write(CASES, TAY_NINH, "2026-10", 60, definition_version=2)
    found = effect(100, None)
    assert (found.judgement, found.reason) == (Judgement.NOT_COMPARABLE, "indicators.reason_other_definition")


def test_after_is_the_first_whole_period_after_the_work():
    week = Prompt(CASES.id, TAY_NINH, Period.parse("2026-W40"))
    assert str(first_period_after(week, date(2026, 10, 20))) == "2026-W44"
    assert str(first_period_after(week, date(2026, 9, 1))) == "2026-W41"


def test_the_usual_change_is_that_which_nine_of_ten_do_not_exceed():
    assert usual_change([1, -2, 3, -4, 5, -6, 7, -8, 9, -100]) == 9
    assert usual_change([1.0] * 7) is None


def test_frozen_evidence_keeps_the_number_that_was_seen_and_its_vintages():
    row = write(CASES, TAY_NINH, "2026-09", 100)
    frozen = freeze_figure(Question(CASES, (BEFORE,), Level.PROVINCE, ("80",), map_on=date(2026, 11, 20)))
    assert (frozen["figure"]["value"], frozen["vintages"]) == (100, [row.pk])
    assert prompt_of(frozen) == PROMPT
    assert is_intact(frozen)
    assert not is_intact({**frozen, "figure": {**frozen["figure"], "value": 90}})


def test_a_small_count_stays_hidden_in_what_is_frozen(monkeypatch):
    declare(monkeypatch, replace(CASES, minimum_count=5))
    write(CASES, TAY_NINH, "2026-09", 3)
    asked = Question(
        replace(CASES, minimum_count=5), (BEFORE,), Level.PROVINCE, ("80",), map_on=date(2026, 11, 20)
    )
    frozen = freeze_figure(asked)
    assert frozen["figure"]["value"] is None


def test_the_effect_of_a_directive_begins_when_its_last_assignment_is_confirmed():
    past()
    write(CASES, TAY_NINH, "2026-09", 100)
    write(CASES, TAY_NINH, "2026-10", 60)
    alert = freeze_alert({"indicator": CASES.id, "unit_id": TAY_NINH, "period": "2026-09", "bound": 80})
    began = timezone.make_aware(datetime(2026, 9, 14, 8))
    assignment = orders.ordered(began, prompted_by=(alert,), issued_on=began.date())
    assert effect_of(assignment.directive, as_known_at=NOW).reason == "directives.effect_not_done"
    orders.walk(assignment, Verb.ACCEPT, Verb.SUBMIT, Verb.CONFIRM, since=began)
    assert effect_of(assignment.directive, as_known_at=NOW).judgement is Judgement.MOVED


def test_a_directive_without_a_figure_has_no_effect_to_measure():
    made = issue(orders.lan(), orders.draft(assignments=(orders.to(orders.COMMUNE, is_lead=True),)))
    assert effect_of(made).reason == "directives.effect_no_figure"


def test_the_chart_shows_the_past_and_every_period_that_is_over_since():
    past()
    write(CASES, TAY_NINH, "2026-10", 60)
    line = line_so_far(PROMPT, as_known_at=NOW)
    assert [str(figure.period) for figure in line[-3:]] == ["2026-08", "2026-09", "2026-10"]
    assert (line[-1].value, line[-3].value) == (60, 110)
