"""Going back to an older map, today's communes are divided by people, marked as an estimate."""

from datetime import UTC, date, datetime

import pytest
from tests.indicators.facts import COLUMNS
from tests.indicators.ledger import indicator, write

from vamco.geography.succession import WeightBasis
from vamco.geography.unit import Level
from vamco.indicators.question import Question
from vamco.indicators.reading import figures
from vamco.indicators.references import PEOPLE
from vamco.indicators.territory import territory_now
from vamco.vocabulary.observation import ObservationStatus
from vamco.vocabulary.period import Period

pytestmark = pytest.mark.django_db

NEW, BEFORE = "25486@2025-07-01", date(2025, 5, 1)
CASES = indicator()


def test_people_divide_what_was_merged_and_the_total_is_conserved(deliver, monkeypatch):
    monkeypatch.setitem(COLUMNS, PEOPLE, COLUMNS["reference.people"])
    register = territory_now().register
    former = [unit.unit_id for unit in register.kin_on(register.get(NEW), BEFORE)]
    write(CASES, NEW, "2026-05", 60)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    question = Question(CASES, (Period.parse("2026-05"),), Level.COMMUNE, map_on=BEFORE, as_known_at=at)

    def parts():
        return [f for f in figures(question, sees_cells=True) if f.unit_id in former]

    assert {figure.value for figure in parts()} == {None}
    rows = [{"year": 2024, "unit__unit": u, "population": 1000 * n} for n, u in enumerate(former, 1)]
    deliver(PEOPLE, "2024", *rows)
    found = parts()
    assert sum(figure.value for figure in found) == pytest.approx(60)
    assert [figure.value for figure in found] == sorted(figure.value for figure in found)
    assert {figure.status for figure in found} == {ObservationStatus.ESTIMATED}
    assert {figure.estimated_share for figure in found} == {1}
    assert all(WeightBasis.POPULATION in figure.bases for figure in found)
