"""Figures read from the observation ledger, on the real map of the province."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.indicators.ledger import (
    LONG_AN,
    OLD_TAY_NINH,
    TAY_NINH,
    TODAY,
    count,
    definition,
    indicator,
    rate,
    write,
)

from vamco.geography.unit import Level
from vamco.indicators.figure import Release
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Additivity, Aggregation, Band
from vamco.vocabulary.errors import Misused, NotFound
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period
from vamco.vocabulary.severity import Severity

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASES = indicator()
BY_PROVINCE = indicator("provincial", level="province")


def ask(one, *periods, level=Level.PROVINCE, sees_cells=True, **more):
    known = {"as_known_at": NOW, **more}
    found = tuple(map(Period.parse, periods))
    return figures(Question(one, found, level, **known), sees_cells=sees_cells)


def test_the_merged_province_back_in_time_is_the_sum_of_both():
    write(BY_PROVINCE, LONG_AN, "2016-05", 30)
    write(BY_PROVINCE, OLD_TAY_NINH, "2016-05", 12)
    (figure,) = ask(BY_PROVINCE, "2016-05", map_on=TODAY)
    assert (figure.unit_id, figure.value, figure.status) == (TAY_NINH, 42, ObservationStatus.NORMAL)
    assert len(figure.vintages) == 2
    reported = ask(BY_PROVINCE, "2016-05")
    assert {figure.unit_id: figure.value for figure in reported} == {LONG_AN: 30, OLD_TAY_NINH: 12}


def test_a_month_missing_in_one_part_makes_the_total_partial_and_names_the_part():
    write(BY_PROVINCE, LONG_AN, "2016-05", 30)
    (figure,) = ask(BY_PROVINCE, "2016-05", map_on=TODAY)
    assert (figure.value, figure.status) == (30, ObservationStatus.PARTIAL)
    assert figure.missing_units == (OLD_TAY_NINH,)
    assert figure.release is Release.ESTIMATE


def test_the_split_of_a_merger_is_not_invented():
    write(BY_PROVINCE, TAY_NINH, "2026-05", 42)
    figure = ask(BY_PROVINCE, "2026-05", map_on=date(2025, 5, 1), units=("72",))[0]
    assert (figure.value, figure.low, figure.high) == (None, 0, 42)
    assert (figure.status, figure.reason.key) == (
        ObservationStatus.MISSING,
        "indicators.reason_unknown_weights",
    )


def test_a_former_province_today_is_made_of_the_communes_on_its_land():
    for unit in territory_now().register.units_on(TODAY, Level.COMMUNE):
        write(CASES, unit.unit_id, "2026-05", 1)
    write(CASES, TAY_NINH, "2026-05", 96, level=Level.PROVINCE)
    found = {figure.unit_id: figure for figure in ask(CASES, "2026-05", map_on=date(2025, 5, 1))}
    assert (found[LONG_AN].value, found[OLD_TAY_NINH].value) == (60, 36)
    assert found[LONG_AN].status is ObservationStatus.NORMAL


def test_a_rate_is_rebuilt_over_one_territory():
    by_province = rate(level="province")
    write(by_province, LONG_AN, "2016-05", 30, 1000)
    write(by_province, OLD_TAY_NINH, "2016-05", 30, 3000)
    (figure,) = ask(by_province, "2016-05", map_on=TODAY)
    assert (figure.numerator, figure.denominator, figure.value) == (60, 4000, 1.5)


def test_a_numerator_without_its_denominator_is_left_out_of_the_rate():
    by_province = rate(level="province")
    write(by_province, LONG_AN, "2016-05", 30, 1000)
    write(by_province, OLD_TAY_NINH, "2016-05", 500)
    (figure,) = ask(by_province, "2016-05", map_on=TODAY)
    assert (figure.value, figure.status) == (3, ObservationStatus.PARTIAL)
    assert figure.missing_units == (OLD_TAY_NINH,)


def test_counts_of_distinct_people_are_not_added_up():
    people = indicator(level="province", over_units=Additivity.NONE, over_time=Additivity.NONE)
    for unit in (LONG_AN, OLD_TAY_NINH):
        write(people, unit, "2016-05", 30)
    (figure,) = ask(people, "2016-05", map_on=TODAY)
    assert (figure.value, figure.status) == (None, ObservationStatus.NOT_APPLICABLE)
    assert figure.reason.key == "indicators.reason_not_combinable_over_units"
    assert ask(people, "2016-Q2")[0].reason.key == "indicators.reason_not_combinable_over_time"


def test_communes_that_cannot_be_put_together_are_not_read_only_that_there_are_any(
    django_assert_num_queries,
):
    distinct = indicator(over_units=Additivity.NONE, over_time=Additivity.NONE)
    months = [str(period) for period in Period.parse("2016").split(distinct.period_type)]
    for month in months:
        for unit in (LONG_AN, OLD_TAY_NINH):
            write(distinct, unit, month, 30)
        write(distinct, "25480@2004-08-31", month, 9, level=Level.COMMUNE)
    territory_now()
    with django_assert_num_queries(
        3
    ) as asked:  # the provinces, the shares, and how far the communes are covered
        found = ask(distinct, *months, map_on=TODAY)
    assert {figure.reason.key for figure in found} == {"indicators.reason_only_from_rows"}
    assert not any("'commune'" in query["sql"] and '"numerator"' in query["sql"] for query in asked)


def test_the_communes_of_all_periods_are_read_at_once(django_assert_max_num_queries):
    months = [str(period) for period in Period.parse("2026-Q1").split(CASES.period_type)]
    for unit in territory_now().register.units_on(TODAY, Level.COMMUNE):
        for month in months:
            write(CASES, unit.unit_id, month, 1)
    with django_assert_max_num_queries(5):
        found = ask(CASES, *months, map_on=date(2025, 5, 1), units=("80",))
    assert [figure.value for figure in found] == [60, 60, 60]


def test_the_figure_of_a_divided_commune_is_estimated_where_the_share_is_known():
    edge = next(e for e in territory_now().register.successions if e.weight is not None)
    before = edge.effective_on - timedelta(days=1)
    month = str(Period.covering(CASES.period_type, before))
    write(CASES, edge.old_unit_id, month, 100)
    found = ask(CASES, month, map_on=edge.effective_on, level=Level.COMMUNE)
    (part,) = [figure for figure in found if figure.unit_id == edge.new_unit_id]
    assert part.value == pytest.approx(100 * float(edge.weight))
    assert part.estimated_share == 1
    assert sum(figure.value or 0 for figure in found) == pytest.approx(100)


class TestNothing:
    def test_is_never_left_out(self):
        found = ask(CASES, "2026-05", "2026-06", level=Level.COMMUNE)
        assert len(found) == 2 * 96
        assert {figure.status for figure in found} == {ObservationStatus.LATE}
        assert found[0].late_since == date(2026, 6, 2)

    def test_is_missing_until_the_promise_has_passed(self):
        patient = indicator(promise_days=10)
        assert ask(patient, "2026-11")[0].status is ObservationStatus.MISSING
        at = datetime(2026, 12, 5, tzinfo=UTC)
        assert ask(patient, "2026-11", as_known_at=at)[0].status is ObservationStatus.MISSING
        at = datetime(2026, 12, 12, tzinfo=UTC)
        assert ask(patient, "2026-11", as_known_at=at)[0].late_since == date(2026, 12, 11)

    def test_told_as_missing_stays_missing(self):
        write(CASES, TAY_NINH, "2026-05", None)
        assert ask(CASES, "2026-05")[0].status is ObservationStatus.MISSING

    def test_of_a_unit_that_a_delivery_lacks_is_missing_and_not_late(self):
        write(CASES, "25486@2025-07-01", "2026-05", 1)
        found = ask(CASES, "2026-05", level=Level.COMMUNE, units=("25486", "25489"))
        assert [f.status for f in found] == [ObservationStatus.NORMAL, ObservationStatus.MISSING]

    def test_of_a_month_without_a_delivery_is_late(self):
        for month in ("04", "05"):
            write(CASES, TAY_NINH, f"2026-{month}", 1)
        (figure,) = ask(CASES, "2026-Q2")
        assert (figure.status, figure.late_since) == (ObservationStatus.PARTIAL, date(2026, 7, 2))

    def test_is_not_zero(self):
        write(CASES, TAY_NINH, "2026-05", 0)
        (figure,) = ask(CASES, "2026-05", sees_cells=False)
        assert (figure.value, figure.status) == (0, ObservationStatus.NORMAL)

    def test_of_a_rate_over_nobody_is_not_applicable(self):
        one = rate()
        write(one, TAY_NINH, "2026-05", 0, 0, status="not_applicable")
        assert ask(one, "2026-05")[0].status is ObservationStatus.NOT_APPLICABLE

    def test_before_the_definition_is_not_applicable(self):
        young = indicator(definitions=(definition(valid_from_on=date(2026, 7, 1)),))
        (figure,) = ask(young, "2026-05")
        assert (figure.status, figure.definition_version) == (ObservationStatus.NOT_APPLICABLE, None)

    def test_small_counts_are_hidden_from_those_who_may_not_see_cells(self):
        discreet = indicator(minimum_count=5)
        write(discreet, TAY_NINH, "2026-05", 3)
        (hidden,) = ask(discreet, "2026-05", sees_cells=False)
        assert (hidden.value, hidden.numerator, hidden.n_rows) == (None, None, 0)
        assert hidden.status is ObservationStatus.SUPPRESSED
        write(discreet, TAY_NINH, "2026-04", 0)
        assert ask(discreet, "2026-04", sees_cells=False)[0].value == 0
        assert ask(discreet, "2026-05")[0].value == 3

    def test_a_code_that_the_map_never_had_is_refused(self):
        with pytest.raises(NotFound):
            ask(CASES, "2026-05", units=("99999",), level=Level.COMMUNE)

    def test_a_code_of_another_time_is_not_applicable_as_reported(self):
        (figure,) = ask(BY_PROVINCE, "2026-05", units=("72",))
        assert (figure.unit_id, figure.status) == (OLD_TAY_NINH, ObservationStatus.NOT_APPLICABLE)


class TestOverTime:
    def test_months_make_a_quarter_and_a_missing_month_makes_it_partial(self):
        for month, n in (("04", 1), ("05", 2), ("06", 4)):
            write(CASES, TAY_NINH, f"2026-{month}", n)
        assert ask(CASES, "2026-Q2")[0].value == 7
        (partial,) = ask(CASES, "2026-H1")
        assert (partial.value, partial.status) == (7, ObservationStatus.PARTIAL)
        assert [str(part) for part in partial.missing_periods] == ["2026-01", "2026-02", "2026-03"]
        assert ask(CASES, "2026-04-01..2026-05-31")[0].value == 3

    def test_people_are_not_added_up_over_the_months(self):
        one = rate()
        write(one, TAY_NINH, "2026-04", 10, 1000)
        write(one, TAY_NINH, "2026-05", 10, 1000)
        write(one, TAY_NINH, "2026-06", 10, 2000)
        (figure,) = ask(one, "2026-Q2")
        assert (figure.numerator, figure.denominator, figure.value) == (30, 2000, 1.5)

    def test_a_stock_is_the_last_one(self):
        stock = indicator(
            over_time=Additivity.LAST, definitions=(definition(numerator=count(Aggregation.LAST)),)
        )
        for month, n in (("04", 9), ("05", 8), ("06", 7)):
            write(stock, TAY_NINH, f"2026-{month}", n)
        assert ask(stock, "2026-Q2")[0].value == 7

    def test_a_period_across_the_merger_is_on_one_map(self):
        for unit, month in ((LONG_AN, "06"), (OLD_TAY_NINH, "06"), (TAY_NINH, "07")):
            write(BY_PROVINCE, unit, f"2025-{month}", 10)
        (figure,) = ask(BY_PROVINCE, "2025-06-01..2025-07-31")
        assert (figure.unit_id, figure.value) == (TAY_NINH, 30)

    def test_months_are_not_made_of_weeks(self):
        with pytest.raises(Misused):
            ask(indicator(period_type=Period.parse("2026-W20").type), "2026-05")

    def test_figures_by_several_definitions_are_not_put_together(self):
        old = definition(valid_to_on=date(2026, 5, 31))
        changed = indicator(definitions=(old, definition(2, valid_from_on=date(2026, 6, 1))))
        write(changed, TAY_NINH, "2026-05", 1)
        write(changed, TAY_NINH, "2026-06", 1, definition_version=2)
        (figure,) = ask(changed, "2026-05-01..2026-06-30")
        assert figure.reason.key == "indicators.reason_several_definitions"
        assert [f.definition_version for f in ask(changed, "2026-05", "2026-06")] == [1, 2]
        assert ask(changed, "2026-05", definition_version=2)[0].status is ObservationStatus.LATE


def test_what_was_said_at_a_moment_can_be_asked_again():
    later = NOW - timedelta(days=10)
    first = write(CASES, TAY_NINH, "2026-05", 7, superseded_at=later)
    write(CASES, TAY_NINH, "2026-05", 9, known_since_at=later, why="late_rows")
    before = ask(CASES, "2026-05", as_known_at=later - timedelta(seconds=1))
    assert (before[0].value, before[0].vintages) == (7, (first.pk,))
    now = ask(CASES, "2026-05")
    assert (now[0].value, now[0].why, now[0].known_since_at) == (9, "late_rows", later)
    assert ask(CASES, "2026-05", as_known_at=datetime(2025, 1, 1, tzinfo=UTC))[0].value is None


def test_a_figure_becomes_official_with_time():
    write(CASES, TAY_NINH, "2026-05", 1)
    at = [datetime(2026, 5, 20, tzinfo=UTC), datetime(2026, 6, 10, tzinfo=UTC), NOW]
    released = [ask(CASES, "2026-05", as_known_at=moment)[0].release for moment in at]
    assert released == [Release.ESTIMATE, Release.PRELIMINARY, Release.OFFICIAL]


def test_the_worst_band_is_told_unless_the_count_is_too_small():
    bands = (
        Band(Severity.MODERATE, ">", Decimal(10), "trial", at_least=5),
        Band(Severity.EXTREME, ">=", Decimal(50), "trial"),
    )
    watched = indicator(bands=bands)
    for month, n in (("04", 10), ("05", 11), ("06", 50)):
        write(watched, TAY_NINH, f"2026-{month}", n)
    found = [figure.severity for figure in ask(watched, "2026-04", "2026-05", "2026-06")]
    assert found == [None, Severity.MODERATE, Severity.EXTREME]


def test_a_share_that_is_too_low_needs_enough_that_might_have_been_and_one_too_high_enough_cases():
    low = Band(Severity.SEVERE, "<", Decimal(50), "trial", at_least=10)
    high = Band(Severity.EXTREME, ">", Decimal(90), "trial", at_least=10)
    watched = rate("shares", bands=(low, high))
    for month, n, of in (("03", 0, 9), ("04", 0, 10), ("05", 9, 9), ("06", 10, 10)):
        write(watched, TAY_NINH, f"2026-{month}", n, denominator=of)
    found = [figure.severity for figure in ask(watched, "2026-03", "2026-04", "2026-05", "2026-06")]
    assert found == [None, Severity.SEVERE, None, Severity.EXTREME]


def test_that_a_partial_count_is_low_proves_nothing_and_that_it_is_high_does():
    bands = (
        Band(Severity.MODERATE, "<", Decimal(10), "trial"),
        Band(Severity.SEVERE, ">", Decimal(20), "trial"),
    )
    watched = indicator(bands=bands)
    for month, n, status in (("03", 5, "normal"), ("04", 5, "partial"), ("05", 25, "partial")):
        write(watched, TAY_NINH, f"2026-{month}", n, status=status)
    found = [figure.severity for figure in ask(watched, "2026-03", "2026-04", "2026-05")]
    assert found == [Severity.MODERATE, None, Severity.SEVERE]
