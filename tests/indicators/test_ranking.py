"""Rank among peers, and since when the worst have been that bad."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.indicators.ledger import TODAY, indicator, write

from vamco.geography.loading import province_register
from vamco.geography.unit import Level
from vamco.indicators.question import Question
from vamco.indicators.ranking import beyond, rank, since_when
from vamco.packs.indicator import Band
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATE = indicator(bands=(Band(Severity.SEVERE, ">", Decimal(10), "trial"),))
REGISTER = province_register(Path(__file__).parents[2] / "provinces", "tay-ninh")
COMMUNES = [unit.unit_id for unit in REGISTER.units_on(TODAY, Level.COMMUNE)]
A, B, C, D = COMMUNES[:4]


def about(period="2026-05"):
    return Question(LATE, (Period.parse(period),), Level.COMMUNE, map_on=TODAY, as_known_at=NOW)


def test_equal_values_share_a_place_and_what_is_missing_or_partial_has_none():
    for unit, n in ((A, 1), (B, 5), (C, 5), (D, 0)):
        write(LATE, unit, "2026-05", n)
    write(LATE, COMMUNES[4], "2026-05", 0, status="partial", coverage=0.5)
    found = rank(about(), sees_cells=True)
    assert [(r.figure.unit_id, r.place) for r in found[:4]] == [(D, 1), (A, 2), (B, 3), (C, 3)]
    assert {ranked.place for ranked in found[4:]} == {None}
    assert (found[0].n_ranked, found[0].n_peers) == (4, 96)
    worst = rank(about(), worst_first=True, sees_cells=True)
    assert [ranked.place for ranked in worst[:4]] == [1, 1, 3, 4]


def test_while_the_month_is_open_for_all_the_equally_far_are_ranked():
    for unit, n in ((A, 1), (B, 5)):
        write(LATE, unit, "2026-05", n, status="partial", coverage=0.5)
    assert [ranked.place for ranked in rank(about(), sees_cells=True)[:3]] == [1, 2, None]


def test_the_worst_are_told_since_when():
    for month, a, b in (("02", 11, 3), ("03", 9, None), ("04", 12, 20), ("05", 13, 21)):
        write(LATE, A, f"2026-{month}", a)
        write(LATE, B, f"2026-{month}", b)
        write(LATE, C, f"2026-{month}", 1)
    codes = [unit.partition("@")[0] for unit in (A, B, C)]
    found = since_when(about(), codes, sees_cells=True)
    assert (str(found[A].period), found[A].n_periods, found[A].is_at_least) == ("2026-04", 2, False)
    assert (str(found[B].period), found[B].is_at_least) == ("2026-04", True)
    assert C not in found
    below = since_when(about(), codes, beyond(LATE, 0.5), sees_cells=True)
    assert str(below[C].period) == "2026-02"
