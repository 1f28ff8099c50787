from dataclasses import replace

import pytest
from tests.indicators.facts import (
    CASES,
    COUNT,
    LONG_AN,
    MERGED,
    NEW,
    OLD,
    PEOPLE,
    POPULATION,
    SUM,
    TAY_NINH,
    case,
    indicator,
    people,
)

from vamco.indicators.computing import compute, jobs
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.territory import territory_now
from vamco.packs.indicator import Absence, Aggregation, Query
from vamco.vocabulary.errors import Misused
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db


def test_rows_are_counted_by_commune_and_month_and_summed_for_the_province(deliver, figures):
    deliver(
        CASES,
        "2026-01",
        case("2026-01-05"),
        case("2026-01-09"),
        case("2026-02-01"),
        case("2026-01-05", "25480@2025-07-01"),
    )
    found = figures(indicator(), "2026-01")
    row = found[NEW, "2026-01", ""]
    assert (row.value, row.status, row.n_rows, row.coverage) == (2, "normal", 2, 1)
    assert found[MERGED, "2026-01", ""].value == 3


def test_a_unit_without_rows_in_a_covered_period_has_zero_and_one_in_no_covered_period_has_nothing(
    deliver, figures
):
    deliver(CASES, "2026-01", case("2026-01-05"))
    found = figures(indicator(), "2026-01", "2026-03")
    assert len([key for key in found if key[1] == "2026-01"]) == 97
    assert found["25480@2025-07-01", "2026-01", ""].value == 0
    assert not [key for key in found if key[1] == "2026-03"]
    strict = indicator(replace(COUNT, absent=Absence.MISSING))
    assert ("25480@2025-07-01", "2026-01", "") not in figures(strict, "2026-01")
    assert figures(strict, "2026-01")[MERGED, "2026-01", ""].status == "partial"


def test_a_half_covered_month_is_partial(deliver, figures):
    deliver(CASES, "2026-04-01..2026-04-15", case("2026-04-05"))
    row = figures(indicator(), "2026-04")[NEW, "2026-04", ""]
    assert (row.value, row.status, row.coverage) == (1, "partial", 0.5)


def test_a_rate_stands_on_the_population_of_its_own_map(deliver, figures):
    deliver(CASES, "2026-01", case("2026-01-05"))
    deliver(PEOPLE, "2025", *people(2025, of={NEW: 2000}))
    row = figures(indicator(denominator=POPULATION, per=100_000), "2026-01")[NEW, "2026-01", ""]
    assert (row.numerator, row.denominator, row.value, row.status) == (1, 2000, 50, "normal")


def test_the_new_province_is_never_put_over_the_population_of_an_old_part(deliver, figures):
    deliver(CASES, "2026-01", case("2026-01-05", MERGED))
    rate = indicator(denominator=POPULATION, level="province")
    first = deliver(PEOPLE, "2024", *people(2025, of={TAY_NINH: 1000}))
    row = figures(rate, "2026-01")[MERGED, "2026-01", ""]
    assert (row.value, row.status) == (None, "missing")
    deliver(PEOPLE, "2024", *people(2025, of={TAY_NINH: 1000, LONG_AN: 3000}), restates=first)
    row = figures(rate, "2026-01")[MERGED, "2026-01", ""]
    assert (row.value, row.denominator) == (1 / 4000, 4000)


def test_a_period_across_the_change_of_the_map_is_carried_to_the_map_of_its_end(deliver, figures):
    deliver(CASES, "2025", case("2025-06-30", OLD), case("2025-07-01"), case("2025-07-02"))
    found = figures(indicator(SUM, period_type="year"), "2025")
    assert found[MERGED, "2025", ""].value == 3
    assert sum(row.value for key, row in found.items() if key[0] != MERGED) == 3


def test_before_the_merger_each_old_province_has_its_own_total(deliver, figures):
    deliver(CASES, "2025-05", case("2025-05-05", OLD))
    found = figures(indicator(), "2025-05")
    assert (found[TAY_NINH, "2025-05", ""].value, found[LONG_AN, "2025-05", ""].value) == (1, 0)


def test_things_counted_once_are_not_added_up(deliver, figures):
    both = [case("2026-01-05", code="a"), case("2026-01-06", "25480@2025-07-01", code="a")]
    deliver(CASES, "2026-01", *both, case("2026-01-07", code="b"))
    distinct = replace(COUNT, aggregation=Aggregation.DISTINCT, column="code")
    found = figures(indicator(distinct), "2026-01")
    assert found[NEW, "2026-01", ""].value == 2
    assert found[MERGED, "2026-01", ""].value == 2


def test_rows_without_a_time_of_their_own_belong_to_the_period_of_their_delivery(deliver, figures):
    deliver(CASES, "2026-01", case("2025-12-30"), case("2026-01-02"))
    deliver(CASES, "2026-02", case("2026-01-30"))
    found = figures(indicator(replace(COUNT, time=None)), "2026-01", "2026-02")
    assert (found[NEW, "2026-01", ""].value, found[NEW, "2026-02", ""].value) == (2, 1)


