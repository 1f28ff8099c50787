"""An attacker who puts all published answers together finds no small count; and every door answers alike."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.indicators.ledger import (
    OLD_TAY_NINH,
    TAY_NINH,
    count,
    declare,
    definition,
    formula,
    indicator,
    rate,
    write,
)

from vamco.geography.unit import Level
from vamco.indicators.models import Observation
from vamco.indicators.passport import passport
from vamco.indicators.question import Question
from vamco.indicators.ranking import rank
from vamco.indicators.reading import figures
from vamco.packs.indicator import Additivity, Breakdown
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.text import Text

pytestmark = pytest.mark.django_db

LEAST = 5
NOW, TODAY = datetime(2026, 11, 22, tzinfo=UTC), date(2026, 11, 22)
HIDDEN = ObservationStatus.SUPPRESSED
SPLIT = (Breakdown("kind", Text("Loại", "Kind")),)
CASES = indicator(minimum_count=LEAST, breakdowns=SPLIT)
SHARE = rate("share", minimum_count=LEAST, definitions=(definition(denominator=count()),))
MERGED = {
    "25486@2025-07-01": ("25486@2004-08-31", "25495@2004-08-31", "25501@2004-08-31"),
    "25489@2025-07-01": ("25489@2004-08-31", "25492@2004-08-31"),
}
OLD = tuple(old for olds in MERGED.values() for old in olds)
NEW = (*MERGED, "25459@2025-07-01", "25480@2025-07-01")
UNITS = {"2025-05": OLD, "2025-06": OLD, "2025-07": NEW, "2025-08": NEW}
MONTHS = tuple(map(Period.parse, UNITS))
SPANS = tuple(
    Period.between(first.start_on, last.end_on)
    for first, last in ((0, 1), (0, 2), (0, 3), (1, 2), (2, 3))
    for first, last in [(MONTHS[first], MONTHS[last])]
)
PARTS = ("", "kind=a", "kind=b")
CELLS = [(unit, month, part) for month, units in UNITS.items() for unit in units for part in PARTS[1:]]


def ask(one, level, periods, *, units=None, map_on=None, breakdown="", **more):
    question = Question(one, tuple(periods), level, units, map_on, NOW, breakdown=breakdown)
    return figures(question, **more)


def fill(one, table):
    """Rows of the units, of their parts, and of the provinces, which are their sums."""
    for month, units in UNITS.items():
        province = OLD_TAY_NINH if month < "2025-07" else TAY_NINH
        for part in PARTS:
            cells = {unit: cell_of(table, unit, month, part) for unit in units}
            for unit, n in {province: sum(cells.values()), **cells}.items():
                if n or not part:
                    write(one, unit, month, n, breakdown=part)


def cell_of(table, unit, month, part):
    return sum(table[unit, month, own] for own in PARTS[1:] if part in ("", own))


def published():
    """Every figure that the attacker may ask for: all levels, maps, spans and parts."""
    for level in (Level.COMMUNE, Level.PROVINCE):
        for map_on in (None, TODAY):
            for part in PARTS:
                codes = tuple({unit.partition("@")[0] for unit in NEW})
                units = codes if map_on and level is Level.COMMUNE else None
                yield from ask(CASES, level, (*MONTHS, *SPANS), units=units, map_on=map_on, breakdown=part)


def equation(figure):
    """The cells that the figure is the sum of, as ones among zeros."""
    months = [month for month, period in zip(UNITS, MONTHS, strict=True) if _is_in(period, figure.period)]
    part = figure.breakdown
    return np.array(
        [float(month in months and part in ("", own) and _holds(figure, unit)) for unit, month, own in CELLS]
    )


def _is_in(month, span):
    return span.start_on <= month.start_on and month.end_on <= span.end_on


def _holds(figure, unit):
    return figure.level is Level.PROVINCE or unit in (figure.unit_id, *MERGED.get(figure.unit_id, ()))


def follows(known, wanted):
    """Whether the wanted sum is settled by the known ones."""
    if not known.size:
        return False
    found = np.linalg.lstsq(known.T, wanted, rcond=None)[0]
    return bool(np.allclose(known.T @ found, wanted, atol=1e-6))


tables = st.fixed_dictionaries({cell: st.sampled_from((0, 0, 1, 2, 4, 6, 9, 30)) for cell in CELLS})


@given(tables)
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_small_count_follows_from_all_that_is_published(table):
    Observation.objects.all().delete()
    fill(CASES, table)
    told = [figure for figure in published() if figure.value is not None]
    for figure in told:
        assert equation(figure) @ [table[cell] for cell in CELLS] == pytest.approx(figure.value)
    known = np.array([equation(figure) for figure in told])
    for unit, month, _ in CELLS:
        for part in PARTS:
            if 0 < cell_of(table, unit, month, part) < LEAST:
                wanted = [float((unit, month) == cell[:2] and part in ("", cell[2])) for cell in CELLS]
                assert not follows(known, np.array(wanted)), (unit, month, part)


class TestAMonth:
    @pytest.fixture(autouse=True)
    def rows(self):
        for unit, n in zip(NEW, (3, 9, 20, 40), strict=True):
            write(CASES, unit, "2025-07", n)
            write(CASES, unit, "2025-08", 50)
        write(CASES, TAY_NINH, "2025-07", 72)
        write(CASES, TAY_NINH, "2025-08", 200)

    def statuses(self, *periods, **more):
        found = ask(CASES, Level.COMMUNE, map(Period.parse, periods or ("2025-07",)), **more)
        return {figure.unit_id: figure.status for figure in found if figure.unit_id in NEW}

    def test_hides_the_two_smallest_with_a_small_count(self):
        assert [self.statuses()[unit] for unit in NEW] == [HIDDEN, HIDDEN, HIDDEN, "normal"]
        assert set(self.statuses(sees_cells=True).values()) == {"normal"}

    def test_answers_alike_for_one_unit_and_for_all(self):
        for unit in NEW:
            one = self.statuses(units=(unit.partition("@")[0],), map_on=TODAY)
            assert one == {unit: self.statuses(map_on=TODAY)[unit]}

    def test_keeps_the_total(self):
        (total,) = ask(CASES, Level.PROVINCE, [MONTHS[2]])
        assert total.value == 72

    def test_hides_the_quarter_that_would_tell_it(self):
        found = ask(CASES, Level.COMMUNE, [Period.parse("2025-Q3")], units=tuple(u[:5] for u in NEW))
        assert [figure.status for figure in found] == [HIDDEN, HIDDEN, HIDDEN, "partial"]

    def test_does_not_say_which_of_them_is_small(self):
        reasons = {str(f.reason) for f in ask(CASES, Level.COMMUNE, [MONTHS[2]]) if f.status == HIDDEN}
        assert len(reasons) == 1

    def test_has_no_place_and_no_vintages_told(self):
        question = Question(CASES, (MONTHS[2],), Level.COMMUNE, ("25480",), as_known_at=NOW)
        assert passport(question).vintages[0].value == 40
        hidden = Question(CASES, (MONTHS[2],), Level.COMMUNE, ("25459",), as_known_at=NOW)
        assert [vintage.value for vintage in passport(hidden).vintages] == [None]
        everybody = Question(CASES, (MONTHS[2],), Level.COMMUNE, as_known_at=NOW)
        assert [r.figure.unit_id for r in rank(everybody) if r.place] == [NEW[3]]


def test_a_figure_on_another_map_that_rests_on_a_hidden_one_is_hidden():
    for unit, n in zip(OLD, (3, 9, 20, 40, 50), strict=True):
        write(CASES, unit, "2025-06", n)
    found = ask(CASES, Level.COMMUNE, [MONTHS[1]], units=("25486", "25489"), map_on=TODAY)
    assert [(figure.status, figure.value) for figure in found] == [(HIDDEN, None), ("normal", 90)]


def test_the_few_whom_a_share_leaves_out_are_hidden():
    for unit, above in zip(NEW, (98, 100, 90, 80), strict=True):
        write(SHARE, unit, "2025-07", above, 100)
    write(SHARE, TAY_NINH, "2025-07", 368, 400)
    found = {f.unit_id: f.status for f in ask(SHARE, Level.COMMUNE, [MONTHS[2]])}
    assert [found[unit] for unit in NEW] == [HIDDEN, "normal", HIDDEN, HIDDEN]


def test_what_is_missing_is_never_hidden_instead():
    write(CASES, NEW[0], "2025-07", 3)
    write(CASES, NEW[1], "2025-07", None)
    found = {f.unit_id: f.status for f in ask(CASES, Level.COMMUNE, [MONTHS[2]])}
    assert (found[NEW[0]], found[NEW[1]]) == (HIDDEN, "missing")


def test_a_new_vintage_is_decided_anew(monkeypatch):
    declare(monkeypatch, CASES)
    asked = Question(CASES, (MONTHS[2],), Level.COMMUNE, ("25480",), TODAY)
    for unit, n in zip(NEW, (30, 9, 20, 40), strict=True):
        write(CASES, unit, "2025-07", n)
    assert figures(asked)[0].value == 40
    Observation.objects.filter(unit_id=NEW[2]).delete()
    write(CASES, NEW[2], "2025-07", 4)
    Observation.objects.filter(unit_id=NEW[1]).delete()
    assert figures(asked)[0].status == HIDDEN


def test_a_formula_over_a_hidden_figure_is_hidden(monkeypatch):
    twice = indicator("twice", definitions=(formula("2 * A", A=CASES.id),), over_units=Additivity.RATIO)
    declare(monkeypatch, CASES, twice)
    for unit, n in zip(NEW, (3, 9, 20, 40), strict=True):
        write(CASES, unit, "2025-07", n)
        write(twice, unit, "2025-07", 2 * n)
    codes = tuple(unit.partition("@")[0] for unit in NEW)
    for more in ({}, {"map_on": TODAY}, {"units": codes}):
        found = {f.unit_id: f.value for f in ask(twice, Level.COMMUNE, [MONTHS[2]], **more)}
        assert [found[unit] for unit in NEW] == [None, None, None, 80]
    assert {f.value for f in ask(twice, Level.COMMUNE, [MONTHS[2]], sees_cells=True)} >= {6, 18, 40, 80}


def test_a_small_part_of_the_province_takes_other_parts_with_it_but_not_the_whole():
    write(CASES, TAY_NINH, "2025-07", 103)
    for part, n in (("a", 3), ("b", 20), ("c", 30), ("d", 50)):
        write(CASES, TAY_NINH, "2025-07", n, breakdown=f"kind={part}")
    asked = [ask(CASES, Level.PROVINCE, [MONTHS[2]], breakdown=f"kind={part}")[0] for part in "abcd"]
    assert [figure.value for figure in asked] == [None, None, None, 50]
    assert ask(CASES, Level.PROVINCE, [MONTHS[2]])[0].value == 103
