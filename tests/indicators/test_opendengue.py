"""Real dengue counts since 1994, through intake, on the map of today: equal to the sums by hand."""

import csv
from collections import defaultdict
from datetime import date

import pytest
from tests.indicators.ledger import LONG_AN, OLD_TAY_NINH, TAY_NINH, declare, definition, indicator

from vamco.accounts.policy import PROGRAM
from vamco.geography.unit import Level
from vamco.indicators.catching_up import catch_up
from vamco.indicators.comparing import Kind, compare
from vamco.indicators.figure import Figure
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.intake.models import Channel
from vamco.intake.receiving import receive
from vamco.intake.worker import check_one
from vamco.packs.indicator import Absence, Aggregation, Measure
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FILE = ("epidemic", "opendengue", "vietnam_spatial_extract_V1_3.csv")
TODAY = date(2026, 11, 22)
MONTHS = Period.parse("1994-01-01..2010-12-31").split(Period.parse("1994-01").type)
MONTHLY = Measure(
    "health.provincial_disease_counts",
    Aggregation.SUM,
    column="n_cases",
    where="period_type = 'Month'",
    time="period_start_on",
    unit="unit",
    absent=Absence.MISSING,
)
CASES = indicator(level="province", definitions=(definition(numerator=MONTHLY),))


@pytest.fixture
def by_hand(shared):
    """Cases by province and month, straight from the file."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with shared.joinpath(*FILE).open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["T_res"] == "Month":
                found[row["adm_1_name"]][row["calendar_start_date"][:7]] = int(row["dengue_total"])
    return found


@pytest.fixture
def delivered(shared, monkeypatch):
    path = shared.joinpath(*FILE)
    with path.open("rb") as stream:
        received = receive(
            PROGRAM, MONTHLY.dataset, "1960-01-01..2025-12-31", stream, path.name, Channel.COMMAND_LINE
        )
    check_one(received.delivery, "test")
    declare(monkeypatch, CASES)
    catch_up()


def ask(*periods: Period, **more) -> list[Figure]:
    return figures(Question(CASES, periods, Level.PROVINCE, **more), sees_cells=True)


def test_the_merged_province_equals_the_sums_by_hand_and_a_missing_month_is_partial(delivered, by_hand):
    long_an, tay_ninh = by_hand["LONG AN"], by_hand["TAY NINH"]
    assert set(tay_ninh) - set(long_an) == {"1996-02"}
    n_whole = 0
    for figure in ask(*MONTHS, map_on=TODAY):
        month = str(figure.period)
        assert figure.unit_id == TAY_NINH
        if month in long_an:
            assert (figure.value, figure.status) == (
                long_an[month] + tay_ninh[month],
                ObservationStatus.NORMAL,
            )
            n_whole += 1
        elif month in tay_ninh:
            assert (figure.value, figure.status) == (tay_ninh[month], ObservationStatus.PARTIAL)
            assert figure.missing_units == (LONG_AN,)
        else:
            assert (figure.value, set(figure.missing_units)) == (None, {LONG_AN, OLD_TAY_NINH})
    assert n_whole == 202


def test_as_reported_each_province_has_its_own(delivered, by_hand):
    names = {LONG_AN: "LONG AN", OLD_TAY_NINH: "TAY NINH"}
    found = {(f.unit_id, str(f.period)): f.value for f in ask(*MONTHS)}
    assert found == {
        (unit, str(month)): by_hand[name].get(str(month)) for unit, name in names.items() for month in MONTHS
    }


def test_years_are_sums_too_and_only_whole_ones_are_compared(delivered, by_hand):
    question = Question(CASES, (Period.parse("1997"), Period.parse("1998")), Level.PROVINCE, map_on=TODAY)
    in_1997, in_1998 = compare(question, Kind.YEAR_ON_YEAR, sees_cells=True)
    total = {
        year: sum(n for name in ("LONG AN", "TAY NINH") for m, n in by_hand[name].items() if m[:4] == year)
        for year in ("1997", "1998")
    }
    assert in_1998.figure.value == total["1998"]
    assert in_1998.relative == pytest.approx(total["1998"] / total["1997"] - 1)
    assert (in_1997.absolute, in_1997.verdict.reason) == (None, "indicators.reason_partial")
    (old,) = ask(Period.parse("1998"), units=("80",), map_on=date(2025, 5, 1))
    expected = sum(n for month, n in by_hand["LONG AN"].items() if month[:4] == "1998")
    assert (old.unit_id, old.value) == (LONG_AN, expected)