def test_a_stock_without_a_time_of_its_own_is_that_of_the_last_delivery(deliver, figures):
    deliver(CASES, "2026-01", case("2026-01-02", n=10))
    deliver(CASES, "2026-02", case("2026-01-02", n=12))
    stock = replace(SUM, aggregation=Aggregation.LAST, time=None)
    found = figures(indicator(stock), "2026-01", "2026-03")
    assert (found[NEW, "2026-01", ""].value, found[NEW, "2026-03", ""].value) == (10, 12)


def test_rows_without_a_unit_are_in_the_total_and_rows_without_a_number_are_counted_apart(deliver, figures):
    deliver(CASES, "2026-01", case("2026-01-05", None, n=5), case("2026-01-05", n=None), case("2026-01-06"))
    found = figures(indicator(SUM), "2026-01")
    row = found[NEW, "2026-01", ""]
    assert (row.value, row.n_rows, row.n_excluded) == (1, 1, 1)
    assert found[MERGED, "2026-01", ""].value == 6


def test_a_mean_keeps_its_sum_and_count_and_a_percentile_comes_from_the_rows(deliver, figures):
    spread = [case("2026-01-05", days=days) for days in (1, 2, 9)]
    deliver(CASES, "2026-01", *spread, case("2026-01-05", "25480@2025-07-01", days=4))
    mean = replace(COUNT, aggregation=Aggregation.AVERAGE, column="days")
    row = figures(indicator(mean), "2026-01")[MERGED, "2026-01", ""]
    assert (row.numerator, row.denominator, row.value) == (16, 4, 4)
    median = replace(COUNT, aggregation=Aggregation.PERCENTILE, column="days", percentile=50)
    found = figures(indicator(median), "2026-01")
    assert (found[NEW, "2026-01", ""].value, found[MERGED, "2026-01", ""].value) == (2, 3)
    assert ("25489@2025-07-01", "2026-01", "") not in found  # nothing has no middle


def test_rows_that_name_no_unit_at_all_speak_of_the_whole_province(deliver, figures):
    deliver(CASES, "2026-01", case("2026-01-05"), case("2026-01-06"))
    whole = indicator(replace(COUNT, unit=None), level="province")
    assert figures(whole, "2026-01")[MERGED, "2026-01", ""].value == 2
    deliver(CASES, "2026-02")
    assert figures(whole, "2026-02")[MERGED, "2026-02", ""].value == 0
    strict = indicator(replace(COUNT, unit=None, absent=Absence.MISSING), level="province")
    assert figures(strict, "2026-02") == {}


@pytest.fixture
def by_query(tmp_path):
    """An indicator whose numbers are columns of one query file."""
    file = tmp_path / "mean.sql"
    file.write_text(
        """SELECT place__unit AS unit, NULL AS map_on, CAST(date_trunc('month', onset_on) AS DATE) AS period_start_on,
        sum(n) AS ill, count(*) AS reports, count(*) AS n_rows FROM health.cases GROUP BY ALL"""
    )

    def made(*columns, name="cases"):
        one = indicator()
        definition = replace(one.definitions[0], numerator=None, query=Query(file, *columns))
        return replace(one, id=f"health.{name}", definitions=(definition,))

    return made


def test_a_query_file_gives_numerators_and_denominators(deliver, figures, by_query):
    deliver(CASES, "2026-01", case("2026-01-05", n=4), case("2026-01-06", "25480@2025-07-01", n=1))
    found = figures(by_query("ill", "reports"), "2026-01")
    assert (found[NEW, "2026-01", ""].value, found[MERGED, "2026-01", ""].value) == (4, 2.5)
    count = figures(by_query("ill"), "2026-01")[MERGED, "2026-01", ""]
    assert (count.value, count.denominator) == (5, None)
    with pytest.raises(Misused) as refused:
        figures(by_query("dead"), "2026-01")
    assert refused.value.details["reason"] == "dead"


def test_indicators_over_the_same_query_file_run_it_once(deliver, by_query, monkeypatch):
    deliver(CASES, "2026-01", case("2026-01-05", n=4), case("2026-01-06", "25480@2025-07-01", n=1))
    deliver(CASES, "2026-02", case("2026-02-05", n=3))
    asked = []
    run = Snapshot.table
    monkeypatch.setattr(Snapshot, "table", lambda self, query: asked.append(query) or run(self, query))
    january, february = Period.parse("2026-01"), Period.parse("2026-02")
    wanted = [
        (by_query("ill", "reports", name="mean"), [january]),
        (by_query("reports", name="reports"), [january, february]),
    ]
    rows = compute(Snapshot.now(), territory_now(), jobs(wanted))
    found = {(row.indicator, row.period): row.value for row in rows if row.unit_id == MERGED}
    assert found == {("health.mean", "2026-01"): 2.5} | {
        ("health.reports", "2026-01"): 2,
        ("health.reports", "2026-02"): 1,
    }
    assert len(asked) == 1


@pytest.mark.parametrize(
    "where", ["nowhere = 1", "(SELECT true)", "read_csv('x') IS NULL", "n > 1; DROP TABLE x"]
)
def test_a_measure_may_only_name_the_columns_of_its_dataset(deliver, figures, where):
    deliver(CASES, "2026-01", case("2026-01-05"))
    with pytest.raises(Misused) as refused:
        figures(indicator(replace(COUNT, where=where)), "2026-01")
    assert refused.value.key == "indicators.bad_expression"
