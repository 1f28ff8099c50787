"""Laws of computing: totals are sums, rates are rebuilt, stocks are the last, and doing it again changes nothing."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.indicators.facts import (
    BY_SEX,
    CASES,
    COUNT,
    LONG_AN,
    MERGED,
    NEW,
    OLD,
    PEOPLE,
    POPULATION,
    SHARES,
    SUM,
    TAY_NINH,
    case,
    indicator,
    people,
)

from vamco.geography.unit import Level
from vamco.indicators.catching_up import catch_up
from vamco.indicators.computing import compute, jobs
from vamco.indicators.models import Observation
from vamco.indicators.placing import at_level
from vamco.indicators.row import Row
from vamco.indicators.snapshot import Snapshot
from vamco.indicators.tally import Tally
from vamco.indicators.territory import territory_now
from vamco.indicators.touched import every_period
from vamco.packs.indicator import Aggregation
from vamco.vocabulary.period import Period
from vamco.vocabulary.period_type import PeriodType

pytestmark = pytest.mark.django_db
DIVIDED = "25597@2004-08-31"  # Thái Bình: to Châu Thành and Tân Ninh, in shares that nobody published
few = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

days = st.dates(date(2025, 5, 1), date(2025, 8, 31))
values = st.integers(0, 1000)


@st.composite
def rows(draw, least=1):
    """Rows of cases, each in a unit of the map of its day."""
    made = []
    for _ in range(draw(st.integers(least, 12))):
        day = draw(days)
        units = territory_now().own(day, Level.COMMUNE)
        unit = draw(st.sampled_from(units))
        made.append(case(day.isoformat(), unit, n=draw(values), code=draw(st.sampled_from("abcd"))))
    return made


def provinces(found):
    return {key: row for key, row in found.items() if row.level == Level.PROVINCE}


def communes(found):
    return {key: row for key, row in found.items() if row.level == Level.COMMUNE}


class TestOfRows:
    """Deliveries are made anew for each example: each has a dataset's whole history to itself."""

    @few
    @given(rows())
    def test_every_total_is_the_sum_of_its_rows_on_every_map(self, deliver, figures, made):
        before = deliver.live.get(CASES)
        deliver.live[CASES] = deliver(CASES, "2025-05-01..2025-08-31", *made, restates=before)
        found = figures(indicator(SUM), "2025-05", "2025-06", "2025-07", "2025-08")
        assert sum(row.value for row in provinces(found).values()) == sum(row["n"] for row in made)
        assert sum(row.value for row in communes(found).values()) == sum(row["n"] for row in made)
        for (province, period, _), row in provinces(found).items():
            parts = [
                part.value
                for part in communes(found).values()
                if part.period == period and territory_now().home(part.unit_id, part.map_on) == province
            ]
            assert row.value == sum(parts)

    @few
    @given(rows())
    def test_across_the_change_of_the_map_the_provinces_total_loses_nothing(self, deliver, figures, made):
        before = deliver.live.get(CASES)
        deliver.live[CASES] = deliver(CASES, "2025", *made, restates=before)
        found = figures(indicator(SUM, period_type="year"), "2025")
        assert found[MERGED, "2025", ""].value == sum(row["n"] for row in made)
        known = [row.value for row in communes(found).values() if row.value is not None]
        unknown = [row for row in communes(found).values() if row.value is None]
        assert sum(known) == sum(row["n"] for row in made) or unknown

    @few
    @given(rows())
    def test_a_rate_is_the_sum_of_numerators_over_the_sum_of_denominators(self, deliver, figures, made):
        before = deliver.live.get(CASES)
        deliver.live[CASES] = deliver(CASES, "2025-05-01..2025-08-31", *made, restates=before)
        mean = replace(COUNT, aggregation=Aggregation.AVERAGE, column="n")
        found = figures(indicator(mean), "2025-07", "2025-08")
        for (_, period, _), row in provinces(found).items():
            parts = [part for part in communes(found).values() if part.period == period]
            assert row.numerator == sum(part.numerator for part in parts)
            assert row.denominator == sum(part.denominator for part in parts)
            assert row.value == (row.numerator / row.denominator if row.denominator else None)

    @few
    @given(rows())
    def test_what_is_counted_once_is_counted_once(self, deliver, figures, made):
        before = deliver.live.get(CASES)
        deliver.live[CASES] = deliver(CASES, "2025-07-01..2025-08-31", *made, restates=before)
        distinct = replace(COUNT, aggregation=Aggregation.DISTINCT, column="code")
        found = figures(indicator(distinct), "2025-08")
        wanted = {row["code"] for row in made if row["onset_on"].month == 8}
        assert found[MERGED, "2025-08", ""].value == len(wanted)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_rows_of_any_map_are_conserved_where_every_share_is_known(data):
    territory = territory_now()
    whole = [
        e.old_unit_id
        for e in territory.register.successions
        if e.is_whole and e.effective_on == date(2025, 7, 1)
    ]
    old = [unit for unit in territory.own(date(2025, 6, 30), Level.COMMUNE) if unit in whole]
    new = territory.own(date(2025, 7, 1), Level.COMMUNE)
    drawn = data.draw(st.dictionaries(st.sampled_from(old) | st.sampled_from(new), values, max_size=20))
    given_rows = {unit: Tally(float(n), 1, 0) for unit, n in drawn.items()}
    placed = at_level(territory, given_rows, Period.parse("2025"), Level.COMMUNE)
    assert set(placed) >= set(new)
    assert sum(tally.value or 0 for tally in placed.values()) == sum(drawn.values())


