"""Laws of aggregation, whatever the numbers, the map and what is missing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.indicators.ledger import LONG_AN, count, definition, indicator, rate, write

from vamco.geography.register import Register
from vamco.geography.succession import Confidence, Extent, Succession, WeightBasis
from vamco.geography.unit import AdministrativeUnit, Kind, Level
from vamco.indicators.carrying import Passage, carry
from vamco.indicators.cell import MISSING, Amount, Cell
from vamco.indicators.models import Observation
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.rolling_up import over_time, over_units
from vamco.packs.indicator import Additivity, Aggregation
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

BEFORE, CHANGE = date(2000, 1, 1), date(2020, 1, 1)
OLD = tuple(f"0000{n}@2000-01-01" for n in range(1, 6))
NEW = tuple(f"0001{n}@2020-01-01" for n in range(1, 4))
EDGES = [(0, 0, None), (1, 0, None), (2, 0, "0.3"), (2, 1, "0.7"), (3, 1, None), (4, 2, None)]
MONTHS = tuple(Period.parse("2026-Q2").split(Period.parse("2026-04").type))
CASES = indicator()
NOT_APPLICABLE = Cell(ObservationStatus.NOT_APPLICABLE)


def unit(unit_id, kind, parent):
    code, _, start = unit_id.partition("@")
    end = CHANGE if unit_id in OLD else None
    return AdministrativeUnit(code, date.fromisoformat(start), end, code, kind, parent, "law")


def edge(old, new, weight):
    return Succession(
        OLD[old],
        NEW[new],
        Extent.PART if weight else Extent.WHOLE,
        CHANGE,
        Decimal(weight) if weight else None,
        WeightBasis.POPULATION if weight else WeightBasis.UNKNOWN,
        Confidence.HIGH,
        "law",
    )


PROVINCE = "01@2000-01-01"
REGISTER = Register(
    "t",
    [
        unit("VN@2000-01-01", Kind.COUNTRY, None),
        unit(PROVINCE, Kind.PROVINCE, "VN"),
        *(unit(unit_id, Kind.RURAL_COMMUNE, "01") for unit_id in (*OLD, *NEW)),
    ],
    [edge(*facts) for facts in EDGES],
)
FORWARD = Passage(REGISTER, Level.COMMUNE, BEFORE, CHANGE)


def cell(numerator, denominator=None):
    return Cell(
        ObservationStatus.NORMAL,
        Amount.exactly(Decimal(numerator)),
        Amount.exactly(None if denominator is None else Decimal(denominator)),
        version=1,
        coverage=1.0,
    )


counts = st.integers(0, 10**6)
maybe = st.one_of(counts.map(cell), st.just(MISSING), st.just(NOT_APPLICABLE))
complete = st.tuples(*[counts.map(cell)] * len(OLD))
mixed = st.tuples(*[maybe] * len(OLD))


def carried(cells, additivity=Additivity.ADDITIVE, *, is_ratio=False):
    return carry(FORWARD, dict(zip(OLD, cells, strict=True)), additivity, is_ratio=is_ratio)


def total(cells):
    return sum(c.numerator.value for c in cells if c.numerator.value is not None)


@given(mixed)
def test_carrying_conserves_the_total_of_what_is_known(cells):
    assert total(carried(cells).values()) == total(cells)


@given(mixed)
def test_a_unit_without_a_successor_takes_no_other_with_it(cells):
    ended = Register("t", REGISTER.units, [one for one in REGISTER.successions if one.old_unit_id != OLD[4]])
    by_old = dict(zip(OLD, cells, strict=True))
    found = carry(Passage(ended, Level.COMMUNE, BEFORE, CHANGE), by_old, Additivity.ADDITIVE, is_ratio=False)
    assert total(found.values()) == total(cells[:4])
    assert found[NEW[2]].reason.key == "indicators.reason_no_predecessor"


@given(st.tuples(*[st.builds(cell, counts, counts)] * len(OLD)))
def test_both_parts_of_a_ratio_are_conserved(cells):
    found = carried(cells, Additivity.RATIO, is_ratio=True).values()
    assert total(found) == total(cells)
    assert sum(c.denominator.value for c in found) == sum(c.denominator.value for c in cells)


@given(mixed)
def test_no_kind_of_nothing_turns_into_another(cells):
    by_old = dict(zip(OLD, cells, strict=True))
    for new, found in carried(cells).items():
        sources = [by_old[OLD[old]] for old, to, _ in EDGES if NEW[to] == new]
        statuses = {source.status for source in sources}
        if statuses == {ObservationStatus.NOT_APPLICABLE}:
            assert found.status is ObservationStatus.NOT_APPLICABLE
        elif ObservationStatus.NORMAL not in statuses:
            assert found.status is ObservationStatus.MISSING
        elif ObservationStatus.MISSING in statuses:
            assert found.status is ObservationStatus.PARTIAL
            assert found.missing_units
        else:
            assert found.status in (ObservationStatus.NORMAL, ObservationStatus.ESTIMATED)
        assert (found.numerator.value is None) == (not found.has_value)


@given(complete)
@example(tuple(map(cell, (0, 600_000, 1, 0, 0))))
def test_what_rests_on_weights_is_marked_and_nothing_else_is(cells):
    found = carried(cells)
    divided = cells[2].numerator.value > 0
    assert [found[new].estimated_share > 0 for new in NEW] == [divided, divided, False]
    for one in found.values():
        assert one.numerator.low <= one.numerator.value <= one.numerator.high


@given(mixed)
def test_the_province_is_the_sum_of_its_communes_on_either_map(cells):
    definition_ = CASES.definitions[0]
    of = lambda given_, on: over_units(REGISTER, CASES, definition_, given_, on, CHANGE, Level.PROVINCE)  # noqa: E731
    by_old = dict(zip(OLD, cells, strict=True))
    before, after = of(by_old, BEFORE)[PROVINCE], of(carried(cells), CHANGE)[PROVINCE]
    assert (before.numerator.value or 0) == (after.numerator.value or 0) == total(cells)
    assert before.has_value == after.has_value
    assert (before.status is ObservationStatus.PARTIAL) == (
        before.has_value and any(c.status is ObservationStatus.MISSING for c in cells)
    )


@given(st.lists(complete, min_size=3, max_size=3))
def test_rolling_up_and_carrying_may_be_done_in_either_order(months):
    definition_ = CASES.definitions[0]
    carried_months = [carried(cells) for cells in months]
    rolled_late = {
        new: over_time(CASES, definition_, [(m, c[new]) for m, c in zip(MONTHS, carried_months, strict=True)])
        for new in NEW
    }
    rolled_first = carried(
        [
            over_time(CASES, definition_, list(zip(MONTHS, cells, strict=True)))
            for cells in zip(*months, strict=True)
        ]
    )
    for new in NEW:
        one, other = rolled_late[new].numerator.value, rolled_first[new].numerator.value
        assert one == pytest.approx(other, abs=Decimal("1e-6"))


@given(st.lists(maybe, min_size=3, max_size=3))
def test_a_quarter_is_never_lower_in_silence(cells):
    found = over_time(CASES, CASES.definitions[0], list(zip(MONTHS, cells, strict=True)))
    missing = [m for m, c in zip(MONTHS, cells, strict=True) if c.status is ObservationStatus.MISSING]
    assert found.missing_periods == tuple(missing) or found.status is ObservationStatus.NOT_APPLICABLE
    if found.has_value:
        assert found.numerator.value == total(cells)
        assert (found.status is ObservationStatus.PARTIAL) == bool(missing)


@given(complete)
def test_extremes_and_last_values_are_those_of_a_part(cells):
    values = [c.numerator.value for c in cells[:3]]
    parts = list(zip(MONTHS, cells[:3], strict=True))
    for additivity, made in (
        (Additivity.MAXIMUM, max),
        (Additivity.MINIMUM, min),
        (Additivity.LAST, lambda v: v[-1]),
    ):
        one = indicator(over_time=additivity)
        assert over_time(one, one.definitions[0], parts).numerator.value == made(values)


@given(complete)
def test_distinct_counts_are_kept_only_where_the_unit_did_not_change(cells):
    distinct = definition(numerator=count(Aggregation.DISTINCT))
    one = indicator(over_units=Additivity.NONE, over_time=Additivity.NONE, definitions=(distinct,))
    found = carried(cells, Additivity.NONE)
    assert found[NEW[2]].numerator.value == cells[4].numerator.value
    assert {found[new].status for new in NEW[:2]} == {ObservationStatus.NOT_APPLICABLE}
    rolled = over_time(one, distinct, list(zip(MONTHS, cells[:3], strict=True)))
    assert rolled.status is ObservationStatus.NOT_APPLICABLE


@given(st.lists(st.tuples(counts, st.integers(1, 10**6)), min_size=3, max_size=3))
def test_a_rate_over_time_is_neither_averaged_nor_added(months):
    one = rate()
    parts = [(month, cell(*numbers)) for month, numbers in zip(MONTHS, months, strict=True)]
    found = over_time(one, one.definitions[0], parts)
    assert found.numerator.value == sum(n for n, _ in months)
    assert found.denominator.value == months[-1][1]


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 20), min_size=1, max_size=5), st.integers(0, 100))
def test_what_is_known_at_a_moment_never_comes_from_after_it(steps, asked):
    Observation.objects.all().delete()
    one, start = indicator(level="province"), datetime(2021, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(days=sum(steps[: n + 1])) for n in range(len(steps))]
    for n, (at, until) in enumerate(zip(moments, [*moments[1:], None], strict=True)):
        write(one, LONG_AN, "2020-05", n, known_since_at=at, superseded_at=until)
    moment = start + timedelta(days=asked)
    question = Question(one, (Period.parse("2020-05"),), Level.PROVINCE, ("80",), as_known_at=moment)
    (figure,) = figures(question, sees_cells=True)
    said = [n for n, at in enumerate(moments) if at <= moment]
    assert figure.value == (said[-1] if said else None)
    assert figure.known_since_at is None or figure.known_since_at <= moment
