"""A rehearsal says what evaluations would have said, what was caught, and whether people could have answered."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from tests.alerts.conftest import a_rule
from tests.indicators.ledger import TAY_NINH, declare, indicator, write

from vamco.alerts.known_events import KnownEvent, read_events
from vamco.alerts.rehearsal import most_within
from vamco.alerts.rehearsing import due_periods, rehearse
from vamco.packs.alert_rule import Condition, FigureWatch, Kind
from vamco.vocabulary.errors import Misused

pytestmark = pytest.mark.django_db
CASES = indicator(level="province", promise_days=5)
RULE = a_rule(
    watch=FigureWatch(CASES.id, "province"),
    when=Condition(Kind.THRESHOLD, ">", Decimal(10)),
    group_by=("rule",),
)
START, END = date(2026, 2, 1), date(2026, 9, 30)
FIGURES = {
    "2026-01": 3,
    "2026-02": 4,
    "2026-03": 30,
    "2026-04": 40,
    "2026-05": 2,
    "2026-06": 15,
    "2026-08": 1,
}
HOUR = timedelta(hours=1)
LATE = datetime(2026, 8, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def ledger(monkeypatch):
    """Every figure came on the day after its promise, but that of June."""
    declare(monkeypatch, CASES)
    moments = {str(period): at for at, period in due_periods(CASES, START, END)}
    moments["2026-06"] = LATE
    for period, value in FIGURES.items():
        write(CASES, TAY_NINH, period, value, known_since_at=moments[period])


def raised(episodes):
    return [(day(one.raised_at), one.resolved_at and day(one.resolved_at)) for one in episodes]


def day(moment):
    return timezone.localdate(moment).isoformat()


def test_each_period_is_judged_on_the_day_after_its_promise():
    found = rehearse(RULE, START, END)
    assert (found.n_evaluations, found.as_dict()["alerts"]) == (8, 2)
    assert raised(found.episodes) == [("2026-04-06", "2026-06-06"), ("2026-07-06", "2026-09-06")]


def test_by_what_was_known_then_only_the_late_figure_rings_otherwise():
    found = rehearse(RULE, START, END, as_known=True)
    assert raised(found.episodes) == [("2026-04-06", "2026-06-06"), ("2026-08-20", "2026-09-06")]


def test_twice_the_same_rehearsal_is_the_same():
    assert rehearse(RULE, START, END).as_dict() == rehearse(RULE, START, END).as_dict()


def test_known_events_are_caught_or_missed_and_the_rest_is_false():
    spring = KnownEvent("spring", "80", date(2026, 3, 10), date(2026, 4, 30), "trial")
    winter = KnownEvent("winter", "80", date(2026, 1, 5), date(2026, 1, 31), "trial")
    other = KnownEvent("other", "", date(2026, 3, 1), date(2026, 4, 30), "another-pack")
    found = rehearse(RULE, START, END, events=[spring, winter, other])
    caught, missed = found.caught
    assert (caught.days_after_start, caught.lead_days) == (27, 24)
    assert (missed.event.name, missed.at) == ("winter", None)
    assert raised(found.false) == [("2026-07-06", "2026-09-06")]


def test_the_budget_is_what_operators_can_answer_at_once():
    found = rehearse(RULE, START, END).as_dict()["budget"]
    assert (found["allowed_each_evaluation"], found["fits"]) == (2, True)
    assert found["each_evaluation"] == 0.25


def test_days_that_run_backwards_are_refused():
    with pytest.raises(Misused):
        rehearse(RULE, END, START)


def test_the_busiest_stretch_begins_with_any_alarm():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [start + n * HOUR for n in (0, 3, 3.5, 3.9, 4.0, 9)]
    assert most_within(moments, HOUR) == 3
    assert most_within([], HOUR) == 0


def test_events_are_read_from_csv_and_a_bad_line_is_named(tmp_path):
    file = tmp_path / "events.csv"
    file.write_text("name,unit,from,to\nDịch,27694,2026-08-03,2026-10-18\n", "utf-8")
    assert read_events(file) == [KnownEvent("Dịch", "27694", date(2026, 8, 3), date(2026, 10, 18))]
    file.write_text("name,unit,from,to\nDịch,27694,3/8/2026,2026-10-18\n", "utf-8")
    with pytest.raises(Misused) as refused:
        read_events(file)
    assert refused.value.details["line"] == 2


def test_what_was_already_bad_on_the_first_day_is_counted_apart():
    found = rehearse(RULE, date(2026, 4, 6), END)
    assert (found.n_standing_at_start, raised(found.episodes)) == (1, [("2026-07-06", "2026-09-06")])
    assert found.as_dict()["incidents"] == 1


def test_without_any_evaluation_nothing_rings():
    assert rehearse(RULE, date(2026, 2, 7), date(2026, 2, 9)).as_dict()["alerts"] == 0