@given(st.dictionaries(st.integers(2015, 2026), st.integers(1, 10**6), min_size=1), st.integers(2016, 2027))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_stock_is_the_latest_one_that_is_not_too_old(deliver, figures, by_year, year):
    for known, population in by_year.items():
        key = (PEOPLE, known)
        of = {TAY_NINH: population, LONG_AN: population} if known < 2026 else {MERGED: 2 * population}
        deliver.live[key] = deliver(PEOPLE, str(known), *people(known, of=of), restates=deliver.live.get(key))
    for key, entry in list(deliver.live.items()):
        if key[1] not in by_year:
            deliver.live[key] = deliver(PEOPLE, str(key[1]), restates=entry)
    found = figures(indicator(POPULATION, level="province"), f"{year}-12")
    fit = [y for y in by_year if y <= year and year - y <= POPULATION.at_most_years_old]
    wanted = by_year[max(fit)] if fit else None
    unit, times = (MERGED, 2) if year >= 2025 else (TAY_NINH, 1)
    row = found.get((unit, f"{year}-12", ""))
    assert (row.value if row else None) == (times * wanted if wanted is not None else None)


def test_where_nobody_knows_the_share_the_communes_are_unknown_and_the_province_is_not(deliver, figures):
    deliver(
        CASES,
        "2025",
        case("2025-06-30", DIVIDED),
        case("2025-06-30", OLD),
        case("2025-07-02", "25585@2025-07-01"),
    )
    found = figures(indicator(SUM, period_type="year"), "2025")
    assert found["25585@2025-07-01", "2025", ""].status == "missing"
    assert found[NEW, "2025", ""].status == "missing"
    assert (found[MERGED, "2025", ""].value, found[MERGED, "2025", ""].status) == (3, "normal")


def test_published_shares_divide_what_was_unknown_and_are_marked_as_an_estimate(deliver, figures):
    deliver(CASES, "2025", case("2025-06-30", DIVIDED, n=10), case("2025-07-02", "25585@2025-07-01", n=4))
    deliver(
        SHARES,
        "2025",
        {"old_unit__unit": DIVIDED, "new_unit__unit": "25585@2025-07-01", "share": 0.75, "basis": "dân số"},
        {"old_unit__unit": DIVIDED, "new_unit__unit": NEW, "share": 0.25, "basis": "dân số"},
    )
    found = figures(indicator(SUM, period_type="year"), "2025")
    shares = {unit: found[unit, "2025", ""][10:12] for unit in ("25585@2025-07-01", NEW)}
    assert shares == {"25585@2025-07-01": (11.5, "estimated"), NEW: (2.5, "estimated")}
    assert found[MERGED, "2025", ""].value == 14


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@pytest.mark.slow
@given(
    st.lists(st.tuples(st.sampled_from(["2025-05", "2025-07", "2025-08"]), rows(0)), min_size=1, max_size=4)
)
def test_figures_brought_up_step_by_step_are_those_of_the_last_state(deliver, installed, history):
    """The later delivery of a period takes the place of the earlier one; some rows lie in other months."""
    made = [
        indicator(SUM, denominator=COUNT, name="mean"),
        indicator(replace(COUNT, latest_by=("code",)), name="latest", breakdowns=(BY_SEX,)),
        indicator(replace(COUNT, aggregation=Aggregation.DISTINCT, column="code"), period_type="year"),
    ]
    made = [replace(one, period_type=PeriodType(one.period_type)) for one in made]
    installed(*made)
    for period, rows_of_it in history:
        before = deliver.live.get((CASES, period))
        deliver.live[CASES, period] = deliver(CASES, period, *rows_of_it, restates=before)
        catch_up()
    snapshot = Snapshot.now()
    wanted = [(one, every_period(snapshot, one)) for one in made]
    computed = {row[:3] + row[4:5] + row[7:16] for row in compute(snapshot, territory_now(), jobs(wanted))}
    live = Observation.objects.filter(superseded_at=None, value__isnull=False)
    columns = [name for n, name in enumerate(Row._fields) if n in (0, 1, 2, 4, *range(7, 16))]
    stored = set(live.values_list(*columns))
    zeros = {row for row in stored if row[4] and not row[7]}  # parts that are no longer there
    assert stored - zeros == {row for row in computed if row[7] is not None} - zeros


def test_computing_the_same_state_again_gives_the_same_rows(deliver):
    day = date(2025, 7, 1)
    units = territory_now().own(day, Level.COMMUNE)
    made = [
        case((day + timedelta(days=n % 60)).isoformat(), units[n % 96], n=n, days=n / 7) for n in range(500)
    ]
    deliver(CASES, "2025-07-01..2025-08-31", *made)
    mean = replace(SUM, column="days", aggregation=Aggregation.AVERAGE)
    wanted = [(indicator(mean), [Period.parse("2025-07"), Period.parse("2025-08")])]
    first, again = (compute(Snapshot.now(), territory_now(), jobs(wanted)) for _ in range(2))
    assert Counter(first) == Counter(again)
